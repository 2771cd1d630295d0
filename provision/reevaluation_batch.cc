// SPDX-License-Identifier: Apache-2.0
#include "provision/reevaluation_batch.h"

#include <algorithm>

#include "provision/events.h"

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
         same_offers(a.contribution, b.contribution);
}

}  // namespace

Result<ReevaluationBatch::Word> ReevaluationBatch::understand(store::RecordRow row,
                                                              bool contributed) const {
  Word word;
  word.stale = row.head.evaluated_with != fingerprint_;
  word.contributed = contributed;
  word.before = std::move(row);
  word.now = word.before;
  if (!word.stale) return word;
  word.now.head.evaluated_with = fingerprint_;
  word.now.head.modified = tx_.now();
  // The rules of this source are gone: what it said does not count any more, and is kept.
  if (engine_.source(word.before.head.key.source) == nullptr) return word;

  MUSTER_TRY(auto mapped,
             mapper_.map_document(word.before.head.key, word.before.document, run_time_));
  word.findings = mapped.findings;
  if (!mapped.in_scope) {
    word.fate = Word::Fate::leaves;
    word.now.head.state = RecordState::skipped;
    word.now.state_reason = scope_reason(mapped);
    // A record that had gone before is not gone since now.
    if (!contributed) word.now.head.modified = word.before.head.modified;
    word.now.contribution.offers.clear();
    word.now.contribution.lapsed.clear();
    return word;
  }
  if (mapped.quarantined) {
    word.fate = Word::Fate::aside;
    word.now.head.state = RecordState::quarantined;
    word.now.state_reason = refusal_reason(mapped);
    return word;
  }
  word.fate = Word::Fate::speaks;
  auto& head = word.now.head;
  head.link_key = mapped.link_key.empty() ? head.key.key : std::move(mapped.link_key);
  head.enabled = mapped.enabled;
  head.state = RecordState::linked;
  word.now.state_reason.clear();
  word.now.contribution =
      engine_.carry(word.before.contribution, std::move(mapped.contribution), run_time_);
  word.now.contribution.key = head.key;
  if (!contributed && word.now.correlated_by.empty()) word.now.correlated_by = "key";
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
    const auto* person = people_.find(id);
    if (person == nullptr) {
      orphans.push_back(head);
      continue;
    }
    if (skip_ && skip_(id)) continue;
    const auto [place, fresh] = places.try_emplace(id, cases.size());
    if (fresh) {
      auto& c = cases.emplace_back();
      c.identity_id = id;
      for (const auto& told : person->told) {
        MUSTER_TRY(c.words.emplace_back(), understand(told, true));
      }
    }
    if (head.state == RecordState::skipped) skipped.push_back(head);
  }
  if (skipped.empty()) return cases;
  MUSTER_TRY(auto rows, rows_of(skipped));
  for (auto& row : rows) {
    auto& words = cases[places.at(row.head.identity_id)].words;
    MUSTER_TRY(words.emplace_back(), understand(std::move(row), false));
  }
  return cases;
}

// Whom new keys and mail addresses belong to, for all people of the batch at once.
Status ReevaluationBatch::prefetch(const std::vector<Case>& cases) {
  std::vector<mappings::MatchKey> asked;
  for (const auto& c : cases) {
    for (const auto& word : c.words) {
      const auto& now = word.now.contribution;
      if (word.fate != Word::Fate::speaks || same_offers(word.before.contribution, now)) continue;
      auto keys = engine_.match_keys(now);
      asked.insert(asked.end(), std::make_move_iterator(keys.begin()),
                   std::make_move_iterator(keys.end()));
      if (auto mail = mail_key(now)) asked.push_back(*std::move(mail));
    }
  }
  return held_.prefetch(asked);
}

// What was told before stays in force, and waits.
void ReevaluationBatch::refuse(Case& c, const std::string& reason,
                               const std::vector<Reference>& asked) {
  for (auto& word : c.words) {
    if (word.fate != Word::Fate::speaks) continue;
    const auto evaluated_with = word.now.head.evaluated_with;
    const auto modified = word.now.head.modified;
    word.now = word.before;
    word.now.head.evaluated_with = evaluated_with;
    word.now.head.modified = modified;
    word.now.head.state = RecordState::quarantined;
    word.now.state_reason = reason;
    word.fate = Word::Fate::aside;
    word.asked = asked;
  }
}

