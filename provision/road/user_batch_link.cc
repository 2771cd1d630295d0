// SPDX-License-Identifier: Apache-2.0
// The part of a batch that finds out whom a record is about, and settles that person with it.
#include "core/uuid.h"
#include "provision/road/record_rows.h"
#include "provision/road/refusal.h"
#include "provision/road/user_batch.h"

namespace muster::provision {

using store::RecordState;

Status UserBatch::correlate(Case& c) {
  using Found = mappings::Correlation::Outcome;
  MUSTER_TRY(auto found, engine_.correlate(c.row.contribution, world_));
  if (found.outcome == Found::suggest || found.outcome == Found::review)
    return wait(c, std::move(found));
  if (found.outcome == Found::link) {
    const std::string ids[] = {found.identity_id};
    MUSTER_CHECK(people_.load(ids));
    Person* person = people_.find(found.identity_id);
    if (person == nullptr) {
      return fail(Fault::internal,
                  "correlation found a person who does not exist: " + found.identity_id);
    }
    c.row.correlated_by = found.tier;
    c.outcome.decision.reason = std::move(found.reason);
    return settle_into(c, *person, Bond::fresh);
  }
  c.row.correlated_by = "create";
  return create_person(c);
}

Status UserBatch::create_person(Case& c) {
  Identity nobody;
  nobody.id = new_uuid(tx_.now());
  // A person enters the batch's view only when settling succeeds; until then it lives here.
  Person person;
  person.now = nobody;
  c.row.head.identity_id = nobody.id;
  MUSTER_TRY(auto settled, people_.settle(person, std::span(&c.row, 1), {}));
  c.row.head.identity_id.clear();
  MUSTER_TRY(auto refusal, judge(c, person, settled));
  if (refusal) return keep_refused(c, person, settled, *std::move(refusal), true);
  c.row.head.identity_id = nobody.id;
  Person& added = people_.add(nobody);
  const auto effect = decide(nullptr, settled.identity, Bond::fresh);
  people_.accept(added, std::move(settled.identity), std::vector(1, c.row), {});
  c.outcome.decision.identity_id = nobody.id;
  take(c, effect);
  return {};
}

// A rule's word is final. Whether a newcomer is the one who has its mail address, a person can say;
// a record that belongs to somebody already waits in quarantine.
Status UserBatch::keep_refused(Case& c, const Person& person, mappings::Settled& settled,
                               Refusal refusal, bool newcomer) {
  tell_refusal(c.outcome.decision.findings, settled.identity, person.now);
  c.row.findings = c.outcome.decision.findings;
  if (settled.quarantined) {
    c.asked = std::move(settled.identity.references);
    if (newcomer && !c.asked.empty() && !settled.identity.user_name.empty()) {
      c.promised = std::move(settled.identity);
      c.promised->id = new_uuid(tx_.now());
    }
  }
  if (!refusal.holder.empty()) {
    c.candidates = {std::move(refusal.holder)};
    if (context_.answer != nullptr)
      refusal.reason +=
          "; nobody else can have it before it is given up there, by another address "
          "at that source or by that person leaving";
  }
  const bool review = newcomer && !settled.quarantined;
  return keep_aside(c, review ? RecordState::review : RecordState::quarantined,
                    review ? Verb::review : Verb::quarantine, std::move(refusal.reason),
                    std::move(refusal.code));
}

Status UserBatch::settle_into(Case& c, Person& person, Bond bond) {
  c.row.head.identity_id = person.now.id;
  const auto* stored = find_row(person.told, c.row.head.id);
  if (const auto* before = stored ? &stored->contribution : c.last ? &*c.last : nullptr)
    c.row.contribution = engine_.carry(*before, std::move(c.row.contribution), run_time_);
  auto told = with(person.told, c.row);
  auto gone = without(person.gone, c.row.head.id);
  MUSTER_TRY(auto settled, people_.settle(person, told, gone));
  MUSTER_TRY(auto refusal, judge(c, person, settled));
  if (refusal) {
    const bool newcomer = bond == Bond::fresh && c.linked_to.empty();
    return keep_refused(c, person, settled, *std::move(refusal), newcomer);
  }
  auto effect = decide(&person.now, settled.identity, bond);
  c.outcome.decision.identity_id = person.now.id;
  if (effect.verb == Verb::deactivate && context_.hold_deactivations) {
    c.outcome.held = true;
    take(c, effect);
    c.write = false;
    return {};
  }
  people_.accept(person, std::move(settled.identity), std::move(told), std::move(gone));
  if (effect.verb == Verb::unchanged)
    effect = {Verb::update, "the record changed, the person did not", {}};
  take(c, effect);
  return {};
}

}  // namespace muster::provision
