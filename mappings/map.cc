// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "mappings/language/preference.h"
#include "mappings/language/unicode.h"
#include "mappings/language/value_node.h"
#include "mappings/map_run.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// The text of a key; `kept` holds that of a number.
template <class Node>
std::string_view key_text(const Node& value, std::string& kept) {
  std::string_view text;
  if (value.is_text()) text = value.as_text();
  if (value.is_int()) text = kept = std::to_string(value.as_int());
  if (value.is_list() && value.size() == 1)
    value.each_item([&](const Node& only) {
      text = key_text(only, kept);
      return false;
    });
  return text;
}

// Whether the view and the contribution say the same about an attribute.
bool says(const MappedView& view, const Contribution& said, std::string_view attribute) {
  const Offer* before = said.find(attribute);
  for (const auto& offer : view.offers) {
    if (offer.attribute == attribute)
      return before != nullptr && before->flow == offer.flow &&
             is_value(offer.value, before->value);
  }
  return before == nullptr;
}

constexpr int most_nesting = 64;  // as the store reads what it keeps

Mapped refused(const SourceRecord& record, const Error& error) {
  Mapped mapped;
  mapped.contribution.key = record.key;
  mapped.quarantined = true;
  mapped.findings.push_back({Severity::error, error.code, "", error.detail});
  return mapped;
}

}  // namespace

void MapRun::read_link_key(const SourceModel& source, const Inputs& inputs) {
  view_.link_key = {};
  if (inputs.record != nullptr) {
    const Value* value = inputs.record->find(source.info.key);
    if (value == nullptr) value = inputs.record->find_fold(source.info.key);
    if (value != nullptr) view_.link_key = key_text(ValueNode(*value), link_key_);
  } else {
    const auto value = inputs.document.find_fold(source.info.key);
    if (!value.is_none()) view_.link_key = key_text(value, link_key_);
  }
  // Nearly all keys are as they are compared.
  const bool as_compared = is_ascii(view_.link_key) && solid_ends(view_.link_key) &&
                           source.info.match == KeyMatch::exact;
  if (view_.link_key.empty() || as_compared) return;
  // A file and a directory tell it themselves, about every record.
  const bool trimmed = trim_invisible(view_.link_key).size() != view_.link_key.size();
  if (trimmed && source.info.kind == "scim") {
    view_.findings.push_back(
        {Severity::warning, "W-TRIMMED", source.info.key,
         "blanks or invisible characters around the key were left out; remove them at the source"});
  }
  auto compared = comparable_key(view_.link_key, source.info.match);
  link_key_ = std::move(compared);
  view_.link_key = link_key_;
}

bool MapRun::passes_scope(const SourceModel& source, Evaluator& evaluator) {
  doubt_ = {};
  const auto rule = evaluator.scope_rule(source, doubt_);
  if (rule == source.scope.size()) {
    if (doubt_.outcome.kind == Outcome::Kind::error) doubt_scope(source);
    return true;
  }
  view_.in_scope = false;
  view_.scope_rule = source.scope[rule].id;
  return false;
}

// A record of which nobody can say whether it is one of the source's neither comes in nor goes.
void MapRun::doubt_scope(const SourceModel& source) {
  const auto& rule = source.scope[doubt_.condition];
  view_.quarantined = true;
  view_.findings.push_back(finding_of(
      doubt_.outcome, {.severity = Severity::error,
                       .attribute = {},
                       .rule = &rule,
                       .effect = "nobody knows whether the record is in scope, and it waits in "
                                 "quarantine",
                       .veiled = is_veiled(source, doubt_.outcome.read)}));
}

// Written in place: there is no copy of it that was just put together.
void MapRun::offer(std::string_view attribute, Flow flow, const Datum& value) {
  auto& added = offers_.data()[offered_++];
  added.attribute = attribute;
  added.flow = flow;
  added.value = value;
}

