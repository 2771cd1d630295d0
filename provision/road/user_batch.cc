// SPDX-License-Identifier: Apache-2.0
#include "provision/road/user_batch.h"

#include <algorithm>
#include <unordered_map>

#include "core/uuid.h"
#include "provision/road/events.h"
#include "provision/road/group_batch.h"
#include "provision/road/settle_again.h"

namespace muster::provision {
namespace {

using store::RecordState;

bool is_live(const store::RecordHead& head) { return head.state != RecordState::gone; }

Error refusal(Fault fault, std::string detail, std::string where, std::string code) {
  return Error{fault, std::move(detail), std::move(where), std::move(code)};
}

std::vector<store::RecordRow> without(const std::vector<store::RecordRow>& told,
                                      const std::string& record_id) {
  std::vector<store::RecordRow> rest;
  for (const auto& row : told) {
    if (row.head.id != record_id) rest.push_back(row);
  }
  return rest;
}

std::vector<store::RecordRow> with(const std::vector<store::RecordRow>& told,
                                   const store::RecordRow& record) {
  auto all = without(told, record.head.id);
  all.push_back(record);
  return all;
}

const store::RecordRow* stored_row(const Person* person, const std::string& record_id) {
  if (person == nullptr) return nullptr;
  for (const auto& row : person->told) {
    if (row.head.id == record_id) return &row;
  }
  return nullptr;
}

}  // namespace

Result<std::vector<Result<Outcome>>> UserBatch::run(std::span<const Prepared* const> items) {
  MUSTER_CHECK(decide_all(items));
  MUSTER_CHECK(settle_referrers(tx_, engine_, context_, run_time_, people_));
  MUSTER_CHECK(resettle_arrived(cases_));
  return take_outcomes();
}

Result<std::vector<Result<Outcome>>> UserBatch::run_alone(std::span<const Prepared* const> items) {
  MUSTER_CHECK(decide_all(items));
  return take_outcomes();
}

Status UserBatch::decide_all(std::span<const Prepared* const> items) {
  cases_.resize(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) cases_[i].item = items[i];
  MUSTER_CHECK(look_up(cases_));
  MUSTER_CHECK(find_links(cases_));
  MUSTER_CHECK(load_reviews(cases_));
  MUSTER_CHECK(fetch_people(cases_));
  for (auto& c : cases_) MUSTER_CHECK(decide_one(c));
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
    if (const auto* person = people_.find(c.outcome.decision.identity_id))
      c.outcome.identity = person->now;
    outcomes.emplace_back(std::move(c.outcome));
  }
  return outcomes;
}

// The records as stored, all of one source and type at a time.
Status UserBatch::look_up(std::vector<Case>& cases) {
  std::unordered_map<std::string, std::vector<Case*>> by_source;
  for (auto& c : cases) {
    if (!record(c).key.key.empty()) by_source[record(c).key.source].push_back(&c);
  }
  for (auto& [source, of_source] : by_source) {
    std::vector<std::string> keys;
    for (const auto* c : of_source) keys.push_back(record(*c).key.key);
    MUSTER_TRY(auto heads, tx_.records().heads(source, ResourceType::user, keys));
    for (std::size_t i = 0; i < heads.size(); ++i) of_source[i]->head = std::move(heads[i]);
  }
  for (auto& c : cases) {
    if (c.head) c.linked_to = c.head->identity_id;
    start_row(c);
  }
  return {};
}

// A record that is new to us may be one that its source knows under a stable id we have met before
// (a SCIM resource that was deleted and pushed again): links are sticky by (source, link key).
Status UserBatch::find_links(std::vector<Case>& cases) {
  std::unordered_map<std::string, std::vector<Case*>> by_source;
  for (auto& c : cases) {
    const auto& link_key = c.item->mapped.link_key;
    const bool own_key = link_key == record(c).key.key;
    if (!c.head && !link_key.empty() && !own_key) by_source[record(c).key.source].push_back(&c);
  }
  for (auto& [source, of_source] : by_source) {
    std::vector<std::string> keys;
    for (const auto* c : of_source) keys.push_back(c->item->mapped.link_key);
    MUSTER_TRY(auto found, tx_.records().heads_by_link_key(source, ResourceType::user, keys));
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (auto& head : found[i]) {
        if (is_live(head)) {
          of_source[i]->twins.push_back(std::move(head));
        } else if (!head.identity_id.empty()) {
          of_source[i]->linked_to = head.identity_id;
        }
      }
    }
  }
  return {};
}

