// SPDX-License-Identifier: Apache-2.0
#include "mappings/references.h"

#include <algorithm>

#include "core/dn.h"
#include "core/text.h"

namespace muster::mappings {
namespace {

// What a source's late lines see of other people: by the source's own names.
class ReferredBySource : public Referents {
 public:
  ReferredBySource(Referred& referred, const SourceInfo& source)
      : referred_(referred), source_(source) {}

  const Value* person(std::string_view text) override {
    const Value* facts = referred_.facts(reference_to(source_, text));
    if (!facts) unknown_.emplace_back(text);
    return facts;
  }

  // References that led to nobody since the last call.
  std::vector<std::string> take_unknown() { return std::exchange(unknown_, {}); }

 private:
  Referred& referred_;
  const SourceInfo& source_;
  std::vector<std::string> unknown_;
};

// One voice while it is completed.
class LateWords {
 public:
  LateWords(const Model& model, Voice& voice, Referred& referred, std::list<Offer>& own,
            std::vector<Finding>& findings, std::string& refused)
      : model_(model),
        source_(model.sources[voice.source]),
        voice_(voice),
        referred_(referred),
        own_(own),
        findings_(findings),
        refused_(refused) {}

  void evaluate(Evaluator& evaluator, Timestamp run_time) {
    if (source_.late.empty()) return;
    ReferredBySource others(referred_, source_.info);
    Inputs inputs;
    inputs.record = &voice_.told->record;
    inputs.run_time = run_time;
    inputs.referents = &others;
    evaluator.start(source_.layout, inputs);
    for (auto i : source_.late) {
      const MapLine& line = source_.lines[i];
      Outcome outcome = evaluator.run(line.rule);
      evaluator.machine().set_out(line.out, outcome);
      if (line.late) offer(line, outcome);
      for (auto& text : others.take_unknown())
        unknown_.emplace_back(line.attribute, std::move(text));
    }
  }

  void resolve() {
    for (auto position : model_.references) {
      const Offer* told = voice_.offers[position];
      if (!told || told->flow != Flow::value) continue;
      voice_.offers[position] = resolved(*told, has_authority(position));
    }
    for (const auto& [attribute, text] : unknown_) report_unknown(attribute, text);
  }

 private:
  bool has_authority(std::size_t position) const {
    const auto& authority = model_.merge[position].authority;
    return std::find(authority.begin(), authority.end(), voice_.source) != authority.end();
  }

  void add(const MapLine& line, Flow flow, Value value) {
    voice_.offers[line.out] = &own_.emplace_back(Offer{line.attribute, flow, std::move(value)});
  }

  void offer(const MapLine& line, const Outcome& outcome) {
    if (outcome.left_out()) findings_.push_back(finding_of_elements(line, outcome));
    switch (outcome.kind) {
      case Outcome::Kind::none:
        return;
      case Outcome::Kind::value:
        return add(line, Flow::value, to_value(outcome.value));
      case Outcome::Kind::clear:
        return add(line, Flow::clear, {});
      case Outcome::Kind::keep:
        return add(line, Flow::keep, {});
      case Outcome::Kind::error:
        findings_.push_back(finding_of(line, outcome));
        if (line.on_error == OnError::keep) add(line, Flow::keep, {});
        if (line.on_error == OnError::quarantine) refused_ = findings_.back().message;
        return;
    }
  }

  const Offer* resolved(const Offer& told, bool heard) {
    Offer offer{told.attribute, Flow::value, {}};
    if (told.value.is_text()) {
      offer.value = user_name(told, told.value, heard);
    } else if (told.value.is_list()) {
      Value::List names;
      for (const auto& one : told.value.as_list()) {
        Value name = user_name(told, one, heard);
        if (!name.is_none()) names.push_back(std::move(name));
      }
      offer.value = std::move(names);
    }
    return offer.value.absent() ? nullptr : &own_.emplace_back(std::move(offer));
  }

