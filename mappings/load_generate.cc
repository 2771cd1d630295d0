// SPDX-License-Identifier: Apache-2.0
// Loads `generate`: values that are drawn once for a new person and told to the platform only.
#include <algorithm>

#include "core/text.h"
#include "mappings/load.h"

namespace muster::mappings {
namespace {

constexpr std::int64_t shortest = 8;
constexpr std::int64_t longest = 256;

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::vector<std::string> load_classes(Report& report, const YamlNode& node,
                                      const std::string& what) {
  const std::vector<std::string> known = {"lower", "upper", "digit", "symbol"};
  std::vector<std::string> classes;
  for (const auto* name : report.scalars(node, what)) {
    if (std::find(known.begin(), known.end(), name->text) == known.end())
      report.error(*name, "E-VALUE",
                   what + " cannot hold '" + name->text + "': lower, upper, digit, symbol" +
                       did_you_mean(name->text, known));
    else if (std::find(classes.begin(), classes.end(), name->text) != classes.end())
      report.error(*name, "E-DUP", "the class '" + name->text + "' is there twice");
    else
      classes.push_back(name->text);
  }
  if (classes.empty() && node.items.empty())
    report.error(node, "E-MISSING", what + " needs at least one of lower, upper, digit, symbol");
  return classes;
}

void load_one(Loading& loading, const YamlNode::Entry& entry) {
  Report& report = loading.report;
  const auto what = "generate." + entry.key;
  if (!is_name(entry.key))
    report.error(entry.line, entry.column, "E-NAME",
                 "'" + entry.key +
                     "' cannot be the name of a value: letters, digits and _, a "
                     "letter first");
  if (loading.model.schema.find(entry.key) || entry.key == "groups")
    report.error(entry.line, entry.column, "E-DUP",
                 "'" + entry.key +
                     "' is an attribute of the identity; what is generated is kept nowhere and "
                     "needs a name of its own");
  if (!report.has_only(entry.value, what, {"length", "classes"})) return;
  Generated generated;
  generated.name = entry.key;
  if (const auto length = report.integer(entry.value, "length", what)) {
    if (*length < shortest || *length > longest)
      report.error(*entry.value.find("length"), "E-VALUE", what + ".length is 8 to 256");
    generated.length = static_cast<std::size_t>(*length);
  }
  if (const auto* classes = entry.value.find("classes"))
    generated.classes = load_classes(report, *classes, what + ".classes");
  loading.model.generated.push_back(std::move(generated));
}

}  // namespace

void load_generate(Loading& loading, const YamlNode& root) {
  const YamlNode* node = root.find("generate");
  if (!node || !loading.report.is_mapping(*node, "generate")) return;
  for (const auto& entry : node->entries) load_one(loading, entry);
}

}  // namespace muster::mappings