// Everybody whom this batch may touch: linked people and those whom correlation may find, each read
// once.
Status UserBatch::fetch_people(std::vector<Case>& cases) {
  std::vector<mappings::MatchKey> asked;
  for (const auto& c : cases) {
    if (!c.linked_to.empty() || c.item->submission.kind == Submission::Kind::gone) continue;
    auto keys = engine_.match_keys(c.item->mapped.contribution);
    if (auto mail = mail_key(c.item->mapped.contribution)) keys.push_back(std::move(*mail));
    asked.insert(asked.end(), std::make_move_iterator(keys.begin()),
                 std::make_move_iterator(keys.end()));
  }
  MUSTER_CHECK(held_.prefetch(asked));

  std::vector<std::string> ids;
  for (const auto& c : cases) {
    if (!c.linked_to.empty()) ids.push_back(c.linked_to);
  }
  for (const auto& key : asked) {
    MUSTER_TRY(auto candidates, held_.find(key));
    for (auto& candidate : candidates) ids.push_back(std::move(candidate.identity_id));
  }
  MUSTER_CHECK(people_.load(ids));
  MUSTER_CHECK(fetch_returning(cases));
  std::vector<std::string> records;
  std::vector<Reference> references;
  for (const auto& c : cases) {
    if (c.head) records.push_back(c.head->id);
    for (auto& one : engine_.references(c.item->mapped.contribution))
      references.push_back(std::move(one));
  }
  MUSTER_CHECK(people_.prefetch_groups(records));
  MUSTER_CHECK(people_.prefetch(references));
  return fetch_leavers(cases);
}

// What records said before they went: `keep` may still want it when they return.
Status UserBatch::fetch_returning(std::vector<Case>& cases) {
  std::vector<std::string> ids;
  std::vector<Case*> returning;
  for (auto& c : cases) {
    const bool returns = c.head && c.head->state == RecordState::gone && !c.linked_to.empty();
    if (!returns || c.item->submission.kind == Submission::Kind::gone) continue;
    ids.push_back(c.head->id);
    returning.push_back(&c);
  }
  if (ids.empty()) return {};
  MUSTER_TRY(auto rows, tx_.records().rows(ids));
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i]) returning[i]->last = std::move(rows[i]->contribution);
  return {};
}

// A record that goes is kept as it was last told: the tombstone is the whole row.
Status UserBatch::fetch_leavers(std::vector<Case>& cases) {
  std::vector<std::string> ids;
  std::vector<Case*> leavers;
  for (auto& c : cases) {
    if (c.item->submission.kind != Submission::Kind::gone || !c.head) continue;
    ids.push_back(c.head->id);
    leavers.push_back(&c);
  }
  if (ids.empty()) return {};
  MUSTER_TRY(auto rows, tx_.records().rows(ids));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i]) continue;
    leavers[i]->row = std::move(*rows[i]);
    auto& where = leavers[i]->outcome.decision.where;
    if (where.empty() && !leavers[i]->row.aliases.empty()) where = leavers[i]->row.aliases.front();
    leavers[i]->row.head.modified = tx_.now();
    leavers[i]->row.head.missing_since.reset();
  }
  return {};
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
  c.outcome.decision.findings = c.item->mapped.findings;
}

