// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/reevaluation.h"

#include "provision/runs/leaver_batch.h"
#include "provision/runs/reevaluation_batch.h"

namespace muster::provision {
namespace {

constexpr int batch_size = 1000;

bool waits(const Outcome& outcome) { return store::waits(outcome.head.state); }

bool moves(const Outcome& outcome) {
  const auto verb = outcome.decision.verb;
  return outcome.applied() && !waits(outcome) && verb != Verb::unchanged && verb != Verb::skip;
}

}  // namespace

// The records behind `after`, at most `size`.
Result<std::vector<store::RecordHead>> Reevaluation::next(store::View& view, Which which,
                                                          std::int64_t after, int size) const {
  if (which != Which::waiting)
    return view.walks().stale(engine_.fingerprint(run_time_), which == Which::linked, after, size);
  if (only_.empty()) return view.walks().waiting(after, size);
  std::vector<store::RecordHead> heads;
  for (auto one = only_.upper_bound(after);
       one != only_.end() && heads.size() < static_cast<std::size_t>(size); ++one) {
    const std::string ids[] = {one->second};
    MUSTER_TRY(auto rows, view.records().rows(ids));
    if (rows[0] && store::waits(rows[0]->head.state)) heads.push_back(std::move(rows[0]->head));
  }
  return heads;
}

// What waits on was reported in this run already.
void Reevaluation::drop_reported(std::vector<Result<Outcome>>& outcomes) const {
  std::erase_if(outcomes, [this](const Result<Outcome>& outcome) {
    return outcome && !outcome->held && waits(*outcome) && waiting_.contains(outcome->head.row);
  });
}

void Reevaluation::note(const std::vector<Result<Outcome>>& outcomes) {
  for (const auto& outcome : outcomes) {
    if (!outcome) continue;
    if (outcome->held) {
      held_.insert(outcome->decision.identity_id);
    } else if (waits(*outcome)) {
      waiting_.insert(outcome->head.row);
    }
    if (moves(*outcome)) moved_ = true;
  }
}

Result<Reevaluation::Portion> Reevaluation::portion(Which which, const SubmitContext& context,
                                                    std::int64_t after, int size) {
  Portion portion;
  const auto known_held = [&](const std::string& id) {
    return context.hold_deactivations && held_.contains(id);
  };
  auto done = transact_([&](store::Transaction& tx) -> Status {
    portion = {};
    if (context.follow_ups != nullptr) context.follow_ups->clear();
    MUSTER_TRY(auto heads, next(tx, which, after, size));
    portion.rows = heads.size();
    if (heads.empty()) return {};
    portion.last_row = heads.back().row;
    Wave wave(tx, engine_, context, run_time_);
    ReevaluationBatch batch(tx, engine_, mapper_, context, run_time_, wave, known_held);
    if (which == Which::linked) {
      MUSTER_TRY(portion.outcomes, batch.run_linked(heads));
    } else {
      std::erase_if(heads, [&](const auto& head) { return known_held(head.identity_id); });
      MUSTER_TRY(portion.outcomes, batch.run_unlinked(heads));
    }
    MUSTER_CHECK(wave.settle());
    if (which == Which::waiting) drop_reported(portion.outcomes);
    return also_(tx, portion.outcomes);
  });
  if (!done) return fail(std::move(done).error());
  return portion;
}

Status Reevaluation::walk(Which which, const SubmitContext& context,
                          const std::function<bool()>& go_on) {
  std::int64_t after = 0;
  int size = batch_size;
  int singles = 0;
  while (go_on()) {
    auto done = portion(which, context, after, size);
    if (!done) {
      // One person of many ran into a unique key: each of the batch stands for itself, so that only
      // the culprit is left out.
      if (done.error().fault != Fault::conflict) return fail(std::move(done).error());
      if (size > 1) {
        size = 1;
        singles = batch_size;
        continue;
      }
      std::int64_t row = 0;
      auto looked = transact_([&](store::Transaction& tx) -> Status {
        MUSTER_TRY(const auto heads, next(tx, which, after, 1));
        row = heads.empty() ? after + 1 : heads.front().row;
        const Result<Outcome> refused[] = {Result<Outcome>(fail(done.error()))};
        return also_(tx, refused);
      });
      MUSTER_CHECK(std::move(looked));
      after = row;
    } else {
      note(done->outcomes);
      if (done->rows == 0) return {};
      after = done->last_row;
    }
    if (singles > 0 && --singles == 0) size = batch_size;
  }
  return {};
}

Status Reevaluation::walk_leavers(const SubmitContext& context,
                                  const std::function<bool()>& go_on) {
  std::int64_t after = 0;
  bool more = true;
  while (more && go_on()) {
    std::int64_t last = after;
    auto done = transact_([&](store::Transaction& tx) -> Status {
      if (context.follow_ups != nullptr) context.follow_ups->clear();
      MUSTER_TRY(const auto people, tx.identities().left(after, batch_size));
      more = !people.empty();
      if (!more) return {};
      last = people.back().row;
      std::vector<std::string> ids;
      for (const auto& one : people) ids.push_back(one.identity_id);
      Wave wave(tx, engine_, context, run_time_);
      MUSTER_TRY(const auto outcomes, LeaverBatch(tx, engine_, context, run_time_, wave).run(ids));
      MUSTER_CHECK(wave.settle());
      return outcomes.empty() ? Status{} : also_(tx, outcomes);
    });
    MUSTER_CHECK(std::move(done));
    after = last;
  }
  return {};
}

Status Reevaluation::pass(bool hold, const std::function<bool()>& go_on) {
  auto context = context_;
  context.hold_deactivations = hold;
  MUSTER_CHECK(walk(Which::linked, context, go_on));
  MUSTER_CHECK(walk(Which::unlinked, context, go_on));
  MUSTER_CHECK(walk_leavers(context, go_on));
  return retry(hold, {}, go_on);
}

Status Reevaluation::retry(bool hold, const Rows& only, const std::function<bool()>& go_on) {
  auto context = context_;
  context.hold_deactivations = hold;
  only_ = only;
  do {
    moved_ = false;
    MUSTER_CHECK(walk(Which::waiting, context, go_on));
  } while (moved_ && go_on());
  return {};
}

}  // namespace muster::provision
