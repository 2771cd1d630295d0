// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <new>
#include <type_traits>

#include "core/json_node.h"
#include "mappings/language/value_node.h"
#include "mappings/map_run.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

static_assert(std::is_trivially_destructible_v<Outcome>);

template <class Node>
void write_key(const Node& value, std::string& out) {
  if (value.is_text()) out = value.as_text();
  if (value.is_int()) out = std::to_string(value.as_int());
  if (value.is_list() && value.size() == 1)
    value.each_item([&](const Node& only) {
      write_key(only, out);
      return false;
    });
}

}  // namespace

void MapRun::read_link_key(const SourceModel& source, const Inputs& inputs) {
  link_key_.clear();
  if (inputs.record != nullptr) {
    const Value* value = inputs.record->find(source.info.key);
    if (value == nullptr) value = inputs.record->find_fold(source.info.key);
    if (value != nullptr) write_key(ValueNode(*value), link_key_);
  } else {
    const auto value = inputs.document.find_fold(source.info.key);
    if (!value.is_none()) write_key(value, link_key_);
  }
  view_.link_key = link_key_;
}

bool MapRun::passes_scope(const SourceModel& source, Evaluator& evaluator) {
  for (const auto& rule : source.scope) {
    if (!evaluator.holds(rule)) continue;
    view_.in_scope = false;
    view_.scope_rule = rule.id;
    return false;
  }
  return true;
}

// Written in place: there is no copy of it that was just put together.
void MapRun::offer(std::string_view attribute, Flow flow, const Datum& value) {
  auto& added = offers_.emplace_back();
  added.attribute = attribute;
  added.flow = flow;
  added.value = value;
}

// Adds what one line says.
void MapRun::add(const MapLine& line, const Outcome& outcome) {
  if (outcome.left_out()) view_.findings.push_back(finding_of_elements(line, outcome));
  switch (outcome.kind) {
    case Outcome::Kind::none:
      return;
    case Outcome::Kind::value:
      offer(line.attribute, Flow::value, outcome.value);
      if (line.attribute == "enabled") view_.enabled = outcome.truth();
      return;
    case Outcome::Kind::clear:
      offer(line.attribute, Flow::clear, {});
      return;
    case Outcome::Kind::keep:
      offer(line.attribute, Flow::keep, {});
      return;
    case Outcome::Kind::error:
      view_.findings.push_back(finding_of(line, outcome));
      if (line.on_error == OnError::keep) offer(line.attribute, Flow::keep, {});
      view_.quarantined = view_.quarantined || line.on_error == OnError::quarantine;
      return;
  }
}

const MappedView& MapRun::map(const SourceModel& source, Evaluator& evaluator,
                              const Inputs& inputs) {
  view_.in_scope = view_.enabled = true;
  view_.quarantined = false;
  view_.scope_rule = {};
  view_.findings.clear();
  offers_.clear();
  view_.offers = {};
  view_.rank = {};
  read_link_key(source, inputs);
  evaluator.start(source.layout, inputs);
  if (!passes_scope(source, evaluator)) return view_;
  const auto lines = source.lines.size();
  outcomes_.resize(lines + source.matches.size());
  for (std::size_t i = 0; i < lines; ++i) {
    // Made where it stays: each copy would wait for what was just written.
    if (source.lines[i].late)
      outcomes_[i] = {};
    else
      new (&outcomes_[i]) Outcome(evaluator.run(source.lines[i].rule));
    evaluator.machine().set_out(source.lines[i].out, outcomes_[i]);
  }
  for (std::size_t i = 0; i < source.matches.size(); ++i)
    outcomes_[lines + i] = evaluator.run(source.matches[i].rule);
  for (const auto i : source.order) {
    if (i < lines)
      add(source.lines[i], outcomes_[i]);
    else if (outcomes_[i].kind == Outcome::Kind::value)
      offer(source.matches[i - lines].offer, Flow::value, outcomes_[i].value);
  }
  view_.offers = offers_;
  if (source.primary) {
    const Outcome rank = evaluator.run(*source.primary);
    if (rank.kind == Outcome::Kind::value) view_.rank = rank.value;
  }
  for (const auto& odd : evaluator.machine().findings())
    view_.findings.push_back({Severity::warning, std::string(odd.code), std::string(odd.attribute),
                              std::string(odd.message)});
  return view_;
}

void order_offers(SourceModel& source) {
  const auto name = [&](std::size_t i) -> const std::string& {
    return i < source.lines.size() ? source.lines[i].attribute
                                   : source.matches[i - source.lines.size()].offer;
  };
  source.order.resize(source.lines.size() + source.matches.size());
  for (std::size_t i = 0; i < source.order.size(); ++i) source.order[i] = i;
  std::sort(source.order.begin(), source.order.end(),
            [&](std::size_t a, std::size_t b) { return name(a) < name(b); });
}

Mapped copy_of(const MappedView& view, const SourceKey& key, const SourceModel& source) {
  Mapped mapped;
  mapped.in_scope = view.in_scope;
  mapped.scope_rule = view.scope_rule;
  mapped.contribution.key = key;
  mapped.contribution.tag = source.info.tag;
  mapped.contribution.offers.reserve(view.offers.size());
  for (const auto& offer : view.offers)
    mapped.contribution.offers.push_back(
        {std::string(offer.attribute), offer.flow, to_value(offer.value)});
  mapped.contribution.rank = to_value(view.rank);
  mapped.link_key = view.link_key;
  mapped.enabled = view.enabled;
  mapped.quarantined = view.quarantined;
  mapped.findings = view.findings;
  return mapped;
}

std::string no_such_source(std::string_view source) {
  return "the mapping file has no source '" + std::string(source) +
         "'; add it there or remove it from the configuration";
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

Finding finding_of_elements(const MapLine& line, const Outcome& outcome) {
  return {Severity::warning, std::string(outcome.code), line.attribute,
          std::string(outcome.message) + " (" + line.rule.id + " at " + line.rule.at +
              "); the element is left out of its list"};
}

Mapped map_record(const Model& model, const SourceRecord& record, Timestamp run_time,
                  std::vector<Evaluation>* trace) {
  const SourceModel* source = model.source(record.key.source);
  if (!source) {
    Mapped mapped;
    mapped.contribution.key = record.key;
    mapped.quarantined = true;
    mapped.findings.push_back({Severity::error, "W-SOURCE", "", no_such_source(record.key.source)});
    return mapped;
  }
  thread_local MapRun run;
  Evaluator evaluator(trace);
  Inputs inputs;
  inputs.record = &record.attributes;
  inputs.run_time = run_time;
  return copy_of(run.map(*source, evaluator, inputs), record.key, *source);
}

}  // namespace muster::mappings