Status UserBatch::decide_one(Case& c) {
  const auto& submission = c.item->submission;
  const bool known = c.head && is_live(*c.head);
  if (!known && (context_.must_exist || submission.kind == Submission::Kind::gone)) {
    c.refused = refusal(Fault::not_found, "there is no such record", submission.record.where, "");
    return {};
  }
  if (submission.seen_version && *submission.seen_version != c.head->version) {
    c.refused = refusal(Fault::conflict,
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
  Person* person = c.linked_to.empty() ? nullptr : people_.find(c.linked_to);
  if (person == nullptr) {
    take(c, {state == RecordState::skipped ? Verb::skip : Verb::end, std::move(reason), {}});
    return {};
  }
  auto rest = without(person->told, c.row.head.id);
  // A link that is taken back never was: nothing of the record's word is held.
  const bool taken_back = state == RecordState::review;
  auto gone = taken_back ? without(person->gone, c.row.head.id) : with(person->gone, c.row);
  MUSTER_TRY(auto settled, people_.settle(*person, rest, gone));
  // What remains may break a rule; the person's last good state then stays, but somebody whom no
  // source names any more is not left active by that.
  Identity after = settled.quarantined ? person->now : std::move(settled.identity);
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
  if (!c.twins.empty()) {
    return keep_aside(c, RecordState::review, Verb::review,
                      "another record of this source has the same stable id '" + mapped.link_key +
                          "' (record " + c.twins.front().id + "); remove one of them at the source",
                      "duplicate");
  }
  if (c.linked_to.empty()) return correlate(c);
  Person* person = people_.find(c.linked_to);
  if (person == nullptr)
    return correlate(c);  // the person was erased; the record stands for itself again
  c.row.correlated_by = "key";
  if (const auto* stored = stored_row(person, c.row.head.id))
    c.row.correlated_by = stored->correlated_by;
  const bool speaks_already = stored_row(person, c.row.head.id) != nullptr;
  return settle_into(c, *person, speaks_already ? Bond::held : Bond::fresh);
}

Status UserBatch::leave_scope(Case& c) {
  c.row.contribution.offers.clear();
  c.row.contribution.lapsed.clear();
  return end_word(c, RecordState::skipped, scope_reason(c.item->mapped));
}

Status UserBatch::correlate(Case& c) {
  using Found = mappings::Correlation::Outcome;
  MUSTER_TRY(auto found, engine_.correlate(c.row.contribution, held_));
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
  if (settled.quarantined) {
    c.asked = std::move(settled.identity.references);
    return keep_aside(c, RecordState::quarantined, Verb::quarantine, std::move(settled.reason),
                      "invalid");
  }
  settled.identity.id = nobody.id;
  MUSTER_TRY(auto holder, people_.other_holder_of_mail(settled.identity));
  if (!holder.empty()) {
    MUSTER_TRY(const auto title, title_of(holder));
    c.candidates = {holder};
    return keep_aside(c, RecordState::review, Verb::review,
                      "the mail address of record " + c.row.head.key.key + " belongs to " + title +
                          ", and no rule allows to link them",
                      "mail");
  }
  c.row.head.identity_id = nobody.id;
  Person& added = people_.add(nobody);
  const auto effect = decide(nullptr, settled.identity, Bond::fresh);
  for (auto& finding : settled.identity.findings) c.outcome.decision.findings.push_back(finding);
  people_.accept(added, std::move(settled.identity), {c.row}, {});
  c.outcome.decision.identity_id = nobody.id;
  take(c, effect);
  return {};
}

Status UserBatch::settle_into(Case& c, Person& person, Bond bond) {
  c.row.head.identity_id = person.now.id;
  const auto* stored = stored_row(&person, c.row.head.id);
  if (const auto* before = stored ? &stored->contribution : c.last ? &*c.last : nullptr)
    c.row.contribution = engine_.carry(*before, std::move(c.row.contribution), run_time_);
  auto told = with(person.told, c.row);
  auto gone = without(person.gone, c.row.head.id);
  MUSTER_TRY(auto settled, people_.settle(person, told, gone));
  if (settled.quarantined) {
    c.asked = std::move(settled.identity.references);
    return keep_aside(c, RecordState::quarantined, Verb::quarantine, std::move(settled.reason),
                      "invalid");
  }
  settled.identity.id = person.now.id;
  std::string holder;
  if (settled.identity.email != person.now.email) {
    MUSTER_TRY(holder, people_.other_holder_of_mail(settled.identity));
  }
  if (!holder.empty()) {
    const bool newcomer = bond == Bond::fresh && c.linked_to.empty();
    MUSTER_TRY(const auto title, title_of(holder));
    c.candidates = {holder};
    return keep_aside(c, newcomer ? RecordState::review : RecordState::quarantined,
                      newcomer ? Verb::review : Verb::quarantine,
                      "the mail address of record " + c.row.head.key.key + " belongs to " + title +
                          "; what was known before stays",
                      "mail");
  }
  auto effect = decide(&person.now, settled.identity, bond);
  c.outcome.decision.identity_id = person.now.id;
  for (auto& finding : settled.identity.findings) c.outcome.decision.findings.push_back(finding);
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

// Keeps what was told without applying it. The person, if any, stays as it was, and so does the
// record's last good contribution. A caller that wants refusals gets one and nothing is stored.
Status UserBatch::keep_aside(Case& c, RecordState state, Verb verb, std::string reason,
                             std::string code) {
  if (context_.hold_clashes && (code == "mail" || code == "claim")) {
    c.outcome.held = true;
    take(c, {verb, std::move(reason), {}});
    c.write = false;
    return {};
  }
  if (state == RecordState::quarantined && context_.refuse_invalid) {
    c.refused = refusal(Fault::invalid, std::move(reason), record(c).where, std::move(code));
    return {};
  }
  if (context_.answer != nullptr) {
    c.refused = refusal(Fault::conflict, std::move(reason), record(c).where, std::move(code));
    return {};
  }
  Person* person = c.linked_to.empty() ? nullptr : people_.find(c.linked_to);
  c.row.head.identity_id =
      person != nullptr && state == RecordState::quarantined ? person->now.id : std::string{};
  c.row.contribution.offers.clear();
  if (const auto* stored = stored_row(person, c.row.head.id)) {
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
  if (!fresh.empty()) {
    MUSTER_CHECK(tx_.records().insert(fresh));
    MUSTER_CHECK(tx_.memberships().resolve(fresh));
  }
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
    if (c.refused || c.outcome.held || (!waited && c.asked.empty())) continue;
    waits.push_back({c.outcome.head.id, c.asked});
  }
  return keep_waits(tx_, waits);
}

// Groups may have named these people before they came.
Status UserBatch::resettle_arrived(const std::vector<Case>& cases) {
  if (!engine_.reads_groups()) return {};
  std::vector<std::string> ids;
  for (const auto& c : cases) {
    const auto& head = c.row.head;
    const bool waits = head.state == RecordState::quarantined;
    if (c.write && !c.refused && !c.head && (waits || !head.identity_id.empty()))
      ids.push_back(head.id);
  }
  if (ids.empty()) return {};
  MUSTER_TRY(auto groups, tx_.memberships().groups_of(ids));
  std::vector<std::string> waited_for;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!groups[i].empty()) waited_for.push_back(ids[i]);
  }
  return resettle_records(tx_, engine_, context_, run_time_, waited_for);
}

}  // namespace muster::provision
