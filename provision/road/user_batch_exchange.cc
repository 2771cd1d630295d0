// SPDX-License-Identifier: Apache-2.0
// The part of a batch in which mail addresses pass from one person to another: whoever is about to
// give one up goes before the one who waits for it, and those who wait for each other in a ring go
// together.
#include <algorithm>

#include "provision/road/record_rows.h"
#include "provision/road/refusal.h"
#include "provision/road/user_batch.h"

namespace muster::provision {

using store::RecordState;

// The cases of a person that are still to be decided.
std::vector<UserBatch::Case*> UserBatch::open_cases(const std::string& person_id) {
  if (!open_listed_) {
    open_listed_ = true;
    for (auto& c : cases_)
      if (!c.linked_to.empty()) cases_of_[c.linked_to].push_back(&c);
  }
  std::vector<Case*> open;
  const auto known = cases_of_.find(person_id);
  if (known == cases_of_.end()) return open;
  for (auto* c : known->second)
    if (!c->decided) open.push_back(c);
  return open;
}

// What the person will be when its open cases are decided, as far as that is certain: nothing when
// a rule or the guard stands in the way.
Result<std::optional<Identity>> UserBatch::intended(const Person& person,
                                                    const std::vector<Case*>& open) {
  std::optional<Identity> unknown;
  auto told = person.told;
  auto gone = person.gone;
  for (const auto* c : open) {
    const auto& mapped = c->item->mapped;
    const bool leaves = c->item->submission.kind == Submission::Kind::gone;
    if (!leaves && (!mapped.in_scope || mapped.quarantined || !c->twins.empty())) return unknown;
    if (c->item->submission.seen_version && *c->item->submission.seen_version != c->head->version)
      return unknown;
    auto row = c->row;
    const auto* stored = find_row(told, row.head.id);
    if (leaves) {
      row.head.state = RecordState::gone;
      told = without(told, row.head.id);
      gone = with(gone, row);
      continue;
    }
    row.head.identity_id = person.now.id;
    if (stored != nullptr)
      row.contribution =
          engine_.carry(stored->contribution, std::move(row.contribution), run_time_);
    told = with(told, row);
    gone = without(gone, row.head.id);
  }
  MUSTER_TRY(auto settled, people_.settle(person, told, gone));
  if (settled.quarantined) return unknown;
  const auto effect = decide(&person.now, settled.identity, Bond::held);
  if (effect.verb == Verb::deactivate && context_.hold_deactivations) return unknown;
  return std::optional(std::move(settled.identity));
}

// Who holds the addresses that have to move so that `holder` gives up its own, each the one that
// the one before waits for. Empty: somebody stays, so nobody can move.
Result<std::vector<std::string>> UserBatch::chain_from(const std::string& holder,
                                                       const std::string& first) {
  std::vector<std::string> chain;
  const std::vector<std::string> blocked;
  std::string next = holder;
  while (next != first && std::find(chain.begin(), chain.end(), next) == chain.end()) {
    Person* person = people_.find(next);
    const auto open = open_cases(next);
    if (person == nullptr || open.empty()) return blocked;
    MUSTER_TRY(const auto then, intended(*person, open));
    if (!then || then->email == person->now.email) return blocked;
    chain.push_back(next);
    MUSTER_TRY(next, people_.other_holder_of_mail(then->email, next));
    if (next.empty()) return chain;
    const std::string ids[] = {next};
    MUSTER_CHECK(people_.load(ids));
  }
  return chain;
}

// Decides whoever has to give up an address before the case gets it. False: the address stays where
// it is. When the last of them waits for what the case's own person has, all of them take each
// other's until end_exchange().
Result<bool> UserBatch::make_way(Case& c, const std::string& holder) {
  if (open_cases(holder).empty()) return false;
  const auto& own = c.linked_to;
  MUSTER_TRY(const auto chain, chain_from(holder, own));
  if (chain.empty()) return false;
  const auto& last = chain.back();
  MUSTER_TRY(const auto then, intended(*people_.find(last), open_cases(last)));
  MUSTER_TRY(const auto waits_for, people_.other_holder_of_mail(then->email, last));
  if (!waits_for.empty()) {
    std::set<std::string> ring(std::find(chain.begin(), chain.end(), waits_for), chain.end());
    if (waits_for == own) {
      auto open = open_cases(own);
      open.push_back(&c);
      MUSTER_TRY(const auto mine, intended(*people_.find(own), open));
      if (!mine || mine->email == people_.find(own)->now.email) return false;
      ring = {chain.begin(), chain.end()};
      ring.insert(own);
      exchange_of_ = &c;
    }
    people_.let_exchange(std::move(ring));
  }
  for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
    for (auto* open : open_cases(*one)) MUSTER_CHECK(decide_one(*open));
  }
  if (waits_for != own) MUSTER_CHECK(end_exchange());
  return true;
}

// Everybody has what was meant for them; a batch in which somebody kept an address that another one
// took cannot be written, and its records are then decided one by one.
Status UserBatch::end_exchange() {
  const auto ring = people_.exchanging();
  people_.let_exchange({});
  exchange_of_ = nullptr;
  for (const auto& id : ring) {
    MUSTER_TRY(const auto other, people_.other_holder_of_mail(people_.find(id)->now.email, id));
    if (!other.empty())
      return fail(Fault::conflict, "two people would have one mail address", "email", "uniqueness");
  }
  return {};
}

// As refusal_of(), once whoever in this batch gives up the address has done so.
Result<std::optional<Refusal>> UserBatch::judge(Case& c, const Person& person,
                                                const mappings::Settled& settled) {
  MUSTER_TRY(auto refusal, refusal_of(people_, person, settled));
  if (!refusal || refusal->holder.empty()) return refusal;
  MUSTER_TRY(const bool moved, make_way(c, refusal->holder));
  if (moved) return refusal_of(people_, person, settled);
  return refusal;
}

}  // namespace muster::provision
