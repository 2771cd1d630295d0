// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/leaver_batch.h"

#include "provision/road/decide.h"
#include "provision/road/events.h"

namespace muster::provision {

Result<std::vector<Result<Outcome>>> LeaverBatch::run(std::span<const std::string> identity_ids) {
  MUSTER_CHECK(people_.load(identity_ids));
  for (const auto& id : identity_ids) {
    if (Person* person = people_.find(id)) MUSTER_CHECK(settle(*person));
  }
  MUSTER_CHECK(people_.flush(tx_));
  if (!audit_.empty()) MUSTER_CHECK(tx_.journal().audit(audit_));
  MUSTER_CHECK(wave_.moved(people_));
  return std::move(outcomes_);
}

Status LeaverBatch::settle(Person& person) {
  if (!person.told.empty()) return {};
  MUSTER_TRY(auto settled, people_.settle(person));
  Identity after =
      settled.until_deleted ? std::move(*settled.until_deleted) : std::move(settled.identity);
  if (same_person_facts(person.now, after) && person.now.due == after.due) return {};
  Outcome outcome;
  auto& decision = outcome.decision;
  decision = {.verb = Verb::update, .reason = after.state_reason};
  if (!person.gone.empty()) {
    outcome.head = person.gone.front().head;
    decision.key = outcome.head.key;
  }
  decision.identity_id = person.now.id;
  decision.changed = differences(person.now, after);
  people_.accept(person, std::move(after));
  if (tx_.journal().keeps()) audit_.push_back(audit_of(decision, person.now.id, context_));
  outcomes_.emplace_back(std::move(outcome));
  return {};
}

}  // namespace muster::provision
