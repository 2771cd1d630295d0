// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "core/encoding.h"
#include "core/text.h"
#include "mappings/language/compiler.h"
#include "mappings/language/country.h"
#include "mappings/language/natives.h"
#include "mappings/language/phone.h"

namespace muster::mappings {
namespace {

using Role = FormalParameter::Role;

// The namespaces of RFC 9562, 6.6.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> namespaces = {
    {{"dns", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"},
     {"url", "6ba7b811-9dad-11d1-80b4-00c04fd430c8"},
     {"oid", "6ba7b812-9dad-11d1-80b4-00c04fd430c8"},
     {"x500", "6ba7b814-9dad-11d1-80b4-00c04fd430c8"}}};

// Languages whose casing Unicode makes an exception for.
constexpr std::array<std::string_view, 6> cased_languages = {"", "tr", "az", "lt", "el", "nl"};

// The 16 bytes of a UUID; empty when it is none.
std::string uuid_bytes(std::string_view text) {
  std::string bytes;
  if (text.size() != 36) return bytes;
  for (std::size_t i = 0; i < text.size();) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return {};
      continue;
    }
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return bytes;
}

}  // namespace

// Arguments that are one of a few words.
bool Compiler::word_argument(const Node& node, const FormalParameter& parameter, CallSite& site) {
  if (parameter.role == Role::unit) {
    const auto unit = parse_date_unit(node.text);
    if (!unit) {
      report(node.offset, "E-NAME",
             "unknown unit '" + node.text + "'; there are y M w d h m s (or year month week day " +
                 "hour minute second)");
      return false;
    }
    site.unit = *unit;
    return true;
  }
  if (parameter.role == Role::language) {
    site.text = node.text;
    if (std::find(cased_languages.begin(), cased_languages.end(), node.text) !=
        cased_languages.end())
      return true;
    report(node.offset, "E-NAME",
           "'" + node.text + "' has no casing of its own; there are tr, az, lt, el and nl");
    return false;
  }
  const auto known = std::find_if(namespaces.begin(), namespaces.end(),
                                  [&](const auto& one) { return one.first == node.text; });
  site.text = uuid_bytes(known == namespaces.end() ? std::string_view(node.text) : known->second);
  if (!site.text.empty()) return true;
  report(node.offset, "E-NAME",
         "the namespace of a UUID is a UUID, or one of dns, url, oid and x500");
  return false;
}

// A region in quotes must be one that phone numbers are known for.
bool Compiler::known_region(const Node& node) {
  const auto* country = find_country(fold_key(trim_blanks(node.text)));
  if (country != nullptr && has_phone_rules(country->alpha2)) return true;
  report(node.offset, "E-NAME",
         "'" + node.text + "' is no country; write its code of two letters, such as \"DE\"");
  return false;
}

// The element that speaks for a SCIM list (RFC 7643, 2.4): the primary one, else the one of type
// "work", else the first. The list is read three times; a slot is decoded only once.
Compiler::Result Compiler::primary_element(const Node& node) {
  if (node.children.size() != 1 || node.children[0].kind == Node::Kind::named ||
      node.children[0].kind == Node::Kind::lambda) {
    return poison(node, "E-TYPE", "primary takes one list: primary(emails).value");
  }
  const auto at = top_;
  const auto list = expression(node.children[0]);
  if (list.type.kind == Kind::nothing) return list;
  const auto* fields = list.type.kind == Kind::list ? list.type.element->fields.get() : nullptr;
  if (fields == nullptr || !fields->find("primary") || !fields->find("type")) {
    release_to(at);
    return poison(
        node.children[0], "E-TYPE",
        "primary takes a list whose elements have 'primary' and 'type', not " + name_of(list.type));
  }
  for (const char* condition : {"primary", "fold(type) == \"work\""}) {
    Node filtered;
    filtered.kind = Node::Kind::filter;
    filtered.offset = node.offset;
    filtered.children.push_back(node.children[0]);
    SyntaxError error;
    filtered.children.push_back(*parse(condition, error));
    filter(filtered);
  }
  CallSite site;
  site.native = natives::primary;
  site.strict = 1;
  release_to(at);
  take();
  emit(Op::call, at, at, 3, add_site(std::move(site)), "primary");
  auto element = *list.type.element;
  element.optional = list.type.optional;
  return {element};
}

}  // namespace muster::mappings
