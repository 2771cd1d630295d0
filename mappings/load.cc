// SPDX-License-Identifier: Apache-2.0
#include "mappings/load.h"

#include <algorithm>

#include "mappings/review_expression.h"

namespace muster::mappings {
namespace {

void append(std::vector<std::string>& into, const std::vector<std::string>& more) {
  into.insert(into.end(), more.begin(), more.end());
}

}  // namespace

Expected condition() {
  Expected expected;
  expected.type = make_type(Type::Kind::boolean);
  return expected;
}

std::vector<std::string> type_names() {
  return {"text", "int", "bool", "date", "email", "domain", "dn", "ref", "list<text>"};
}

std::optional<Rule> Loading::rule(std::string_view text, const Place& place, std::string id,
                                  const Environment& environment, const Expected& expected,
                                  Layout& layout) {
  auto program = compile(text, place, environment, expected, layout, report.diagnostics());
  if (!program) return std::nullopt;
  review_expression(text, place, *model.library, report.diagnostics());
  const Reads& reads = program->reads();
  append(used_tables, reads.tables);
  append(used_sets, reads.sets);
  append(used_fragments, reads.fragments);
  model.clock = model.clock || reads.clock;
  for (const auto& name : reads.record)
    model.reads_external = model.reads_external || name == "external";
  for (const auto& [tag, attribute] : reads.from) {
    auto source = model.source_of_tag(tag);
    if (!source) continue;
    model.reads_records = model.reads_records || attribute != "groups";
    model.reads_groups = model.reads_groups || attribute == "groups";
    model.from_reads[*source].push_back(attribute);
  }
  compiled.push_back({id, place, reads});
  auto at = place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  return Rule{std::move(id), std::move(at), *std::move(program)};
}

std::optional<Rule> Loading::rule(const YamlNode& scalar, std::string id,
                                  const Environment& environment, const Expected& expected,
                                  Layout& layout) {
  if (!report.is_scalar(scalar, id)) return std::nullopt;
  return rule(scalar.text, place_of(scalar, report.file()), std::move(id), environment, expected,
              layout);
}

std::optional<Rule> Loading::rule_at(const YamlNode& mapping, std::string_view key, std::string id,
                                     const Environment& environment, const Expected& expected,
                                     Layout& layout) {
  const YamlNode* node = mapping.find(key);
  if (!node) return std::nullopt;
  return rule(*node, std::move(id), environment, expected, layout);
}

std::optional<std::string> Loading::need(const YamlNode& mapping, std::string_view key,
                                         const std::string& what) {
  if (mapping.find(key)) return report.text(mapping, key, what);
  report.error(mapping, "E-MISSING", what + " needs '" + std::string(key) + "'");
  return std::nullopt;
}

std::optional<std::string> Loading::need_id(const YamlNode& mapping, const std::string& what,
                                            std::vector<std::string>& taken) {
  auto id = need(mapping, "id", what);
  if (!id) return std::nullopt;
  if (std::find(taken.begin(), taken.end(), *id) != taken.end())
    report.error(*mapping.find("id"), "E-DUP", "the id '" + *id + "' is used twice in " + what);
  taken.push_back(*id);
  return id;
}

const SourceModel* Model::source(std::string_view name) const {
  for (const auto& known : sources)
    if (known.info.name == name) return &known;
  return nullptr;
}

std::optional<std::size_t> Model::source_of_tag(std::string_view tag) const {
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].info.tag == tag) return i;
  return std::nullopt;
}

bool Model::hears_gone() const {
  const auto waits = [](const Attribute& attribute) {
    return attribute.release.when == Release::When::after;
  };
  return lifecycle.absence.retain ||
         std::any_of(schema.attributes.begin(), schema.attributes.end(), waits) ||
         std::any_of(merge.begin(), merge.end(),
                     [](const MergeRule& rule) { return rule.gone.remembers(); });
}

}  // namespace muster::mappings
