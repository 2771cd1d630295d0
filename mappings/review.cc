// SPDX-License-Identifier: Apache-2.0
// Warnings about a mapping file as a whole: what is written and has no effect, or is needed and not
// written.
#include <algorithm>

#include "mappings/load.h"

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

void review_required(Loading& loading, const YamlNode& sources) {
  const Model& model = loading.model;
  for (std::size_t i = 0; i < model.schema.attributes.size(); ++i) {
    const auto& attribute = model.schema.attributes[i];
    if (!attribute.required || attribute.settled) continue;
    bool mapped =
        std::any_of(model.sources.begin(), model.sources.end(),
                    [&](const SourceModel& source) { return source.line_of[i].has_value(); });
    if (!mapped)
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
}

}  // namespace

void review_whole(Loading& loading, const YamlNode& root) {
  review_unused(loading, root, "tables", loading.used_tables);
  review_unused(loading, root, "sets", loading.used_sets);
  review_unused(loading, root, "fragments", loading.used_fragments);
  review_shadow(loading, root);
  const YamlNode* sources = root.find("sources");
  if (!sources || loading.model.sources.empty()) return;
  review_mute(loading, *sources);
  review_required(loading, *sources);
}

}  // namespace muster::mappings
