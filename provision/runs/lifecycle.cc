// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/lifecycle.h"

#include "provision/runs/guard.h"
#include "provision/runs/lifecycle_batch.h"
#include "provision/runs/reevaluate.h"
#include "provision/runs/run_journal.h"

namespace muster::provision {
namespace {

constexpr int batch_size = 500;

class LifecycleRun {
 public:
  LifecycleRun(Provisioner& provisioner, const std::string& actor, const Clock& clock,
               std::stop_token stop)
      : provisioner_(provisioner),
        stop_(std::move(stop)),
        engine_(provisioner.engine()),
        run_time_(clock.now()),
        journal_(provisioner.store(), clock, {.kind = store::RunKind::lifecycle, .actor = actor}) {}

  Result<RunReport> execute() {
    MUSTER_CHECK(provisioner_.store().read([this](store::View& view) -> Status {
      MUSTER_TRY(people_, view.identities().active());
      return {};
    }));
    MUSTER_CHECK(journal_.begin());
    auto walked = pass(true);
    if (walked && !stop_.stop_requested()) walked = settle_losses();
    RunEnd end{.held = held_, .engine = engine_.get()};
    if (!walked) end.error = walked.error();
    if (stop_.stop_requested())
      end.stopped = "stopped; what was done stays, the next run goes on from here";
    return journal_.end(end);
  }

 private:
  struct Losses {
    std::int64_t inactive = 0;
    std::int64_t deleted = 0;
  };

  // Everybody who is due, once, in batches.
  Status pass(bool hold) {
    store::DueRow behind;
    while (!stop_.stop_requested()) {
      store::DueRow last;
      bool more = false;
      auto losses = losses_;
      auto done = provisioner_.store().write([&](store::Transaction& tx) -> Status {
        losses = losses_;
        MUSTER_TRY(const auto due, tx.identities().due(run_time_, behind, batch_size));
        more = !due.empty();
        if (!more) return {};
        last = due.back();
        return apply(tx, due, hold, losses);
      });
      MUSTER_CHECK(std::move(done));
      if (!more) return {};
      journal_.keep();
      losses_ = losses;
      behind = last;
    }
    return {};
  }

  Status apply(store::Transaction& tx, const std::vector<store::DueRow>& due, bool hold,
               Losses& losses) {
    journal_.follow_ups().clear();
    const SubmitContext context{.actor = journal_.row().actor,
                                .run = journal_.row().id,
                                .hold_deactivations = hold,
                                .follow_ups = &journal_.follow_ups()};
    std::vector<std::string> ids;
    for (const auto& one : due) ids.push_back(one.identity_id);
    Wave wave(tx, *engine_, context, run_time_);
    MUSTER_TRY(auto outcomes, LifecycleBatch(tx, *engine_, context, run_time_, wave).run(ids));
    MUSTER_CHECK(wave.settle());
    std::vector<Result<Outcome>> done;
    for (auto& outcome : outcomes) {
      if (outcome.held)
        ++(outcome.decision.verb == Verb::remove ? losses.deleted : losses.inactive);
      else
        done.emplace_back(std::move(outcome));
    }
    return journal_.note(tx, done, RunJournal::Tally::stored);
  }

  // What takes people away, when everything else is done.
  Status settle_losses() {
    const auto leaving = losses_.inactive + losses_.deleted;
    if (leaving == 0) return {};
    const auto limit = allowed(engine_->guard(), people_);
    if (losses_.inactive <= limit && losses_.deleted <= limit) return pass(false);
    held_ = true;
    journal_.counts().held = leaving;
    journal_.say(std::to_string(losses_.inactive) + " people would become inactive and " +
                 std::to_string(losses_.deleted) + " be deleted because their time is over, " +
                 std::to_string(people_) + " are active, and the limit is " +
                 std::to_string(limit) +
                 "; nobody was. Check whether their sources still deliver; if it is right, raise "
                 "lifecycle.guard in the mapping file for one run.");
    return {};
  }

  Provisioner& provisioner_;
  std::stop_token stop_;
  std::shared_ptr<const mappings::Engine> engine_;
  Timestamp run_time_;
  RunJournal journal_;
  std::int64_t people_ = 0;
  Losses losses_ = {};
  bool held_ = false;
};

struct ToDo {
  bool stale = false;
  bool due = false;
};

Result<ToDo> look(Provisioner& provisioner, Timestamp run_time) {
  const auto engine = provisioner.engine();
  ToDo to_do;
  auto looked = provisioner.store().read([&](store::View& view) -> Status {
    if (engine->reads_clock()) {
      MUSTER_TRY(const auto stale, view.walks().count_stale(engine->fingerprint(run_time)));
      to_do.stale = stale > 0;
    }
    MUSTER_TRY(const auto due, view.identities().due(run_time, {}, 1));
    to_do.due = !due.empty();
    return {};
  });
  if (!looked) return fail(std::move(looked).error());
  return to_do;
}

}  // namespace

Result<std::vector<RunReport>> run_lifecycle(Provisioner& provisioner, const std::string& actor,
                                             const Clock& clock, std::stop_token stop) {
  std::vector<RunReport> reports;
  MUSTER_TRY(const auto to_do, look(provisioner, clock.now()));
  if (to_do.stale) {
    const ReevaluationRequest request{.kind = store::RunKind::lifecycle, .actor = actor};
    MUSTER_TRY(reports.emplace_back(), reevaluate(provisioner, request, clock, stop));
  }
  if (to_do.due) {
    LifecycleRun run(provisioner, actor, clock, stop);
    MUSTER_TRY(reports.emplace_back(), run.execute());
  }
  const RetryRequest request{.kind = store::RunKind::lifecycle, .actor = actor, .only_news = true};
  MUSTER_TRY(auto retried, retry_waiting(provisioner, request, clock, stop));
  if (retried) reports.push_back(*std::move(retried));
  return reports;
}

Status note_missing(store::Transaction& tx, const mappings::Engine& engine, Timestamp run_time,
                    std::span<const std::string> record_ids) {
  MUSTER_TRY(const auto rows, tx.records().rows(record_ids));
  std::vector<std::string> ids;
  for (const auto& row : rows) {
    if (row && !row->head.identity_id.empty()) ids.push_back(row->head.identity_id);
  }
  BatchWorld world(tx);
  People people(tx, engine, world, run_time);
  MUSTER_CHECK(people.load(ids));
  for (const auto& id : ids) {
    Person* person = people.find(id);
    if (person == nullptr || person->changed) continue;
    MUSTER_TRY(auto settled, people.settle(*person));
    auto after = person->now;
    after.due = settled.identity.due;
    if (settled.identity.state == after.state) after.state_reason = settled.identity.state_reason;
    people.accept(*person, std::move(after));
  }
  return people.flush(tx);
}

}  // namespace muster::provision
