// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/reevaluation_batch.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "provision/road/events.h"
#include "provision/road/refusal.h"
#include "provision/road/user_batch.h"

namespace muster::provision {
namespace {

using store::RecordState;

bool same_offers(const Contribution& a, const Contribution& b) {
  return a.tag == b.tag && a.offers == b.offers && a.lapsed == b.lapsed && a.rank == b.rank;
}

bool same_evaluation(const store::RecordRow& a, const store::RecordRow& b) {
  return a.head.state == b.head.state && a.head.enabled == b.head.enabled &&
         a.head.link_key == b.head.link_key && a.head.identity_id == b.head.identity_id &&
         a.state_reason == b.state_reason && a.correlated_by == b.correlated_by &&
         a.findings == b.findings && same_offers(a.contribution, b.contribution);
}

}  // namespace

Result<ReevaluationBatch::Word> ReevaluationBatch::understand(const store::RecordRow& row,
                                                              bool contributed) {
  Word word;
  word.stale = row.head.evaluated_with != fingerprint_;
  word.contributed = contributed;
  word.before = &row;
  // The rules of its source may be gone: what it said does not count any more, and is kept.
  if (!word.stale || engine_.source(row.head.key.source) == nullptr) return word;

  MUSTER_TRY(const auto* seen,
             mapper_.view(row.head.key.source, row.document, run_time_, &row.contribution));
  word.findings = seen->findings;
  const bool speaks = seen->in_scope && !seen->quarantined;
  if (speaks) {
    word.fate = Word::Fate::speaks;
    const bool known =
        contributed && row.head.state == RecordState::linked && row.head.enabled == seen->enabled &&
        row.state_reason.empty() && row.findings == seen->findings &&
        row.head.link_key == (seen->link_key.empty() ? row.head.key.key : seen->link_key);
    if (known && row.contribution.lapsed.empty() && mapper_.is_said_by(row.contribution))
      return word;
  }
  auto mapped = mapper_.keep(row.head.key);
  auto& now = word.now.emplace(row);
  now.head.modified = tx_.now();
  now.findings = word.findings;
  if (!mapped.in_scope) {
    word.fate = Word::Fate::leaves;
    now.head.state = RecordState::skipped;
    now.state_reason = scope_reason(mapped);
    // A record that had gone before is not gone since now.
    if (!contributed) now.head.modified = row.head.modified;
    now.contribution.offers.clear();
    now.contribution.lapsed.clear();
    now.findings.clear();
  } else if (!speaks) {
    word.fate = Word::Fate::aside;
    now.head.state = RecordState::quarantined;
    now.state_reason = refusal_reason(mapped);
  } else {
    now.head.link_key = mapped.link_key.empty() ? now.head.key.key : std::move(mapped.link_key);
    now.head.enabled = mapped.enabled;
    now.head.state = RecordState::linked;
    now.state_reason.clear();
    now.contribution = engine_.carry(row.contribution, std::move(mapped.contribution), run_time_);
    now.contribution.key = now.head.key;
    if (!contributed && now.correlated_by.empty()) now.correlated_by = "key";
  }
  if (same_evaluation(row, now)) word.now.reset();
  return word;
}

Result<std::vector<store::RecordRow>> ReevaluationBatch::rows_of(
    std::span<const store::RecordHead> heads) {
  std::vector<std::string> ids;
  for (const auto& head : heads) ids.push_back(head.id);
  MUSTER_TRY(auto found, tx_.records().rows(ids));
  std::vector<store::RecordRow> rows;
  rows.reserve(found.size());
  for (auto& row : found) {
    if (row) rows.push_back(std::move(*row));
  }
  return rows;
}

// The people behind the records, each once, with all that was told about them.
Result<std::vector<ReevaluationBatch::Case>> ReevaluationBatch::gather(
    std::span<const store::RecordHead> heads, std::vector<store::RecordHead>& orphans) {
  std::vector<std::string> ids;
  for (const auto& head : heads) ids.push_back(head.identity_id);
  MUSTER_CHECK(people_.load(ids));
  std::vector<Case> cases;
  std::vector<store::RecordHead> skipped;  // no person's word, so that they are not here yet
  std::unordered_map<std::string, std::size_t> places;
  for (const auto& head : heads) {
    const auto& id = head.identity_id;
    auto* person = people_.find(id);
    if (person == nullptr) {
      orphans.push_back(head);
      continue;
    }
    if (skip_ && skip_(id)) continue;
    const auto [place, fresh] = places.try_emplace(id, cases.size());
    if (fresh) {
      auto& c = cases.emplace_back();
      c.person = person;
      for (const auto& told : person->told) {
        MUSTER_TRY(c.words.emplace_back(), understand(told, true));
      }
    }
    if (head.state == RecordState::skipped) skipped.push_back(head);
  }
  if (skipped.empty()) return cases;
  MUSTER_TRY(auto rows, rows_of(skipped));
  std::vector<std::string> records;
  for (auto& row : rows) {
    auto& words = cases[places.at(row.head.identity_id)].words;
    records.push_back(row.head.id);
    MUSTER_TRY(words.emplace_back(), understand(skipped_.emplace_back(std::move(row)), false));
  }
  MUSTER_CHECK(people_.prefetch_groups(records));
  return cases;
}

std::vector<mappings::MatchKey> ReevaluationBatch::keys_of(const Contribution& contribution) const {
  auto keys = engine_.match_keys(contribution);
  if (auto mail = mail_key(contribution)) keys.push_back(*std::move(mail));
  return keys;
}

// Whom new keys and mail addresses belong to, for all people of the batch at once. Settling asks
// about nobody's old ones.
Status ReevaluationBatch::prefetch(const std::vector<Case>& cases) {
  std::vector<mappings::MatchKey> asked;
  for (const auto& c : cases) {
    for (const auto& word : c.words) {
      if (word.fate != Word::Fate::speaks || !word.now) continue;
      const auto& now = word.now->contribution;
      if (same_offers(word.before->contribution, now)) continue;
      const auto old = keys_of(word.before->contribution);
      for (auto& key : keys_of(now)) {
        if (std::find(old.begin(), old.end(), key) == old.end()) asked.push_back(std::move(key));
      }
    }
  }
  return world_.prefetch(asked);
}

// What was told before stays in force, and waits.
void ReevaluationBatch::refuse(Case& c, const std::string& reason, const Identity& refused,
                               const std::vector<Reference>& asked) {
  bool told = false;
  for (auto& word : c.words) {
    if (word.fate != Word::Fate::speaks) continue;
    auto& now = word.now.emplace(*word.before);
    now.head.modified = tx_.now();
    now.head.state = RecordState::quarantined;
    now.state_reason = reason;
    word.fate = Word::Fate::aside;
    word.asked = asked;
    if (!told) tell_refusal(word.findings, refused, c.person->now);
    told = true;
    now.findings = word.findings;
    if (same_evaluation(*word.before, now)) word.now.reset();
  }
}

// Whether the person's records say what they said, all of them.
bool ReevaluationBatch::is_as_before(const Case& c) {
  return std::all_of(c.words.begin(), c.words.end(), [](const Word& word) {
    return !word.now && word.contributed && word.fate != Word::Fate::leaves;
  });
}

ReevaluationBatch::Rows ReevaluationBatch::rows_of(const Case& c, const Person& person) {
  Rows rows;
  for (const auto& row : person.gone) {
    const auto same = [&row](const Word& word) { return word.before->head.id == row.head.id; };
    if (std::none_of(c.words.begin(), c.words.end(), same)) rows.gone.push_back(row);
  }
  for (const auto& word : c.words)
    (word.fate == Word::Fate::leaves ? rows.gone : rows.told).push_back(word.row());
  return rows;
}

Status ReevaluationBatch::settle(Case& c) {
  Person& person = *c.person;
  std::optional<Rows> rows;
  if (!is_as_before(c)) rows = rows_of(c, person);
  MUSTER_TRY(auto settled,
             rows ? people_.settle(person, rows->told, rows->gone) : people_.settle(person));
  MUSTER_TRY(const auto refusal, refusal_of(people_, person, settled));
  if (refusal) {
    refuse(c, refusal->reason, settled.identity,
           settled.quarantined ? settled.identity.references : std::vector<Reference>{});
    rows = rows_of(c, person);
  }
  Identity after = refusal ? person.now : std::move(settled.identity);
  after.id = person.now.id;

  Bond bond = Bond::held;
  for (const auto& word : c.words) {
    if (!word.contributed && word.fate != Word::Fate::leaves) bond = Bond::fresh;
    if (word.contributed && word.fate == Word::Fate::leaves && bond == Bond::held)
      bond = Bond::leaving;
  }
  auto effect = decide(&person.now, after, bond);
  if (refusal) effect = {Verb::quarantine, refusal->reason, {}};
  if (effect.verb == Verb::deactivate && context_.hold_deactivations) {
    Outcome outcome;
    outcome.held = true;
    outcome.decision = {.verb = effect.verb, .key = c.words.front().before->head.key};
    outcome.decision.identity_id = c.person->now.id;
    outcome.decision.reason = std::move(effect.reason);
    outcomes_.emplace_back(std::move(outcome));
    return {};
  }
  keep(c, effect);
  if (rows)
    people_.accept(person, std::move(after), std::move(rows->told), std::move(rows->gone));
  else
    people_.accept(person, std::move(after));
  return {};
}

// Takes the records' rows, and what is to be said of them.
void ReevaluationBatch::keep(Case& c, const Effect& effect) {
  bool said = false;
  for (auto& word : c.words) {
    if (!word.stale) continue;
    const auto& row = word.row();
    if (word.before->head.state == RecordState::quarantined || !word.asked.empty())
      waits_.push_back({row.head.id, std::move(word.asked)});
    Outcome outcome;
    auto& decision = outcome.decision;
    decision.key = row.head.key;
    decision.where = row.aliases.empty() ? std::string{} : row.aliases.front();
    decision.identity_id = c.person->now.id;
    decision.findings = std::move(word.findings);
    if (!said) {
      decision.verb = effect.verb;
      decision.reason = effect.reason;
      decision.changed = effect.changed;
    } else if (word.fate == Word::Fate::leaves) {
      decision.verb = word.contributed ? Verb::end : Verb::skip;
      decision.reason = row.state_reason;
    }
    if (word.fate == Word::Fate::aside && decision.verb == Verb::unchanged) {
      decision.verb = Verb::quarantine;
      decision.reason = row.state_reason;
    }
    said = true;
    outcome.state_reason = row.state_reason;
    outcome.head = row.head;
    outcome.head.evaluated_with = fingerprint_;
    const bool news = decision.verb != Verb::unchanged && decision.verb != Verb::skip;
    const bool known = decision.verb == Verb::quarantine && !word.now;
    if (news && !known && tx_.journal().keeps())
      audit_.push_back(audit_of(decision, row.head.id, context_));
    if (word.now) {
      changed_.push_back(*std::move(word.now));
      changed_.back().head.evaluated_with = fingerprint_;
    } else {
      stamped_.push_back(row.head.id);
    }
    outcomes_.emplace_back(std::move(outcome));
  }
}

Status ReevaluationBatch::write() {
  MUSTER_CHECK(people_.flush(tx_));
  if (!changed_.empty()) MUSTER_CHECK(tx_.records().update(changed_));
  MUSTER_CHECK(tx_.records().stamp(stamped_, fingerprint_));
  MUSTER_CHECK(keep_waits(tx_, waits_));
  MUSTER_CHECK(wave_.moved(people_));
  if (!audit_.empty()) MUSTER_CHECK(tx_.journal().audit(audit_));
  return {};
}

// What was found about somebody in the end stands with the first decision about the person, which
// took what was settled.
void ReevaluationBatch::tell_of_people() {
  std::unordered_set<std::string_view> told;
  for (auto& outcome : outcomes_) {
    if (!outcome || !outcome->applied()) continue;
    auto& decision = outcome->decision;
    if (!told.insert(decision.identity_id).second || decision.verb == Verb::quarantine) continue;
    if (const Person* person = people_.find(decision.identity_id))
      decision.person_findings = person->now.findings;
  }
}

// Rules may match on other attributes now: people who did not change are found by them too.
Status ReevaluationBatch::index(const std::vector<Case>& cases) {
  std::vector<std::string> ids;
  std::vector<const Identity*> people;
  for (const auto& c : cases) {
    if (c.person->replaced) continue;  // written with the keys they have
    ids.push_back(c.person->now.id);
    people.push_back(&c.person->now);
  }
  MUSTER_TRY(const auto stored, tx_.identities().keys(ids));
  std::vector<std::string> moved;
  std::vector<std::vector<store::IdentityKey>> keys;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::vector<store::IdentityKey> own;
    for (auto& key : engine_.index_keys(*people[i]))
      own.push_back({std::move(key.attribute), std::move(key.key)});
    std::erase_if(own, store::has_own_index);
    if (own == stored[i]) continue;
    moved.push_back(ids[i]);
    keys.push_back(std::move(own));
  }
  return tx_.identities().index(moved, keys);
}

