// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/type.h"

#include <array>
#include <utility>

#include "core/text.h"

namespace muster::mappings {
namespace {

using Kind = Type::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 9> names = {{
    {Kind::text, "text"},
    {Kind::integer, "int"},
    {Kind::boolean, "bool"},
    {Kind::date, "date"},
    {Kind::duration, "duration"},
    {Kind::email, "email"},
    {Kind::domain, "domain"},
    {Kind::dn, "dn"},
    {Kind::ref, "ref"},
}};

std::string_view base_name(const Type& type) {
  for (const auto& [kind, name] : names) {
    if (kind == type.kind) return name;
  }
  return type.kind == Kind::complex ? "complex" : "none";
}

}  // namespace

bool operator==(const Type& a, const Type& b) {
  if (a.kind != b.kind || a.optional != b.optional) return false;
  if (a.kind == Kind::list)
    return a.element && b.element ? *a.element == *b.element : a.element == b.element;
  return a.kind != Kind::complex || a.fields == b.fields;
}

std::optional<std::size_t> Fields::find(std::string_view name) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fold_names ? ascii_equal_fold(fields[i].name, name) : fields[i].name == name) return i;
  }
  return std::nullopt;
}

Type make_type(Kind kind, bool optional) { return {.kind = kind, .optional = optional}; }
Type text_type(bool optional) { return make_type(Kind::text, optional); }

Type list_of(Type element, bool optional) {
  element.optional = false;
  return {.kind = Kind::list,
          .optional = optional,
          .element = std::make_shared<const Type>(std::move(element))};
}

Type complex_of(std::shared_ptr<const Fields> fields, bool optional) {
  return {.kind = Kind::complex, .optional = optional, .fields = std::move(fields)};
}

Type as_optional(Type type) {
  type.optional = true;
  return type;
}

Type as_required(Type type) {
  type.optional = false;
  return type;
}

std::optional<Type> parse_type(std::string_view name) {
  name = trim_blanks(name);
  if (name.ends_with('?')) {
    auto type = parse_type(name.substr(0, name.size() - 1));
    if (!type || type->optional) return std::nullopt;
    return as_optional(*std::move(type));
  }
  if (name.starts_with("list<") && name.ends_with('>')) {
    auto element = parse_type(name.substr(5, name.size() - 6));
    if (!element || element->kind == Kind::list) return std::nullopt;
    return list_of(*std::move(element));
  }
  for (const auto& [kind, known] : names) {
    if (name == known) return make_type(kind);
  }
  return std::nullopt;
}

std::string name_of(const Type& type) {
  auto name = type.kind == Kind::list ? "list<" + (type.element ? name_of(*type.element) : "") + ">"
                                      : std::string(base_name(type));
  if (type.optional && type.kind != Kind::nothing) name += '?';
  return name;
}

}  // namespace muster::mappings
