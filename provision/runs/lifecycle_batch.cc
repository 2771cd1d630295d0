// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/lifecycle_batch.h"

#include "provision/road/decide.h"
#include "provision/road/events.h"
#include "provision/road/refusal.h"

namespace muster::provision {

// Absent from the last complete reads for as long as the grace period is.
bool LifecycleBatch::is_over(const store::RecordRow& record) const {
  const auto& since = record.head.missing_since;
  return since && *since + engine_.absence().grace <= run_time_;
}

Result<std::vector<Outcome>> LifecycleBatch::run(std::span<const std::string> identity_ids) {
  MUSTER_CHECK(people_.load(identity_ids));
  for (const auto& id : identity_ids) {
    if (Person* person = people_.find(id)) MUSTER_CHECK(settle(*person));
  }
  MUSTER_CHECK(people_.flush(tx_));
  if (!ended_.empty()) MUSTER_CHECK(tx_.records().update(ended_));
  if (!audit_.empty()) MUSTER_CHECK(tx_.journal().audit(audit_));
  MUSTER_CHECK(wave_.moved(people_));
  return std::move(outcomes_);
}

Status LifecycleBatch::settle(Person& person) {
  std::vector<store::RecordRow> told, ended;
  auto gone = person.gone;
  for (const auto& record : person.told) {
    if (!is_over(record)) {
      told.push_back(record);
      continue;
    }
    auto& end = ended.emplace_back(record);
    end.head.state = store::RecordState::gone;
    end.head.modified = tx_.now();
    end.state_reason = "absent since " + format_timestamp(*end.head.missing_since);
    end.head.missing_since.reset();
    gone.push_back(end);
  }
  MUSTER_TRY(auto settled, people_.settle(person, told, gone));
  MUSTER_TRY(const auto refusal, refusal_of(people_, person, settled));
  const auto due = settled.identity.due;
  Identity after = refusal ? person.now : std::move(settled.identity);
  after.due = due;
  auto effect = decide(&person.now, after, ended.empty() ? Bond::held : Bond::leaving);
  if (refusal) effect = {Verb::quarantine, refusal->reason, {}};

  Outcome outcome;
  auto& decision = outcome.decision;
  decision = {.verb = effect.verb, .reason = effect.reason};
  if (!person.told.empty()) decision.key = person.told.front().head.key;
  decision.identity_id = person.now.id;
  if (refusal)
    tell_refusal(decision.findings, settled.identity, person.now);
  else
    decision.person_findings = after.findings;
  decision.changed = effect.changed;
  const bool takes_away = effect.verb == Verb::deactivate || effect.verb == Verb::remove;
  outcome.held = takes_away && context_.hold_deactivations;
  if (!outcome.held) {
    people_.accept(person, std::move(after), std::move(told), std::move(gone));
    for (auto& record : ended) ended_.push_back(std::move(record));
    if (effect.verb != Verb::unchanged)
      audit_.push_back(audit_of(decision, person.now.id, context_));
  }
  outcomes_.push_back(std::move(outcome));
  return {};
}

}  // namespace muster::provision