  Value user_name(const Offer& told, const Value& text, bool heard) {
    if (!text.is_text()) return {};
    const Identity* person = referred_.find(reference_to(source_.info, text.as_text()));
    if (person) {
      referred_.remember(*person);
      return person->user_name;
    }
    if (heard) report_unknown(told.attribute, text.as_text());
    return {};
  }

  void report_unknown(const std::string& attribute, const std::string& text) {
    std::string message = "'" + text + "' names nobody whom source " + source_.info.name +
                          " has brought so far; the value is left out until it does";
    // Several lines may wait for the same person; one word about it is enough.
    const bool said = std::any_of(findings_.begin(), findings_.end(),
                                  [&](const Finding& one) { return one.message == message; });
    if (!said) findings_.push_back({Severity::warning, "W-REF", attribute, std::move(message)});
  }

  const Model& model_;
  const SourceModel& source_;
  Voice& voice_;
  Referred& referred_;
  std::list<Offer>& own_;
  std::vector<Finding>& findings_;
  std::string& refused_;
  std::vector<std::pair<std::string, std::string>> unknown_;  // of late lines: attribute, text
};

}  // namespace

Reference reference_to(const SourceInfo& source, std::string_view text) {
  if (source.kind == "ldap")
    if (auto dn = canonical_dn(text)) return {source.name, *std::move(dn)};
  return {source.name, comparable_key(text, source.match)};
}

Reference person_called(std::string_view user_name) { return {"", "user:" + fold_key(user_name)}; }

Referred::Answer& Referred::answer(const Reference& reference) {
  auto [known, fresh] = answers_.try_emplace(reference);
  if (!fresh) return known->second;
  auto found = world_.refer(reference);
  if (found)
    known->second.person = *std::move(found);
  else if (status_)
    status_ = fail(std::move(found).error());
  return known->second;
}

const Identity* Referred::find(const Reference& reference) {
  const auto& person = answer(reference).person;
  return person && !person->user_name.empty() ? &*person : nullptr;
}

const Value* Referred::facts(const Reference& reference) {
  const Identity* person = find(reference);
  if (!person) return nullptr;
  Answer& known = answers_.at(reference);
  if (!known.facts) {
    known.facts = Value(Value::Object{});
    for (const auto& attribute : person->attributes)
      known.facts->set(attribute.name, attribute.value);
    known.facts->set("enabled", person->state == IdentityState::active);
    known.facts->set("external", person->classification == Classification::external);
  }
  return &*known.facts;
}

void Referred::remember(const Identity& person) {
  auto [known, fresh] = answers_.try_emplace(person_called(person.user_name));
  if (!fresh) return;
  known->second.person = person;
  known->second.asked = false;
}

const Identity* Referred::remembered(std::string_view user_name) const {
  auto known = answers_.find(person_called(user_name));
  return known == answers_.end() || !known->second.person ? nullptr : &*known->second.person;
}

std::vector<Reference> Referred::asked() const {
  std::vector<Reference> all;
  for (const auto& [reference, answer] : answers_)
    if (answer.asked) all.push_back(reference);
  return all;
}

std::vector<Reference> references_of(const Model& model, const Contribution& contribution) {
  std::vector<Reference> all;
  const SourceModel* source = model.source(contribution.key.source);
  if (!source) return all;
  for (auto position : model.references) {
    const Offer* offer = contribution.find(model.schema.attributes[position].name);
    if (!offer || offer->flow != Flow::value) continue;
    if (offer->value.is_text()) all.push_back(reference_to(source->info, offer->value.as_text()));
    if (!offer->value.is_list()) continue;
    for (const auto& one : offer->value.as_list())
      if (one.is_text()) all.push_back(reference_to(source->info, one.as_text()));
  }
  return all;
}

void hear_late_words(const Model& model, std::vector<Voice>& voices, Evaluator& evaluator,
                     Timestamp run_time, Referred& referred, std::list<Offer>& own,
                     std::vector<Finding>& findings, std::string& refused) {
  for (auto& voice : voices) {
    LateWords words(model, voice, referred, own, findings, refused);
    words.evaluate(evaluator, run_time);
    words.resolve();
  }
}

}  // namespace muster::mappings