Status ReevaluationBatch::settle(Case& c) {
  Person& person = *people_.find(c.identity_id);
  const auto told = [&c] {
    std::vector<store::RecordRow> rows;
    for (const auto& word : c.words) {
      if (word.fate != Word::Fate::leaves) rows.push_back(word.now);
    }
    return rows;
  };
  const auto gone = [&c, &person] {
    std::vector<store::RecordRow> rows;
    for (const auto& row : person.gone) {
      const auto same = [&row](const Word& word) { return word.now.head.id == row.head.id; };
      if (std::none_of(c.words.begin(), c.words.end(), same)) rows.push_back(row);
    }
    for (const auto& word : c.words) {
      if (word.fate == Word::Fate::leaves) rows.push_back(word.now);
    }
    return rows;
  };
  auto rows = told();
  auto silent = gone();
  MUSTER_TRY(auto settled, people_.settle(person, rows, silent));
  std::string reason = settled.quarantined ? std::move(settled.reason) : std::string{};
  if (reason.empty() && settled.identity.email != person.now.email) {
    MUSTER_TRY(const auto holder, people_.other_holder_of_mail(settled.identity));
    if (!holder.empty())
      reason = "the mail address belongs to person " + holder + "; what was known before stays";
  }
  const bool refused = !reason.empty();
  if (refused) {
    refuse(c, reason, settled.quarantined ? settled.identity.references : std::vector<Reference>{});
    rows = told();
    silent = gone();
  }
  Identity after = refused ? person.now : std::move(settled.identity);
  after.id = person.now.id;

  Bond bond = Bond::held;
  for (const auto& word : c.words) {
    if (!word.contributed && word.fate != Word::Fate::leaves) bond = Bond::fresh;
    if (word.contributed && word.fate == Word::Fate::leaves && bond == Bond::held)
      bond = Bond::leaving;
  }
  auto effect = decide(&person.now, after, bond);
  if (refused) effect = {Verb::quarantine, reason, {}};
  if (effect.verb == Verb::deactivate && context_.hold_deactivations) {
    Outcome outcome;
    outcome.held = true;
    outcome.decision = {.verb = effect.verb, .key = c.words.front().before.head.key};
    outcome.decision.identity_id = c.identity_id;
    outcome.decision.reason = std::move(effect.reason);
    outcomes_.emplace_back(std::move(outcome));
    return {};
  }
  people_.accept(person, std::move(after), std::move(rows), std::move(silent));
  keep(c, effect);
  return {};
}

// Takes the records' rows, and what is to be said of them.
void ReevaluationBatch::keep(Case& c, const Effect& effect) {
  bool said = false;
  for (auto& word : c.words) {
    if (!word.stale) continue;
    if (word.before.head.state == RecordState::quarantined || !word.asked.empty())
      waits_.push_back({word.now.head.id, std::move(word.asked)});
    Outcome outcome;
    auto& decision = outcome.decision;
    decision.key = word.now.head.key;
    decision.where = word.now.aliases.empty() ? std::string{} : word.now.aliases.front();
    decision.identity_id = c.identity_id;
    decision.findings = std::move(word.findings);
    const bool same = same_evaluation(word.before, word.now);
    if (!said) {
      decision.verb = effect.verb;
      decision.reason = effect.reason;
      decision.changed = effect.changed;
    } else if (word.fate == Word::Fate::leaves) {
      decision.verb = word.contributed ? Verb::end : Verb::skip;
      decision.reason = word.now.state_reason;
    }
    if (word.fate == Word::Fate::aside && decision.verb == Verb::unchanged) {
      decision.verb = Verb::quarantine;
      decision.reason = word.now.state_reason;
    }
    said = true;
    outcome.state_reason = word.now.state_reason;
    const bool news = decision.verb != Verb::unchanged && decision.verb != Verb::skip;
    if (news && !(decision.verb == Verb::quarantine && same))
      audit_.push_back(audit_of(decision, word.now.head.id, context_));
    if (same) {
      outcome.head = word.now.head;
      stamped_.push_back(word.now.head.id);
    } else {
      changed_.push_back(word.now);
      outcome.head = word.now.head;
    }
    outcomes_.emplace_back(std::move(outcome));
  }
}

Status ReevaluationBatch::write() {
  MUSTER_CHECK(people_.flush());
  if (!changed_.empty()) MUSTER_CHECK(tx_.records().update(changed_));
  MUSTER_CHECK(tx_.records().stamp(stamped_, fingerprint_));
  MUSTER_CHECK(keep_waits(tx_, waits_));
  MUSTER_CHECK(settle_referrers(tx_, engine_, context_, run_time_, people_));
  if (!audit_.empty()) MUSTER_CHECK(tx_.journal().audit(audit_));
  return {};
}

// Rules may match on other attributes now: people who did not change are found by them too.
Status ReevaluationBatch::index(const std::vector<Case>& cases) {
  std::vector<std::string> ids;
  for (const auto& c : cases) ids.push_back(c.identity_id);
  MUSTER_TRY(const auto stored, tx_.identities().keys(ids));
  std::vector<std::string> moved;
  std::vector<std::vector<store::IdentityKey>> keys;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::vector<store::IdentityKey> own;
    for (auto& key : engine_.index_keys(people_.find(ids[i])->now))
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
  MUSTER_TRY(auto decided, UserBatch(tx_, engine_, context, run_time_).run(chosen));
  for (auto& outcome : decided) outcomes.push_back(std::move(outcome));
  MUSTER_CHECK(tx_.records().stamp(stamped, fingerprint_));
  return outcomes;
}

}  // namespace muster::provision
