// SPDX-License-Identifier: Apache-2.0
// Warnings about a mapping file as a whole: what is written and has no effect, or is needed and not
// written.
#include <algorithm>

#include "mappings/language/compiler.h"
#include "mappings/load.h"
#include "mappings/review_expression.h"
#include "mappings/review_order.h"

namespace muster::mappings {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

void review_unused(Loading& loading, const YamlNode& root, const char* section,
                   const std::vector<std::string>& used) {
  const YamlNode* node = root.find(section);
  if (!node) return;
  for (const auto& entry : node->entries)
    if (!contains(used, entry.key))
      loading.report.warning(entry.line, entry.column, "W-UNUSED",
                             std::string(section) + "." + entry.key + " is never used");
}

void review_mute(Loading& loading, const YamlNode& sources) {
  const Model& model = loading.model;
  for (std::size_t i = 0; i < model.sources.size(); ++i) {
    const YamlNode* source = sources.find(model.sources[i].info.name);
    const YamlNode* map = source ? source->find("map") : nullptr;
    if (!map) continue;
    for (const auto& entry : map->entries) {
      auto position = model.schema.position(entry.key);
      if (!position || model.schema.attributes[*position].settled) continue;
      const auto& authority = model.merge[*position].authority;
      if (std::find(authority.begin(), authority.end(), i) == authority.end())
        loading.report.warning(entry.line, entry.column, "W-MUTE",
                               "the source has no authority for '" + entry.key +
                                   "': add the tag to merge.attributes." + entry.key +
                                   ".authority or remove the line");
    }
  }
}

// Whether a check of severity error looks at the attribute: then somebody has thought about it.
bool is_checked(const Model& model, const std::string& name) {
  return std::any_of(model.checks.begin(), model.checks.end(), [&](const Check& check) {
    return check.severity == Severity::error && contains(check.rule.program.reads().record, name);
  });
}

void review_default(Loading& loading, const YamlNode& line, const MapLine& made) {
  const auto offset = lookup_without_default(made.rule.program.text(), *loading.model.library);
  if (!offset) return;
  const YamlNode& expr = line.kind == YamlNode::Kind::mapping ? *line.find("expr") : line;
  auto found =
      diagnostic_at(place_of(expr, loading.report.file()), expr.text, *offset, "W-NODEFAULT",
                    "a key that the table does not have leaves the required '" + made.attribute +
                        "' empty: add '?? ...' or missing: error");
  found.severity = Severity::warning;
  loading.report.diagnostics().push_back(std::move(found));
}

// The lines that map one required attribute.
void review_lines(Loading& loading, const YamlNode& sources, const Attribute& attribute,
                  std::size_t position) {
  const Model& model = loading.model;
  const bool checked = is_checked(model, attribute.name);
  for (const auto& source : model.sources) {
    if (!source.line_of[position]) continue;
    const MapLine& line = source.lines[*source.line_of[position]];
    const YamlNode& written = *sources.find(source.info.name)->find("map")->find(attribute.name);
    review_default(loading, written, line);
    if (!line.rule.program.type().optional || checked) continue;
    loading.report.warning(
        written, "W-REQ",
        "'" + attribute.name + "' may be none, but profile " + model.schema.profile +
            " needs it: such people are quarantined. Add '?? ...' or required(..., \"why\"), or a "
            "rule of severity error in 'validate' that says so");
  }
}

void review_required(Loading& loading, const YamlNode& sources) {
  const Model& model = loading.model;
  for (std::size_t i = 0; i < model.schema.attributes.size(); ++i) {
    const auto& attribute = model.schema.attributes[i];
    if (!attribute.required || attribute.settled) continue;
    bool mapped =
        std::any_of(model.sources.begin(), model.sources.end(),
                    [&](const SourceModel& source) { return source.line_of[i].has_value(); });
    if (mapped)
      review_lines(loading, sources, attribute, i);
    else
      loading.report.warning(sources, "W-REQ",
                             "no source maps '" + attribute.name + "', which profile " +
                                 model.schema.profile + " needs: everybody will be quarantined");
  }
}

void review_shadow(Loading& loading, const YamlNode& root) {
  const Model& model = loading.model;
  for (const char* section : {"tables", "sets"}) {
    const YamlNode* node = root.find(section);
    if (!node) continue;
    for (const auto& entry : node->entries) {
      bool twice = std::string_view(section) == "sets" && model.library->tables.contains(entry.key);
      if (twice || model.schema.find(entry.key))
        loading.report.warning(
            entry.line, entry.column, "W-SHADOW",
            "'" + entry.key + "' is also " + (twice ? "a table" : "an attribute of the identity"));
    }
  }
  const auto& functions = function_names();
  if (const YamlNode* node = root.find("fragments"))
    for (const auto& entry : node->entries)
      if (contains(functions, entry.key))
        loading.report.warning(entry.line, entry.column, "W-SHADOW",
                               "the fragment '" + entry.key + "' hides the function of that name");
}

}  // namespace

void review_whole(Loading& loading, const YamlNode& root) {
  review_unused(loading, root, "tables", loading.used_tables);
  review_unused(loading, root, "sets", loading.used_sets);
  review_unused(loading, root, "fragments", loading.used_fragments);
  review_shadow(loading, root);
  review_order(loading, root);
  const YamlNode* sources = root.find("sources");
  if (!sources || loading.model.sources.empty()) return;
  review_mute(loading, *sources);
  review_required(loading, *sources);
}

}  // namespace muster::mappings
