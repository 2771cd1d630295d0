// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/function.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/text.h"

namespace muster::mappings {
namespace {

using Role = FormalParameter::Role;

// How a signature names a role, and the type of those that are values: messages show that instead.
struct RoleWord {
  std::string_view word;
  Role role;
  std::string_view type = {};
};

constexpr RoleWord roles[] = {
    {"any", Role::any},
    {"T", Role::generic},
    {"list<T>", Role::generic_list},
    {"list<list<T>>", Role::generic_lists},
    {"GROUP", Role::group, "int"},
    {"REGION", Role::region, "text"},
    {"TABLE", Role::table},
    {"COLUMN", Role::column},
    {"DOMAINS", Role::domains},
    {"DNS", Role::dns},
    {"EXPRESSION", Role::expression},
    {"FORMAT", Role::format},
    {"DATE_FORMAT", Role::date_format, "FORMAT"},
    {"ZONE", Role::zone},
    {"SCHEME", Role::scheme},
    {"CHARACTERS", Role::characters},
    {"FORM", Role::form},
    {"REPLACEMENT", Role::replacement},
    {"UNIT", Role::unit},
    {"LANGUAGE", Role::language},
    {"NAMESPACE", Role::uuid_space},
    {"LITERAL", Role::literal},
    {"SLUG", Role::slug, "text"},
};

// The signature as people read it: "find_re(x: text, pattern: EXPRESSION, group: int = 0) -> text?"
std::string shown(std::string_view signature) {
  std::string text(signature);
  for (const auto& role : roles) {
    if (role.type.empty()) continue;
    for (const std::string_view before : {": ", "-> "}) {
      const auto written = std::string(before) + std::string(role.word);
      const auto at = text.find(written);
      if (at != std::string::npos) text.replace(at + before.size(), role.word.size(), role.type);
    }
  }
  return text;
}

// Types and role of "text|list<text>?".
void read_types(std::string_view text, FormalParameter& parameter) {
  text = trim_blanks(text);
  if (text.ends_with('?')) {
    parameter.accepts_none = true;
    text.remove_suffix(1);
  }
  for (const auto& role : roles) {
    if (text != role.word) continue;
    parameter.role = role.role;
    text = role.type;  // read on for those that are values
    break;
  }
  if (parameter.role != Role::value && !parse_type(text)) return;
  while (!text.empty()) {
    const auto bar = text.find('|');
    if (auto type = parse_type(text.substr(0, bar))) parameter.types.push_back(*std::move(type));
    text = bar == std::string_view::npos ? std::string_view() : text.substr(bar + 1);
  }
}

FormalParameter read_parameter(std::string_view text) {
  FormalParameter parameter;
  text = trim_blanks(text);
  if (text.starts_with("...")) {
    parameter.variadic = true;
    text.remove_prefix(3);
  }
  const auto colon = text.find(':');
  parameter.name = trim_blanks(text.substr(0, colon));
  auto rest = text.substr(colon + 1);
  if (const auto equals = rest.find(" = "); equals != std::string_view::npos) {
    auto preset = trim_blanks(rest.substr(equals + 3));
    if (preset.starts_with('\'')) preset = preset.substr(1, preset.size() - 2);
    parameter.preset = std::string(preset);
    rest = rest.substr(0, equals);
  }
  read_types(rest, parameter);
  return parameter;
}

Signature read_signature(const Function& function) {
  Signature signature;
  const auto text = function.signature;
  signature.text = shown(text);
  signature.native = function.native;
  const auto open = text.find('(');
  const auto close = text.rfind(") -> ");
  signature.name = text.substr(0, open);
  auto inside = text.substr(open + 1, close - open - 1);
  while (!inside.empty()) {
    // A default may hold a comma in quotes.
    std::size_t end = 0;
    bool quoted = false;
    while (end < inside.size() && (quoted || inside[end] != ',')) quoted ^= inside[end++] == '\'';
    signature.parameters.push_back(read_parameter(inside.substr(0, end)));
    inside = end == inside.size() ? std::string_view() : inside.substr(end + 1);
  }
  read_types(text.substr(close + 5), signature.result);
  return signature;
}

using Registry = std::map<std::string, std::vector<Signature>, std::less<>>;

const Registry& registry() {
  static const Registry known = [] {
    Registry all;
    for (const auto group : {text_functions(), unicode_functions(), list_functions(),
                             number_functions(), date_functions(), identity_functions(),
                             place_functions(), encoding_functions(), digest_functions()}) {
      for (const auto& function : group) {
        auto signature = read_signature(function);
        auto name = signature.name;
        all[std::move(name)].push_back(std::move(signature));
      }
    }
    return all;
  }();
  return known;
}

}  // namespace

std::span<const Signature> find_functions(std::string_view name) {
  const auto found = registry().find(name);
  return found == registry().end() ? std::span<const Signature>() : std::span(found->second);
}

const std::vector<std::string>& expression_functions() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, signatures] : registry()) {
      const auto& parameters = signatures.front().parameters;
      if (parameters.size() > 1 && parameters[1].role == Role::expression) all.push_back(name);
    }
    return all;
  }();
  return names;
}

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"all", "any", "filter", "map", "primary"};
    for (const auto& [name, signatures] : registry()) all.push_back(name);
    std::sort(all.begin(), all.end());
    return all;
  }();
  return names;
}

}  // namespace muster::mappings
