// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/reevaluate.h"

#include "provision/reviews/find_record.h"
#include "provision/runs/guard.h"
#include "provision/runs/reevaluation.h"
#include "provision/runs/run_journal.h"

namespace muster::provision {
namespace {

class ReevaluationRun {
 public:
  // `retry`: only what waits.
  ReevaluationRun(Provisioner& provisioner, const ReevaluationRequest& request,
                  const RetryRequest* retry, const Clock& clock, std::stop_token stop)
      : provisioner_(provisioner),
        request_(request),
        retry_(retry),
        stop_(std::move(stop)),
        engine_(provisioner.engine()),
        run_time_(clock.now()),
        journal_(provisioner.store(), clock, {.kind = request.kind, .actor = request.actor},
                 retry != nullptr && retry->only_news) {}

  Result<RunReport> execute() {
    MUSTER_CHECK(begin());
    const auto walked = walk();
    if (walked) note_kept();
    RunEnd end{.held = hold_.has_value(), .engine = engine_.get()};
    if (!walked) {
      end.error = walked.error();
    } else if (stopped()) {
      end.stopped = exchanged()
                        ? "another mapping came into force meanwhile; start it again"
                        : "stopped; what was evaluated stays, the next run goes on from here";
    } else if (hold_) {
      journal_.say(*hold_);
    }
    if (hold_ && !journal_.add(std::move(held_items_)))
      journal_.say("(The list of those who are held could not be written)");
    return journal_.end(end);
  }

  bool is_news() const { return journal_.is_news(); }

 private:
  Status begin() {
    MUSTER_CHECK(provisioner_.store().read([this](store::View& view) -> Status {
      MUSTER_TRY(people_, view.identities().active());
      if (retry_ != nullptr) return find_rows(view);
      MUSTER_TRY(total_, view.walks().count_stale(engine_->fingerprint(run_time_)));
      return {};
    }));
    return journal_.begin();
  }

  Status find_rows(store::View& view) {
    MUSTER_TRY(const auto rows, view.records().rows(retry_->records));
    only_.clear();
    for (const auto& row : rows) {
      if (row) only_.emplace(row->head.row, row->head.id);
    }
    if (only_.empty() && !retry_->records.empty())
      return fail(Fault::not_found, "there is no such record", retry_->records.front());
    total_ = static_cast<std::int64_t>(only_.size());
    return {};
  }

  Status pass(Reevaluation& reevaluation, bool hold, const std::function<bool()>& go_on) const {
    return retry_ != nullptr ? reevaluation.retry(hold, only_, go_on)
                             : reevaluation.pass(hold, go_on);
  }

  Status walk() {
    Reevaluation reevaluation(
        *engine_, run_time_,
        {.actor = request_.actor, .run = journal_.row().id, .follow_ups = &journal_.follow_ups()},
        [this](const store::Store::Work& work) {
          auto written = provisioner_.store().write(work);
          if (!written) noted_ = false;
          return written;
        },
        [this](store::Transaction& tx, std::span<const Result<Outcome>> outcomes) {
          return note(tx, outcomes);
        });
    const auto go_on = [this] {
      note_kept();
      return !stopped();
    };
    MUSTER_CHECK(pass(reevaluation, true, go_on));
    if (stopped() || reevaluation.held() == 0) return {};
    leaving_ = reevaluation.held();
    hold_ = reason();
    if (hold_) {
      journal_.counts().held = leaving_;
      return {};
    }
    held_items_.clear();
    return pass(reevaluation, false, go_on);
  }

  std::optional<std::string> reason() const {
    if (request_.accept_deactivations == leaving_) return std::nullopt;
    auto reason = reason_to_hold_active(engine_->guard(), people_, leaving_);
    if (reason)
      *reason +=
          "; nobody did. Check the mapping file; if it is right, accept exactly this number or "
          "raise lifecycle.guard";
    return reason;
  }

  // In the transaction of what is noted, which may be repeated.
  Status note(store::Transaction& tx, std::span<const Result<Outcome>> outcomes) {
    batch_records_ = static_cast<std::int64_t>(outcomes.size());
    batch_held_.clear();
    for (const auto& outcome : outcomes) {
      if (!outcome || !outcome->held) continue;
      const auto& decision = outcome->decision;
      batch_held_.push_back(
          held_item(decision.key, decision.where, decision.identity_id, decision.reason));
    }
    noted_ = true;
    return journal_.note(tx, outcomes, RunJournal::Tally::stored);
  }

  // The batch that was noted last is in the store.
  void note_kept() {
    if (!noted_) return;
    noted_ = false;
    journal_.keep();
    done_ += batch_records_;
    constexpr std::size_t most_items = 10'000;
    for (auto& item : batch_held_) {
      if (held_items_.size() < most_items) held_items_.push_back(std::move(item));
    }
    batch_held_.clear();
    if (request_.on_progress) request_.on_progress({done_, total_});
  }

  bool exchanged() const { return provisioner_.engine() != engine_; }
  bool stopped() const { return stop_.stop_requested() || exchanged(); }

  Provisioner& provisioner_;
  const ReevaluationRequest& request_;
  const RetryRequest* retry_;
  Reevaluation::Rows only_ = {};
  std::stop_token stop_;
  std::shared_ptr<const mappings::Engine> engine_;
  Timestamp run_time_;
  RunJournal journal_;
  std::int64_t people_ = 0;
  std::int64_t total_ = 0;
  std::int64_t done_ = 0;
  std::int64_t leaving_ = 0;
  std::optional<std::string> hold_ = {};
  std::vector<store::RunItem> held_items_ = {};
  std::int64_t batch_records_ = 0;
  std::vector<store::RunItem> batch_held_ = {};
  bool noted_ = false;
};

}  // namespace

Result<RunReport> reevaluate(Provisioner& provisioner, const ReevaluationRequest& request,
                             const Clock& clock, std::stop_token stop) {
  return ReevaluationRun(provisioner, request, nullptr, clock, std::move(stop)).execute();
}

Result<std::optional<RunReport>> retry_waiting(Provisioner& provisioner,
                                               const RetryRequest& request, const Clock& clock,
                                               std::stop_token stop) {
  const ReevaluationRequest how{
      .kind = request.kind, .actor = request.actor, .on_progress = request.on_progress};
  ReevaluationRun run(provisioner, how, &request, clock, std::move(stop));
  MUSTER_TRY(auto report, run.execute());
  if (!run.is_news()) return std::optional<RunReport>();
  return std::optional(std::move(report));
}

Result<std::vector<std::string>> waiting_records(const Provisioner& provisioner,
                                                 std::span<const std::string> names) {
  MUSTER_TRY(const auto view, provisioner.store().snapshot());
  std::vector<std::string> ids;
  for (const auto& name : names) {
    MUSTER_TRY(const auto record, find_record(*view, name));
    if (!record)
      return fail(
          Fault::not_found,
          "there is no review or record '" + name + "'; a record is named by its id or SOURCE/KEY",
          {}, "see_reviews");
    if (!store::waits(record->head.state))
      return fail(Fault::conflict, "record " + record->head.key.source + "/" +
                                       record->head.key.key + " does not wait: it is " +
                                       std::string(store::name_of(record->head.state)));
    ids.push_back(record->head.id);
  }
  return ids;
}

}  // namespace muster::provision
