// SPDX-License-Identifier: Apache-2.0
#include "provision/road/user_batch.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/uuid.h"
#include "provision/road/events.h"
#include "provision/road/member_doubts.h"
#include "provision/road/record_rows.h"
#include "provision/road/refusal.h"
#include "provision/road/waits.h"

namespace muster::provision {
namespace {

using store::RecordState;

bool is_live(const store::RecordHead& head) { return head.state != RecordState::gone; }

const store::RecordRow* row_in(const Person* person, const std::string& record_id) {
  return person == nullptr ? nullptr : find_row(person->told, record_id);
}

// Whether a decision of that kind took what the engine made of the person.
bool settles_person(Verb verb) {
  switch (verb) {
    case Verb::create:
    case Verb::link:
    case Verb::update:
    case Verb::deactivate:
    case Verb::reactivate:
    case Verb::end:
    case Verb::remove:
      return true;
    case Verb::unchanged:
    case Verb::review:
    case Verb::quarantine:
    case Verb::skip:
      return false;
  }
  return false;
}

Error error_of(Fault fault, std::string detail, std::string where, std::string code) {
  return Error{fault, std::move(detail), std::move(where), std::move(code)};
}

}  // namespace

Result<std::vector<Result<Outcome>>> UserBatch::run(std::span<const Prepared* const> items) {
  MUSTER_CHECK(decide_all(items));
  MUSTER_CHECK(wave_.moved(people_));
  MUSTER_CHECK(note_regrouped());
  return take_outcomes();
}

Status UserBatch::decide_all(std::span<const Prepared* const> items) {
  cases_.resize(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) cases_[i].item = items[i];
  MUSTER_CHECK(look_up(cases_));
  MUSTER_CHECK(keep_choices(cases_));
  MUSTER_CHECK(find_links(cases_));
  MUSTER_CHECK(load_reviews(cases_));
  MUSTER_CHECK(fetch_people(cases_));
  for (auto& c : cases_) {
    if (!c.decided) MUSTER_CHECK(decide_one(c));
  }
  MUSTER_CHECK(settle_together());
  return write_all(cases_);
}

std::vector<Result<Outcome>> UserBatch::take_outcomes() {
  std::vector<Result<Outcome>> outcomes;
  outcomes.reserve(cases_.size());
  for (auto& c : cases_) {
    if (c.refused) {
      outcomes.emplace_back(fail(std::move(*c.refused)));
      continue;
    }
    outcomes.emplace_back(std::move(c.outcome));
  }
  tell_of_people(outcomes);
  show_people(outcomes);
  return outcomes;
}

// What was found about somebody in the end stands with the first decision that settled the person.
void UserBatch::tell_of_people(std::vector<Result<Outcome>>& outcomes) {
  std::unordered_set<std::string_view> told;
  for (auto& outcome : outcomes) {
    if (!outcome || !outcome->applied() || !settles_person(outcome->decision.verb)) continue;
    auto& decision = outcome->decision;
    const Person* person = people_.find(decision.identity_id);
    if (person == nullptr || person->now.findings.empty()) continue;
    if (told.insert(decision.identity_id).second) decision.person_findings = person->now.findings;
  }
}

// The last outcome about a person takes it, those before it a copy: nobody asks about people any
// more.
void UserBatch::show_people(std::vector<Result<Outcome>>& outcomes) {
  std::unordered_map<std::string_view, Identity*> taken;
  for (auto outcome = outcomes.rbegin(); outcome != outcomes.rend(); ++outcome) {
    if (!*outcome) continue;
    auto& shown = **outcome;
    Person* person = people_.find(shown.decision.identity_id);
    if (person == nullptr) continue;
    const auto [of, first] = taken.try_emplace(shown.decision.identity_id, &shown.identity);
    if (first)
      shown.identity = std::move(person->now);
    else
      shown.identity = *of->second;
  }
}

// The row as it will be stored if the record is taken: what was told, what was understood, no link
// yet.
void UserBatch::start_row(Case& c) {
  const auto& told = record(c);
  auto& row = c.row;
  if (c.head) {
    row.head = *c.head;
  } else {
    row.head.id = new_uuid(tx_.now());
    row.head.key = told.key;
    if (row.head.key.key.empty()) row.head.key.key = row.head.id;
    row.head.created = tx_.now();
  }
  row.head.modified = tx_.now();
  row.head.link_key = c.item->mapped.link_key.empty() ? row.head.key.key : c.item->mapped.link_key;
  row.head.content_hash = c.item->hash;
  row.head.evaluated_with = engine_.fingerprint(run_time_);
  row.head.enabled = c.item->mapped.enabled;
  if (!context_.stored) row.head.missing_since.reset();
  row.head.state = RecordState::linked;
  row.document = told.document;
  row.contribution = c.item->mapped.contribution;
  row.contribution.key = row.head.key;
  row.search = told.search;
  row.aliases = told.aliases;
  c.outcome.decision.key = row.head.key;
  c.outcome.decision.where = told.where;
  c.outcome.decision.findings = row.findings = c.item->mapped.findings;
}

Status UserBatch::decide_one(Case& c) {
  c.decided = true;
  MUSTER_CHECK(decide_by_kind(c));
  return exchange_of_ == &c ? end_exchange() : Status{};
}

Status UserBatch::decide_by_kind(Case& c) {
  const auto& submission = c.item->submission;
  const bool known = c.head && is_live(*c.head);
  if (!known && (context_.must_exist || submission.kind == Submission::Kind::gone)) {
    c.refused = error_of(Fault::not_found, "there is no such record", submission.record.where, "");
    return {};
  }
  if (submission.seen_version && *submission.seen_version != c.head->version) {
    c.refused = error_of(Fault::conflict,
                         "the record has changed: version " + std::to_string(c.head->version) +
                             " is stored, version " + std::to_string(*submission.seen_version) +
                             " was seen; read it again",
                         submission.record.where, "version");
    return {};
  }
  return submission.kind == Submission::Kind::gone ? decide_gone(c) : decide_put(c);
}

Status UserBatch::decide_gone(Case& c) {
  return end_word(c, RecordState::gone, "the source no longer has the record");
}

// The record's word about its person ends; the person is settled without it.
Status UserBatch::end_word(Case& c, RecordState state, std::string reason) {
  c.row.head.state = state;
  c.row.state_reason = reason;
  // What was found about it ends with it.
  c.row.findings.clear();
  Person* person = c.linked_to.empty() ? nullptr : people_.find(c.linked_to);
  if (person == nullptr) {
    take(c, {state == RecordState::skipped ? Verb::skip : Verb::end, std::move(reason), {}});
    return {};
  }
  auto rest = without(person->told, c.row.head.id);
  // A link that is taken back counts as never made: nothing that the record said is kept.
  const bool taken_back = state == RecordState::review;
  auto gone = taken_back ? without(person->gone, c.row.head.id) : with(person->gone, c.row);
  MUSTER_TRY(auto settled, people_.settle(*person, rest, gone));
  MUSTER_TRY(const auto refusal, refusal_of(people_, *person, settled));
  // What remains may break a rule; the person's last good state then stays, but somebody whom no
  // source names any more is not left active by that.
  Identity after = refusal ? person->now : std::move(settled.identity);
  if (refusal) tell_refusal(c.outcome.decision.findings, settled.identity, person->now);
  if (rest.empty()) after.state = IdentityState::inactive;
  const auto effect = decide(&person->now, after, Bond::leaving);
  c.outcome.decision.identity_id = person->now.id;
  if (effect.verb == Verb::deactivate && context_.hold_deactivations) {
    c.outcome.held = true;
    take(c, {effect.verb, std::move(reason), effect.changed});
    c.write = false;
    return {};
  }
  people_.accept(*person, std::move(after), std::move(rest), std::move(gone));
  take(c, {effect.verb, std::move(reason), effect.changed});
  return {};
}

Status UserBatch::decide_put(Case& c) {
  const auto& mapped = c.item->mapped;
  if (context_.answer != nullptr) return obey(c);
  if (c.head && is_current(*c.head, c.row.head.content_hash, c.row.head.evaluated_with)) {
    c.row.head = *c.head;
    c.outcome.decision.identity_id = c.linked_to;
    c.outcome.decision.verb = c.head->state == RecordState::skipped ? Verb::skip : Verb::unchanged;
    return {};
  }
  if (!mapped.in_scope) return leave_scope(c);
  if (is_kept_out(c))
    return keep_out(c, "kept out: " + reviews_.find(c.head->id)->by +
                           " decided so until the record's data changes");
  if (mapped.quarantined) {
    return keep_aside(c, RecordState::quarantined, Verb::quarantine, refusal_reason(mapped),
                      "invalid");
  }
  if (!c.twins.empty()) return keep_twin(c);
  if (c.linked_to.empty()) return correlate(c);
  Person* person = people_.find(c.linked_to);
  if (person == nullptr)
    return correlate(c);  // the person was erased; the record stands for itself again
  c.row.correlated_by = "key";
  const auto* stored = row_in(person, c.row.head.id);
  if (stored != nullptr) c.row.correlated_by = stored->correlated_by;
  return settle_into(c, *person, stored != nullptr ? Bond::held : Bond::fresh);
}

// Somebody has to say whose stable id it is. A record that belongs to a person already keeps it,
// and the stable id that it had: so the doubt stays until one of the two changes or goes.
Status UserBatch::keep_twin(Case& c) {
  const bool owned = c.head && !c.head->identity_id.empty();
  if (owned) c.row.head.link_key = c.head->link_key;
  return keep_aside(c, owned ? RecordState::quarantined : RecordState::review,
                    owned ? Verb::quarantine : Verb::review,
                    "another record of this source has the same stable id '" +
                        c.item->mapped.link_key + "' (record " + c.twins.front().key.key +
                        "); correct or remove one of them at the source",
                    "duplicate");
}

Status UserBatch::leave_scope(Case& c) {
  c.row.contribution.offers.clear();
  c.row.contribution.lapsed.clear();
  return end_word(c, RecordState::skipped, scope_reason(c.item->mapped));
}

// Keeps what was told without applying it. The person, if any, stays as it was, and so does the
// record's last good contribution. A caller that wants refusals gets one and nothing is stored.
Status UserBatch::keep_aside(Case& c, RecordState state, Verb verb, std::string reason,
                             std::string code) {
  if (context_.postpone_clashes && (code == "mail" || code == "claim" || c.promised)) {
    c.outcome.postponed = true;
    take(c, {verb, std::move(reason), {}});
    c.write = false;
    return {};
  }
  if (state == RecordState::quarantined && context_.refuse_invalid) {
    c.refused = error_of(Fault::invalid, std::move(reason), record(c).where, std::move(code));
    return {};
  }
  if (context_.answer != nullptr) {
    c.refused = error_of(Fault::conflict, std::move(reason), record(c).where, std::move(code));
    return {};
  }
  Person* person = c.linked_to.empty() ? nullptr : people_.find(c.linked_to);
  c.row.head.identity_id =
      person != nullptr && state == RecordState::quarantined ? person->now.id : std::string{};
  c.row.contribution.offers.clear();
  if (const auto* stored = row_in(person, c.row.head.id)) {
    c.row.contribution = stored->contribution;
    c.row.head.enabled = stored->head.enabled;
    c.row.correlated_by = stored->correlated_by;
  }
  if (c.row.head.identity_id.empty()) c.row.correlated_by.clear();
  c.outcome.decision.identity_id = c.row.head.identity_id;
  const auto* review = c.head ? reviews_.find(c.head->id) : nullptr;
  const bool again =
      c.head && c.head->state == state && c.head->content_hash == c.row.head.content_hash &&
      c.head->evaluated_with == c.row.head.evaluated_with && !c.head->missing_since &&
      (state != RecordState::review || (review != nullptr && review->reason == reason));
  c.row.head.state = state;
  c.row.state_reason = reason;
  take(c, {verb, std::move(reason), {}});
  // The same record in the same trouble by the same rules is reported again and written once.
  if (again) {
    c.write = false;
    c.row.head = *c.head;
    c.outcome.repeated = true;
  }
  return {};
}

void UserBatch::take(Case& c, const Effect& effect) {
  c.write = true;
  auto& decision = c.outcome.decision;
  decision.verb = effect.verb;
  decision.changed = effect.changed;
  if (!effect.reason.empty()) decision.reason = effect.reason;
  c.outcome.state_reason = c.row.state_reason;
}

Status UserBatch::write_all(std::vector<Case>& cases) {
  std::vector<store::RecordRow> fresh, changed;
  std::vector<Case*> fresh_of, changed_of;
  for (auto& c : cases) {
    note_review(c);
    if (!c.write || c.refused) continue;
    (c.head ? changed : fresh).push_back(std::move(c.row));
    (c.head ? changed_of : fresh_of).push_back(&c);
  }
  MUSTER_CHECK(people_.flush(tx_));
  if (!fresh.empty()) MUSTER_CHECK(tx_.records().insert(fresh));
  if (!changed.empty()) MUSTER_CHECK(tx_.records().update(changed));
  MUSTER_CHECK(reviews_.flush(context_));

  std::vector<AuditEntry> audit;
  for (std::size_t i = 0; i < fresh.size(); ++i) fresh_of[i]->row = std::move(fresh[i]);
  for (std::size_t i = 0; i < changed.size(); ++i) changed_of[i]->row = std::move(changed[i]);
  for (auto& c : cases) {
    if (c.write && !c.refused)
      audit.push_back(audit_of(c.outcome.decision, c.row.head.id, context_));
    c.outcome.head = c.row.head;
  }
  MUSTER_CHECK(keep_waits_of(cases));
  if (audit.empty()) return {};
  return tx_.journal().audit(audit);
}

// Whoever is put in quarantine is decided again when those it asked about change.
Status UserBatch::keep_waits_of(const std::vector<Case>& cases) {
  std::vector<Wait> waits;
  for (const auto& c : cases) {
    const bool waited = c.head && c.head->state == RecordState::quarantined;
    if (c.refused || !c.outcome.applied() || (!waited && c.asked.empty())) continue;
    waits.push_back({c.outcome.head.id, c.asked});
  }
  return keep_waits(tx_, waits);
}

// Names by which groups tell their members may have changed hands.
Status UserBatch::note_regrouped() {
  const auto news = tx_.memberships().take_news();
  wave_.regrouped(news.moved);
  MUSTER_TRY(const auto doubts, member_doubts(tx_, news.doubtful));
  for (const auto& doubt : doubts) {
    for (auto& c : cases_) {
      const auto& ids = doubt.records;
      if (c.write && std::find(ids.begin(), ids.end(), c.row.head.id) != ids.end())
        c.outcome.decision.findings.push_back(doubt.finding);
    }
  }
  return {};
}

}  // namespace muster::provision
