// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/load.h"

namespace muster::mappings {
namespace {

// What an attribute may be: anything that a contribution can carry.
std::optional<Type> attribute_type(std::string_view name) {
  auto type = parse_type(name);
  if (!type || type->kind == Type::Kind::nothing || type->kind == Type::Kind::complex)
    return std::nullopt;
  return as_optional(*type);
}

bool is_name(std::string_view text) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), inner);
}

void load_attribute(Loading& loading, const YamlNode::Entry& entry) {
  Report& report = loading.report;
  auto what = "schema.attributes." + entry.key;
  Attribute attribute;
  attribute.name = entry.key;
  const YamlNode* type_node = &entry.value;
  if (entry.value.kind == YamlNode::Kind::mapping) {
    report.has_only(entry.value, what, {"type", "unique", "flow", "sensitive", "required", "trim"});
    attribute.sensitive = report.boolean(entry.value, "sensitive", what).value_or(false);
    attribute.required = report.boolean(entry.value, "required", what).value_or(false);
    attribute.unique = report.boolean(entry.value, "unique", what).value_or(false);
    attribute.trim = report.boolean(entry.value, "trim", what).value_or(false);
    attribute.flows = report.word(entry.value, "flow", what, {"none", "out"}, "out") == "out";
    type_node = entry.value.find("type");
    if (!type_node) return report.error(entry.value, "E-MISSING", what + " needs 'type'");
  }
  if (!report.is_scalar(*type_node, what)) return;
  auto type = attribute_type(type_node->text);
  if (!type)
    report.error(*type_node, "E-TYPE",
                 "unknown type '" + type_node->text +
                     "': one of text int bool date email domain dn ref list<text>" +
                     did_you_mean(type_node->text, type_names()));
  else if (attribute.trim && type->kind != Type::Kind::text)
    report.error(*entry.value.find("trim"), "E-TYPE",
                 "only an attribute of type text can be trimmed");
  // The attribute is there all the same: its uses are not errors of their own.
  attribute.type = type.value_or(text_type(true));
  if (!is_name(entry.key))
    return report.error(entry.line, entry.column, "E-NAME",
                        "'" + entry.key +
                            "' cannot be the name of an attribute: letters, digits "
                            "and _, a letter first");
  if (loading.model.schema.find(entry.key) || entry.key == "groups")
    return report.error(entry.line, entry.column, "E-DUP",
                        "the profile has '" + entry.key + "' already");
  auto& attributes = loading.model.schema.attributes;
  auto place = std::lower_bound(attributes.begin(), attributes.end(), attribute,
                                [](const auto& a, const auto& b) { return a.name < b.name; });
  attributes.insert(place, std::move(attribute));
}

void load_limits(Loading& loading, const YamlNode& node) {
  Report& report = loading.report;
  if (!report.is_mapping(node, "schema.limits")) return;
  for (const auto& entry : node.entries) {
    auto what = "schema.limits." + entry.key;
    auto position = loading.model.schema.position(entry.key);
    if (!position) {
      report.error(entry.line, entry.column, "E-NAME",
                   "unknown attribute '" + entry.key + "'" +
                       did_you_mean(entry.key, loading.model.schema.names()));
      continue;
    }
    if (!report.has_only(entry.value, what, {"min", "max", "required", "characters"})) continue;
    Attribute& attribute = loading.model.schema.attributes[*position];
    if (auto min = report.integer(entry.value, "min", what))
      attribute.limits.min = static_cast<std::size_t>(*min);
    if (auto max = report.integer(entry.value, "max", what))
      attribute.limits.max = static_cast<std::size_t>(*max);
    if (auto required = report.boolean(entry.value, "required", what))
      attribute.required = *required;
    if (report.word(entry.value, "characters", what, {"profile", "any"}, "profile") == "any")
      attribute.spelling = Spelling::any;
  }
}

// "on_leave", "never", "after 30d".
std::optional<Release> release_of(std::string_view text) {
  if (text == "on_leave") return Release{};
  if (text == "never") return Release{Release::When::never, {}};
  constexpr std::string_view after = "after ";
  if (!text.starts_with(after)) return std::nullopt;
  const auto time = parse_duration(trim_blanks(text.substr(after.size())));
  if (!time) return std::nullopt;
  return Release{Release::When::after, *time};
}

void load_release(Loading& loading, const YamlNode& node) {
  Report& report = loading.report;
  if (!report.is_mapping(node, "schema.release")) return;
  auto& schema = loading.model.schema;
  for (const auto& entry : node.entries) {
    auto what = "schema.release." + entry.key;
    const auto position = schema.position(entry.key);
    Attribute* attribute = position ? &schema.attributes[*position] : nullptr;
    if (!attribute) {
      report.error(
          entry.line, entry.column, "E-NAME",
          "unknown attribute '" + entry.key + "'" + did_you_mean(entry.key, schema.names()));
    } else if (attribute->settled || !is_identifier(*attribute)) {
      report.error(entry.line, entry.column, "E-VALUE",
                   attribute->settled ? "a user name is never given to anybody else"
                                      : "'" + entry.key +
                                            "' is not unique: two people may have the same value "
                                            "as it is; say `unique: true` in schema.attributes");
    } else if (report.is_scalar(entry.value, what)) {
      if (const auto release = release_of(entry.value.text))
        attribute->release = *release;
      else
        report.error(entry.value, "E-VALUE",
                     "'" + entry.value.text + "' is not what " + what +
                         " may be: on_leave, never, or a time such as 'after 90d'");
    }
  }
}

}  // namespace

void load_schema(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  loading.model.schema = *schema_of_profile("meeds");
  const YamlNode* node = root.find("schema");
  if (!node || !report.has_only(*node, "schema", {"profile", "limits", "attributes", "release"}))
    return;
  auto profile = report.word(*node, "profile", "schema", {"meeds", "generic"}, "meeds");
  loading.model.schema = *schema_of_profile(profile);
  if (const auto* attributes = node->find("attributes");
      attributes && report.is_mapping(*attributes, "schema.attributes"))
    for (const auto& entry : attributes->entries) load_attribute(loading, entry);
  if (const auto* limits = node->find("limits")) load_limits(loading, *limits);
  if (const auto* release = node->find("release")) load_release(loading, *release);
}

}  // namespace muster::mappings
