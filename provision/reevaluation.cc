// SPDX-License-Identifier: Apache-2.0
#include "provision/reevaluation.h"

#include "provision/reevaluation_batch.h"

namespace muster::provision {
namespace {

constexpr int batch_size = 1000;

}  // namespace

Result<Reevaluation::Portion> Reevaluation::portion(bool linked, const SubmitContext& context,
                                                    std::int64_t after, int size) {
  Portion portion;
  const auto known_held = [&](const std::string& id) {
    return context.hold_deactivations && held_.contains(id);
  };
  auto done = transact_([&](store::Transaction& tx) -> Status {
    portion = {};
    MUSTER_TRY(const auto heads,
               tx.records().stale(engine_.fingerprint(run_time_), linked, after, size));
    portion.rows = heads.size();
    if (heads.empty()) return {};
    portion.last_row = heads.back().row;
    ReevaluationBatch batch(tx, engine_, mapper_, context, run_time_, known_held);
    if (linked) {
      MUSTER_TRY(portion.outcomes, batch.run_linked(heads));
    } else {
      MUSTER_TRY(portion.outcomes, batch.run_unlinked(heads));
    }
    return also_(tx, portion.outcomes);
  });
  if (!done) return fail(std::move(done).error());
  return portion;
}

Status Reevaluation::walk(bool linked, const SubmitContext& context,
                          const std::function<bool()>& go_on) {
  std::int64_t after = 0;
  int size = batch_size;
  int singles = 0;
  while (go_on()) {
    auto done = portion(linked, context, after, size);
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
        MUSTER_TRY(const auto heads,
                   tx.records().stale(engine_.fingerprint(run_time_), linked, after, 1));
        row = heads.empty() ? after + 1 : heads.front().row;
        const Result<Outcome> refused[] = {Result<Outcome>(fail(done.error()))};
        return also_(tx, refused);
      });
      MUSTER_CHECK(std::move(looked));
      after = row;
    } else {
      for (const auto& outcome : done->outcomes) {
        if (outcome && outcome->held) held_.insert(outcome->decision.identity_id);
      }
      if (done->rows == 0) return {};
      after = done->last_row;
    }
    if (singles > 0 && --singles == 0) size = batch_size;
  }
  return {};
}

Status Reevaluation::pass(bool hold, const std::function<bool()>& go_on) {
  auto context = context_;
  context.hold_deactivations = hold;
  MUSTER_CHECK(walk(true, context, go_on));
  return walk(false, context, go_on);
}

}  // namespace muster::provision
