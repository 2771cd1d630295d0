// SPDX-License-Identifier: Apache-2.0
// The part of a batch about newcomers who need each other: a rule refuses each of them for as long
// as the other is not there (two who are each other's manager, somebody who is their own).
#include <algorithm>
#include <utility>

#include "provision/road/user_batch.h"

namespace muster::provision {
namespace {

// Whether somebody of these asked about somebody of them.
template <class Cases>
bool look_at_each_other(const Cases& cases) {
  std::vector<store::RecordRow> rows;
  for (const auto* c : cases) rows.push_back(c->row);
  const auto names = names_of(rows);
  return std::any_of(cases.begin(), cases.end(), [&](const auto* c) {
    return std::any_of(c->asked.begin(), c->asked.end(), [&](const Reference& one) {
      return std::binary_search(names.begin(), names.end(), one);
    });
  });
}

}  // namespace

// Takes them together when each is all right once the others are there; those for whom that is not
// enough wait as they did.
Status UserBatch::settle_together() {
  std::vector<Case*> waiting;
  for (auto& c : cases_)
    if (c.promised) waiting.push_back(&c);
  if (waiting.empty() || !look_at_each_other(waiting)) return {};
  for (auto* c : waiting) {
    c->aside = std::make_shared<Case>(*c);
    c->row = {};
    start_row(*c);
    c->row.correlated_by = "create";
    c->row.head.identity_id = c->promised->id;
    people_.promise(*c->promised, c->row);
  }
  // A name that is given, or somebody who drops out, may change the others once more.
  const auto most_turns = waiting.size() + 5;
  bool settled = false;
  for (std::size_t turn = 0; !settled && turn < most_turns; ++turn) {
    settled = true;
    for (auto at = waiting.begin(); at != waiting.end();) {
      MUSTER_TRY(const auto state, settle_promised(**at));
      settled = settled && state == Promise::as_before;
      at = state == Promise::broken ? waiting.erase(at) : at + 1;
    }
  }
  for (auto* c : waiting) settled ? take_promised(*c) : break_promise(*c);
  return {};
}

void UserBatch::break_promise(Case& c) {
  people_.break_promise(c.promised->id);
  const auto before = std::exchange(c.aside, nullptr);
  c = *before;
}

Result<UserBatch::Promise> UserBatch::settle_promised(Case& c) {
  Person person;
  person.now.id = c.promised->id;
  MUSTER_TRY(auto settled, people_.settle_promised(person.now.id));
  MUSTER_TRY(const auto refusal, refusal_of(people_, person, settled));
  if (refusal) {
    break_promise(c);
    return Promise::broken;
  }
  settled.identity.id = c.promised->id;
  const bool same = same_person_facts(settled.identity, *c.promised);
  c.promised = std::move(settled.identity);
  people_.promise(*c.promised, c.row);
  return same ? Promise::as_before : Promise::changed;
}

void UserBatch::take_promised(Case& c) {
  const auto id = c.promised->id;
  people_.break_promise(id);
  Identity nobody;
  nobody.id = id;
  Person& added = people_.add(nobody);
  const auto effect = decide(nullptr, *c.promised, Bond::fresh);
  people_.accept(added, std::move(*c.promised), std::vector(1, c.row), {});
  c.outcome.decision.identity_id = id;
  c.outcome.postponed = false;
  c.outcome.repeated = false;
  c.refused.reset();
  c.asked.clear();
  take(c, effect);
}

}  // namespace muster::provision