Result<std::vector<Result<Outcome>>> ReevaluationBatch::run_linked(
    std::span<const store::RecordHead> heads) {
  std::vector<store::RecordHead> orphans;
  MUSTER_TRY(auto cases, gather(heads, orphans));
  MUSTER_CHECK(prefetch(cases));
  for (auto& c : cases) MUSTER_CHECK(settle(c));
  MUSTER_CHECK(write());
  tell_of_people();
  MUSTER_CHECK(index(cases));
  if (orphans.empty()) return std::move(outcomes_);
  MUSTER_TRY(auto others, run_unlinked(orphans));
  std::move(others.begin(), others.end(), std::back_inserter(outcomes_));
  return std::move(outcomes_);
}

Result<std::vector<Result<Outcome>>> ReevaluationBatch::run_unlinked(
    std::span<const store::RecordHead> heads) {
  MUSTER_TRY(auto rows, rows_of(heads));
  std::vector<Prepared> items;
  std::vector<std::string> stamped;
  std::vector<Result<Outcome>> outcomes;
  items.reserve(rows.size());
  for (auto& row : rows) {
    if (engine_.source(row.head.key.source) == nullptr) {
      stamped.push_back(row.head.id);
      continue;
    }
    const auto head = row.head;
    const auto reason = row.state_reason;
    MUSTER_TRY(auto item, prepare_again(std::move(row), mapper_, run_time_));
    if (!item.mapped.in_scope && head.state == RecordState::skipped &&
        reason == scope_reason(item.mapped)) {
      stamped.push_back(head.id);
      Outcome outcome;
      outcome.decision.verb = Verb::skip;
      outcome.decision.key = head.key;
      outcomes.emplace_back(std::move(outcome));
      continue;
    }
    items.push_back(std::move(item));
  }
  auto context = context_;
  context.stored = true;
  context.also = {};
  std::vector<const Prepared*> chosen;
  for (const auto& item : items) chosen.push_back(&item);
  MUSTER_TRY(auto decided, UserBatch(tx_, engine_, context, run_time_, wave_).run(chosen));
  for (auto& outcome : decided) outcomes.push_back(std::move(outcome));
  MUSTER_CHECK(tx_.records().stamp(stamped, fingerprint_));
  return outcomes;
}

}  // namespace muster::provision
