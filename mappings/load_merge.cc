// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include "core/text.h"
#include "mappings/load.h"

namespace muster::mappings {
namespace {

std::vector<std::size_t> load_authority(Loading& loading, const YamlNode& node,
                                        const std::string& what) {
  std::vector<std::size_t> authority;
  for (const auto* tag : loading.report.scalars(node, what + ".authority")) {
    auto source = loading.model.source_of_tag(tag->text);
    if (!source) {
      std::vector<std::string> tags;
      for (const auto& known : loading.model.sources) tags.push_back(known.info.tag);
      const auto* named = loading.model.source(tag->text);
      loading.report.error(*tag, "E-NAME",
                           "unknown tag '" + tag->text + "'" +
                               (named ? ": the source of that name has a tag of its own; did you "
                                        "mean '" +
                                            named->info.tag + "'?"
                                      : did_you_mean(tag->text, tags)));
    } else if (std::find(authority.begin(), authority.end(), *source) != authority.end()) {
      loading.report.error(*tag, "E-DUP", "the tag '" + tag->text + "' is there twice");
    } else {
      authority.push_back(*source);
    }
  }
  return authority;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::optional<Silent> silent_of(std::string_view word, bool may_clear) {
  if (word == "next") return Silent::next;
  if (word == "keep") return Silent::keep;
  if (word == "clear" && may_clear) return Silent::clear;
  return std::nullopt;
}

// "next", "keep", "hold 14d", "hold 14d then next"; `absent` may also `clear`.
Silence load_silence(Loading& loading, const YamlNode& node, std::string_view key,
                     const std::string& what, const Silence& fallback) {
  const YamlNode* value = node.find(key);
  if (!value) return fallback;
  const bool may_clear = key == "absent";
  const auto path = what + "." + std::string(key);
  if (!loading.report.is_scalar(*value, path)) return fallback;
  auto words = words_of(value->text);
  Silence silence;
  if (words.size() >= 2 && words[0] == "hold") {
    silence.hold = parse_duration(words[1]);
    if (words.size() == 2) words = {"next"};
    if (words.size() == 4 && words[2] == "then") words = {words[3]};
    if (!silence.hold) words.clear();
  }
  const auto then = words.size() == 1 ? silent_of(words[0], may_clear) : std::nullopt;
  if (!then) {
    const std::string one_of = may_clear ? "next, clear or keep" : "next or keep";
    loading.report.error(*value, "E-VALUE",
                         "'" + value->text + "' is not what " + path + " may be: " + one_of +
                             ", or for a time 'hold 14d then next'");
    return fallback;
  }
  silence.then = *then;
  return silence;
}

Combine load_combine(Loading& loading, const YamlNode& node, const std::string& what,
                     Combine fallback) {
  if (!node.find("combine")) return fallback;
  auto word =
      loading.report.word(node, "combine", what, {"winner", "union", "union_fold"}, "winner");
  return word == "union"        ? Combine::all
         : word == "union_fold" ? Combine::all_folded
                                : Combine::winner;
}

MergeRule load_rule(Loading& loading, const YamlNode& node, const std::string& what,
                    const MergeRule& fallback, bool is_list) {
  Report& report = loading.report;
  MergeRule rule = fallback;
  if (!report.has_only(node, what, {"authority", "absent", "combine", "gone"})) return rule;
  if (const auto* authority = node.find("authority"))
    rule.authority = load_authority(loading, *authority, what);
  rule.absent = load_silence(loading, node, "absent", what, fallback.absent);
  rule.gone = load_silence(loading, node, "gone", what, fallback.gone);
  if (node.find("gone") && rule.gone.then == Silent::keep && what == "merge.attributes.enabled")
    report.error(
        *node.find("gone"), "E-VALUE",
        "people would stay enabled after they left; give them time with lifecycle.absent.grace");
  rule.combine = load_combine(loading, node, what, fallback.combine);
  if (node.find("combine") && rule.combine != Combine::winner && !is_list)
    report.error(*node.find("combine"), "E-TYPE",
                 what + " is a single value: only lists can be united");
  return rule;
}

// Groups come from rules; those that read sources are merged like lists.
void load_group_merge(Loading& loading, const YamlNode& node) {
  const std::string what = "merge.attributes.groups";
  if (!loading.report.has_only(node, what, {"authority", "combine"})) return;
  GroupsModel& groups = loading.model.groups;
  groups.authority = loading.model.merge_default.authority;
  if (const auto* authority = node.find("authority"))
    groups.authority = load_authority(loading, *authority, what);
  groups.combine = load_combine(loading, node, what, Combine::all);
}

void load_attribute(Loading& loading, const YamlNode::Entry& entry) {
  if (entry.key == "groups") return load_group_merge(loading, entry.value);
  const Schema& schema = loading.model.schema;
  auto position = schema.position(entry.key);
  if (!position)
    return loading.report.error(entry.line, entry.column, "E-NAME",
                                "unknown attribute '" + entry.key + "' of the identity" +
                                    did_you_mean(entry.key, schema.names()));
  const Attribute& attribute = schema.attributes[*position];
  if (attribute.settled)
    return loading.report.error(entry.line, entry.column, "E-NAME",
                                "'" + entry.key + "' comes from no source and is not merged");
  auto& rule = loading.model.merge[*position];
  rule = load_rule(loading, entry.value, "merge.attributes." + entry.key, rule,
                   attribute.type.kind == Type::Kind::list);
  rule.named = entry.value.find("authority") != nullptr;
}

}  // namespace

void load_merge(Loading& loading, const YamlNode& root) {
  Report& report = loading.report;
  Model& model = loading.model;
  for (std::size_t i = 0; i < model.sources.size(); ++i) model.merge_default.authority.push_back(i);
  const YamlNode* node = root.find("merge");
  bool readable = node && report.has_only(*node, "merge", {"default", "attributes"});
  if (readable)
    if (const auto* fallback = node->find("default"))
      model.merge_default =
          load_rule(loading, *fallback, "merge.default", model.merge_default, false);
  model.merge.assign(model.schema.attributes.size(), model.merge_default);
  // Nobody stays enabled by the word of a source that has no record any more.
  if (auto enabled = model.schema.position("enabled");
      enabled && model.merge_default.gone.then == Silent::keep)
    model.merge[*enabled].gone = {};
  if (!readable) return;
  if (const auto* attributes = node->find("attributes");
      attributes && report.is_mapping(*attributes, "merge.attributes"))
    for (const auto& entry : attributes->entries) load_attribute(loading, entry);
}

}  // namespace muster::mappings
