// SPDX-License-Identifier: Apache-2.0
#include "mappings/coverage.h"

#include <algorithm>
#include <cstdlib>

namespace muster::mappings {
namespace {

// Line and column at the end of "acme.yaml:43:20".
std::pair<int, int> place_in(const std::string& at) {
  const auto column = at.rfind(':');
  const auto line = at.rfind(':', column - 1);
  return {std::atoi(at.c_str() + line + 1), std::atoi(at.c_str() + column + 1)};
}

}  // namespace

std::vector<NamedRule> rules_of(const Model& model) {
  std::vector<NamedRule> rules;
  for (const auto& source : model.sources) {
    for (const auto& rule : source.scope)
      rules.push_back({"sources." + source.info.name + ".scope." + rule.id, rule.at});
    for (const auto& line : source.lines) rules.push_back({line.rule.id, line.rule.at});
  }
  for (const auto& tier : model.correlate.tiers)
    rules.push_back({"correlate.tiers." + tier.id, tier.at});
  for (const auto& pattern : model.username.patterns) rules.push_back({pattern.id, pattern.at});
  for (const auto& rule : model.classify.rules)
    rules.push_back({"classify.rules." + rule.rule.id, rule.rule.at});
  rules.push_back({"classify.rules." + model.classify.otherwise_id, model.classify.otherwise_at});
  for (const auto& rule : model.groups.rules) rules.push_back({"groups.rules." + rule.id, rule.at});
  if (model.lifecycle.expired) rules.push_back({"lifecycle.expired", model.lifecycle.expired->at});
  for (const auto& check : model.checks)
    rules.push_back({"validate." + check.rule.id, check.rule.at});
  return rules;
}

void Coverage::add(const Ending& ending) {
  const Identity& identity = ending.identity;
  for (const auto& attribute : identity.attributes)
    hit_.insert(attribute.rule.substr(0, attribute.rule.find(" + ")));
  hit_.insert("classify.rules." + identity.classification_rule);
  for (const auto& group : identity.groups) hit_.insert(group.rule);
  for (const auto& finding : ending.findings) hit_.insert("validate." + finding.code);
  if (identity.state_reason.starts_with("expired")) hit_.insert("lifecycle.expired");
}

std::size_t Coverage::covered() const {
  return static_cast<std::size_t>(std::count_if(
      rules_.begin(), rules_.end(), [&](const auto& rule) { return hit_.contains(rule.id); }));
}

void Coverage::report_one(Report& report, const NamedRule& rule) {
  const auto [line, column] = place_in(rule.at);
  report.warning(line, column, "W-COVER", "no test exercises " + rule.id);
}

void Coverage::report_rest(Report& report) const {
  for (const auto& rule : rules_)
    if (!hit_.contains(rule.id)) report_one(report, rule);
}

void Coverage::report_source(Report& report, const std::string& source) const {
  const auto own = "sources." + source + ".";
  for (const auto& rule : rules_)
    if (rule.id.starts_with(own)) report_one(report, rule);
}

}  // namespace muster::mappings
