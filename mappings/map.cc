// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mappings/stages.h"

namespace muster::mappings {
namespace {

std::string text_of(const Value& value) {
  if (value.is_text()) return value.as_text();
  if (value.is_int()) return std::to_string(value.as_int());
  if (value.is_list() && value.as_list().size() == 1) return text_of(value.as_list().front());
  return {};
}

std::string link_key(const SourceModel& source, const SourceRecord& record) {
  if (const Value* value = record.attributes.find(source.info.key)) return text_of(*value);
  const Value* value = record.attributes.find_fold(source.info.key);
  return value ? text_of(*value) : std::string();
}

Finding finding_of(const MapLine& line, const Outcome& outcome) {
  auto severity = line.on_error == OnError::quarantine ? Severity::error : Severity::warning;
  std::string effect = line.on_error == OnError::none   ? "the value is left out"
                       : line.on_error == OnError::keep ? "the held value stays"
                                                        : "the record waits in quarantine";
  return {
      severity, std::string(outcome.code), line.attribute,
      std::string(outcome.message) + " (" + line.rule.id + " at " + line.rule.at + "); " + effect};
}

// Adds what one line says to the contribution.
void add_offer(const MapLine& line, const Outcome& outcome, Mapped& mapped) {
  auto add = [&](Flow flow, Value value) {
    mapped.contribution.offers.push_back({line.attribute, flow, std::move(value)});
  };
  switch (outcome.kind) {
    case Outcome::Kind::none:
      return;
    case Outcome::Kind::value:
      add(Flow::value, to_value(outcome.value));
      if (line.attribute == "enabled") mapped.enabled = outcome.truth();
      return;
    case Outcome::Kind::clear:
      return add(Flow::clear, {});
    case Outcome::Kind::keep:
      return add(Flow::keep, {});
    case Outcome::Kind::error:
      mapped.findings.push_back(finding_of(line, outcome));
      if (line.on_error == OnError::keep) add(Flow::keep, {});
      mapped.quarantined = mapped.quarantined || line.on_error == OnError::quarantine;
      return;
  }
}

void add_match_offers(const SourceModel& source, Evaluator& evaluator, Mapped& mapped) {
  for (const auto& match : source.matches) {
    Outcome outcome = evaluator.run(match.rule);
    if (outcome.kind == Outcome::Kind::value)
      mapped.contribution.offers.push_back({match.offer, Flow::value, to_value(outcome.value)});
  }
  if (!source.matches.empty())
    std::sort(mapped.contribution.offers.begin(), mapped.contribution.offers.end(),
              [](const Offer& a, const Offer& b) { return a.attribute < b.attribute; });
}

}  // namespace

Mapped map_record(const Model& model, const SourceRecord& record, Timestamp run_time,
                  std::vector<Evaluation>* trace) {
  Mapped mapped;
  mapped.contribution.key = record.key;
  const SourceModel* source = model.source(record.key.source);
  if (!source) {
    mapped.quarantined = true;
    mapped.findings.push_back({Severity::error, "W-SOURCE", "",
                               "the mapping file has no source '" + record.key.source +
                                   "'; add it there or remove it from the configuration"});
    return mapped;
  }
  mapped.contribution.tag = source->info.tag;
  mapped.link_key = link_key(*source, record);
  Evaluator evaluator(trace);
  Inputs inputs;
  inputs.record = &record.attributes;
  inputs.run_time = run_time;
  evaluator.start(source->layout, inputs);
  for (const auto& rule : source->scope) {
    if (!evaluator.holds(rule)) continue;
    mapped.in_scope = false;
    mapped.scope_rule = rule.id;
    return mapped;
  }
  std::vector<Outcome> outcomes(source->lines.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    outcomes[i] = evaluator.run(source->lines[i].rule);
    evaluator.machine().set_out(source->lines[i].out, outcomes[i]);
  }
  mapped.contribution.offers.reserve(outcomes.size() + source->matches.size());
  for (auto i : source->sorted) add_offer(source->lines[i], outcomes[i], mapped);
  add_match_offers(*source, evaluator, mapped);
  for (const auto& odd : evaluator.machine().findings())
    mapped.findings.push_back({Severity::warning, std::string(odd.code), std::string(odd.attribute),
                               std::string(odd.message)});
  return mapped;
}

}  // namespace muster::mappings
