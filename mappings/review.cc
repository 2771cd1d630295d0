// SPDX-License-Identifier: Apache-2.0
// Warnings about a mapping file as a whole: what is written and has no effect, or is needed and not
// written.
#include <algorithm>
#include <set>

#include "mappings/language/compiler.h"
#include "mappings/load.h"
#include "mappings/review_doubts.h"
#include "mappings/review_expression.h"
#include "mappings/review_order.h"

namespace muster::mappings {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

// What rules may read, those that were not understood among them.
struct Uses {
  std::set<std::string> tables = {};
  std::set<std::string> sets = {};
  std::set<std::string> fragments = {};
};

void add_words_of_fragments(const Library& library, std::set<std::string>& words) {
  for (bool more = true; more;) {
    more = false;
    for (const auto& [name, fragment] : library.fragments) {
      if (!words.contains(name)) continue;
      const auto before = words.size();
      add_words(fragment.text, words);
      more = more || words.size() > before;
    }
  }
}

template <class Map>
void add_names(const Map& named, std::set<std::string>& used) {
  for (const auto& [name, meaning] : named) used.insert(name);
}

// A misspelt name means the one that is offered instead, or any other.
void add_meant(const Loading& loading, Uses& uses, std::set<std::string>& words) {
  const Library& library = *loading.model.library;
  for (const auto& found : loading.report.diagnostics()) {
    if (found.code != "E-NAME") continue;
    if (auto offer = suggestion_of(found); !offer.empty())
      words.insert(std::move(offer));
    else if (found.message.starts_with("unknown table "))
      add_names(library.tables, uses.tables);
    else if (found.message.starts_with("unknown set "))
      add_names(library.sets, uses.sets);
    else if (found.message.starts_with("unknown function "))
      add_names(library.fragments, uses.fragments);
  }
}

Uses uses_of(const Loading& loading, const Doubts& doubts) {
  Uses uses{{loading.used_tables.begin(), loading.used_tables.end()},
            {loading.used_sets.begin(), loading.used_sets.end()},
            {loading.used_fragments.begin(), loading.used_fragments.end()}};
  if (doubts.none()) return uses;
  auto words = doubts.words();
  add_meant(loading, uses, words);
  words.insert(uses.fragments.begin(), uses.fragments.end());
  add_words_of_fragments(*loading.model.library, words);
  for (auto* used : {&uses.tables, &uses.sets, &uses.fragments})
    used->insert(words.begin(), words.end());
  return uses;
}

void review_unused(Loading& loading, const YamlNode& root, const char* section,
                   const std::set<std::string>& used) {
  const YamlNode* node = root.find(section);
  if (!node) return;
  for (const auto& entry : node->entries)
    if (!used.contains(entry.key))
      loading.report.warning(entry.line, entry.column, "W-UNUSED",
                             std::string(section) + "." + entry.key + " is never used");
}

// What was dropped or stands in a file that could not be read may use anything.
bool knows_uses(const Loading& loading, const YamlNode& root, const Doubts& doubts) {
  return doubts.none() || (!loading.dropped && !root.find("include"));
}

// Each source was read, and has a tag of its own.
bool knows_sources(const Loading& loading, const YamlNode& sources) {
  std::set<std::string> tags;
  for (const auto& source : loading.model.sources) tags.insert(source.info.tag);
  return tags.size() == sources.entries.size() && !loading.dropped;
}

// Nothing that was not understood may say who has authority for the attribute.
bool knows_authority(const Loading& loading, const YamlNode& root, const Doubts& doubts,
                     const std::string& attribute) {
  const YamlNode* merge = root.find("merge");
  if (doubts.none() || !merge) return true;
  const auto known = [](const YamlNode::Entry& entry) {
    return entry.key == "default" || entry.key == "attributes";
  };
  if (!std::all_of(merge->entries.begin(), merge->entries.end(), known) ||
      !doubts.understood(merge->find("default")))
    return false;
  const YamlNode* attributes = merge->find("attributes");
  if (!attributes) return true;
  const auto& schema = loading.model.schema;
  return std::all_of(attributes->entries.begin(), attributes->entries.end(),
                     [&](const auto& entry) {
                       return entry.key == "groups" || schema.position(entry.key);
                     }) &&
         doubts.understood(attributes->find(attribute));
}

void review_mute(Loading& loading, const YamlNode& root, const YamlNode& sources,
                 const Doubts& doubts) {
  const Model& model = loading.model;
  if (!knows_sources(loading, sources)) return;
  for (std::size_t i = 0; i < model.sources.size(); ++i) {
    const YamlNode* source = sources.find(model.sources[i].info.name);
    const YamlNode* map = source ? source->find("map") : nullptr;
    if (!map) continue;
    for (const auto& entry : map->entries) {
      auto position = model.schema.position(entry.key);
      if (!position || model.schema.attributes[*position].settled) continue;
      const auto& authority = model.merge[*position].authority;
      if (std::find(authority.begin(), authority.end(), i) == authority.end() &&
          knows_authority(loading, root, doubts, entry.key))
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

bool reads_broken(const Model& model, const MapLine& line) {
  const auto& tables = line.rule.program.reads().tables;
  return std::any_of(tables.begin(), tables.end(),
                     [&](const auto& table) { return model.library->broken.contains(table); });
}

// The lines that map one required attribute.
void review_lines(Loading& loading, const YamlNode& root, const YamlNode& sources,
                  const Attribute& attribute, std::size_t position) {
  const Model& model = loading.model;
  const YamlNode* checks = root.find("validate");
  const bool checked =
      is_checked(model, attribute.name) || (checks && checks->items.size() != model.checks.size());
  for (const auto& source : model.sources) {
    if (!source.line_of[position]) continue;
    const MapLine& line = source.lines[*source.line_of[position]];
    if (reads_broken(model, line)) continue;
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

// Every line that there is has the name of an attribute.
bool knows_lines(const Loading& loading, const YamlNode& sources) {
  return !loading.dropped &&
         std::all_of(sources.entries.begin(), sources.entries.end(), [&](const auto& source) {
           const YamlNode* map = source.value.find("map");
           return map && map->kind == YamlNode::Kind::mapping &&
                  std::all_of(map->entries.begin(), map->entries.end(), [&](const auto& line) {
                    return loading.model.schema.position(line.key).has_value();
                  });
         });
}

bool is_written(const YamlNode& sources, const std::string& attribute) {
  return std::any_of(sources.entries.begin(), sources.entries.end(), [&](const auto& source) {
    const YamlNode* map = source.value.find("map");
    return map && map->find(attribute);
  });
}

void review_required(Loading& loading, const YamlNode& root, const YamlNode& sources,
                     const Doubts& doubts) {
  const Model& model = loading.model;
  if (const YamlNode* schema = root.find("schema"))
    for (const auto& entry : schema->entries)
      if (entry.key != "attributes" && !doubts.understood(&entry.value)) return;
  for (std::size_t i = 0; i < model.schema.attributes.size(); ++i) {
    const auto& attribute = model.schema.attributes[i];
    if (!attribute.required || attribute.settled) continue;
    if (is_written(sources, attribute.name))
      review_lines(loading, root, sources, attribute, i);
    else if (knows_lines(loading, sources))
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
  const Doubts doubts(loading, root);
  if (knows_uses(loading, root, doubts)) {
    const auto uses = uses_of(loading, doubts);
    review_unused(loading, root, "tables", uses.tables);
    review_unused(loading, root, "sets", uses.sets);
    review_unused(loading, root, "fragments", uses.fragments);
  }
  review_shadow(loading, root);
  review_order(loading, root, doubts);
  const YamlNode* sources = root.find("sources");
  if (!sources || loading.model.sources.empty()) return;
  review_mute(loading, root, *sources, doubts);
  review_required(loading, root, *sources, doubts);
}

}  // namespace muster::mappings