// Adds what one line says that gave no value.
void MapRun::add(const MapLine& line, const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::none:
    case Outcome::Kind::value:
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
  offered_ = 0;
  view_.offers = {};
  view_.rank = {};
  read_link_key(source, inputs);
  evaluator.start(source.layout, inputs);
  if (!passes_scope(source, evaluator)) {
    outcomes_.clear();
    add_findings(source, evaluator);  // of several values, another one may be in scope
    return view_;
  }
  const auto lines = source.lines.size();
  outcomes_.resize(source.order.size());
  offers_.resize(std::max(offers_.size(), source.order.size()));
  evaluator.run_lines(source, outcomes_.data());
  for (std::size_t i = 0; i < source.matches.size(); ++i)
    outcomes_[lines + i] = evaluator.run(source.matches[i].rule);
  for (const auto& from : source.order) {
    const auto& outcome = outcomes_.data()[from.outcome];
    if (from.line && outcome.left_out())
      view_.findings.push_back(finding_of_elements(*from.line, outcome));
    if (outcome.kind == Outcome::Kind::value)
      offer(from.name, Flow::value, outcome.value);
    else if (from.line)
      add(*from.line, outcome);
  }
  if (source.enabling) {
    const auto& outcome = outcomes_[*source.enabling];
    if (outcome.kind == Outcome::Kind::value) view_.enabled = outcome.truth();
  }
  view_.offers = std::span(offers_).first(offered_);
  if (source.primary) {
    const Outcome rank = evaluator.run(*source.primary);
    if (rank.kind == Outcome::Kind::value) view_.rank = rank.value;
  }
  add_findings(source, evaluator);
  return view_;
}

void MapRun::add_findings(const SourceModel& source, Evaluator& evaluator) {
  for (const auto& odd : evaluator.machine().findings()) {
    if (!is_told(odd)) view_.findings.push_back(finding_of(odd, is_veiled(source, odd.attribute)));
  }
}

// What could not be read fails the rules that read it, which say so themselves.
bool MapRun::is_told(const ReadFinding& odd) const {
  const auto says = [&odd](const Outcome& outcome) {
    return outcome.kind == Outcome::Kind::error && outcome.code == odd.code &&
           outcome.read == odd.attribute;
  };
  if (odd.attribute.empty()) return false;
  if (says(doubt_.outcome)) return true;
  return std::any_of(view_.findings.begin(), view_.findings.end(), [&](const Finding& finding) {
    return !finding.rule.empty() && finding.code == odd.code &&
           std::any_of(outcomes_.begin(), outcomes_.end(), says);
  });
}

void prepare_run(SourceModel& source) {
  source.veiled.clear();
  source.scope_codes.clear();
  for (const auto& rule : source.scope) source.scope_codes.push_back(&rule.program.code());
  source.out_lines.clear();
  source.order.clear();
  for (const auto& line : source.lines) {
    const auto position = source.out_lines.size();
    if (line.attribute == "enabled") source.enabling = position;
    if (line.sensitive) {
      for (const auto& key : line.rule.program.reads().record) {
        source.veiled.push_back(key);
        for (const auto& field : source.fields->fields)
          if (field.key == key) source.veiled.push_back(field.name);
      }
    }
    source.out_lines.push_back(
        {line.late ? nullptr : &line.rule.program.code(), line.out, line.trim, line.attribute});
    source.order.push_back({line.attribute, position, &line});
  }
  std::sort(source.veiled.begin(), source.veiled.end());
  for (const auto& match : source.matches)
    source.order.push_back({match.offer, source.order.size()});
  std::sort(source.order.begin(), source.order.end(),
            [](const OfferSource& a, const OfferSource& b) { return a.name < b.name; });
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

Result<JsonNode> read_document(JsonReader& reader, std::string_view json) {
  // What a door wrote or the store holds has passed the limits of its way in.
  MUSTER_TRY(const JsonNode document, reader.read(json, {most_nesting, json.size()}));
  if (!document.is_object())
    return fail(Fault::invalid, "a record is a JSON object with its attributes", {}, "E-JSON");
  return document;
}

Mapped map_record(const Model& model, const SourceRecord& record, Timestamp run_time,
                  std::vector<Evaluation>* trace, const Earlier& before) {
  const SourceModel* source = model.source(record.key.source);
  if (!source)
    return refused(record, {Fault::invalid, no_such_source(record.key.source), {}, "W-SOURCE"});
  thread_local MapRun run;
  thread_local JsonReader reader;
  const auto document = read_document(reader, record.document);
  if (!document) return refused(record, document.error());
  Inputs inputs;
  inputs.run_time = run_time;
  std::optional<Preference> preference;
  if (before.said != nullptr) inputs.preference = &preference.emplace(*before.said);
  if (preference && !before.document.empty()) {
    JsonReader earlier;
    if (const auto told = read_document(earlier, before.document)) {
      Evaluator once(nullptr);
      inputs.document = *told;
      preference->recall_from([&] { run.map(*source, once, inputs); },
                              [&](std::string_view line) {
                                return line.empty() || says(run.view(), *before.said, line);
                              });
    }
  }
  Evaluator evaluator(trace);
  inputs.document = *document;
  return copy_of(run.map(*source, evaluator, inputs), record.key, *source);
}

}  // namespace muster::mappings
