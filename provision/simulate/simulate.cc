// SPDX-License-Identifier: Apache-2.0
#include "provision/simulate/simulate.h"

#include "provision/road/decide.h"
#include "provision/runs/finding_tally.h"
#include "provision/runs/guard.h"
#include "provision/runs/reevaluation.h"
#include "provision/runs/run_tally.h"
#include "store/overlay/overlay.h"

namespace muster::provision {
namespace {

class SimulationRun {
 public:
  SimulationRun(store::View& snapshot, const mappings::Engine& engine, Timestamp run_time,
                const SimulationRequest& request, std::stop_token stop)
      : snapshot_(snapshot),
        engine_(engine),
        run_time_(run_time),
        request_(request),
        stop_(std::move(stop)),
        overlay_(snapshot, request.only) {}

  Result<Simulation> run(const std::function<Status(const PersonChange&)>& on_change) {
    const auto from = std::chrono::steady_clock::now();
    MUSTER_TRY(result_.active, overlay_.identities().active());
    MUSTER_TRY(total_, overlay_.walks().count_stale(engine_.fingerprint(run_time_)));
    MUSTER_CHECK(walk());
    if (stop_.stop_requested()) return fail(Fault::unavailable, "stopped");
    MUSTER_CHECK(tell(on_change));
    result_.moves = overlay_.moves();
    result_.findings = found_.groups();
    result_.store = overlay_.store_time() + told_time_;
    result_.took = std::chrono::steady_clock::now() - from;
    return std::move(result_);
  }

 private:
  // As in reevaluate(): deactivations last. They are looked at whatever the guard says of them.
  Status walk() {
    Reevaluation reevaluation(
        engine_, run_time_, {.actor = "simulation", .follow_ups = &follow_ups_},
        [this](const store::Store::Work& work) { return work(overlay_); },
        [this](store::Transaction&, std::span<const Result<Outcome>> outcomes) -> Status {
          note(outcomes);
          return {};
        });
    const auto go_on = [this] { return !stop_.stop_requested(); };
    MUSTER_CHECK(reevaluation.pass(true, go_on));
    result_.leaving = reevaluation.held();
    if (result_.leaving == 0) return {};
    result_.hold = reason_to_hold_active(engine_.guard(), result_.active, result_.leaving)
                       .value_or(std::string());
    return reevaluation.pass(false, go_on);
  }

  void note(std::span<const Result<Outcome>> outcomes) {
    std::vector<store::RunItem> items;
    const std::string* last = nullptr;
    found_.begin();
    for (const auto& outcome : outcomes) {
      if (outcome && outcome->held) continue;
      found_.add({}, outcome);
      ++result_.counts.read;
      tally(outcome, result_.counts, items);
      items.clear();
      // The records of one person come together.
      const bool known = outcome && !outcome->decision.identity_id.empty();
      if (known && (last == nullptr || *last != outcome->decision.identity_id)) {
        ++result_.people;
        last = &outcome->decision.identity_id;
      }
    }
    for (const auto& change : follow_ups_) found_.follow(change);
    found_.keep();
    result_.counts.findings = found_.count();
    if (request_.on_progress) request_.on_progress({result_.counts.read, total_});
  }

  Status tell(const std::function<Status(const PersonChange&)>& on_change) {
    constexpr std::size_t portion = 500;
    auto at = overlay_.people().begin();
    const auto end = overlay_.people().end();
    while (at != end) {
      std::vector<std::string> ids;
      auto behind = at;
      for (; behind != end && ids.size() < portion; ++behind) ids.push_back(behind->first);
      const auto from = std::chrono::steady_clock::now();
      MUSTER_TRY(auto before, snapshot_.identities().get(ids));
      told_time_ += std::chrono::steady_clock::now() - from;
      for (std::size_t i = 0; at != behind; ++at, ++i) {
        MUSTER_TRY(auto after, overlay_.person(at->second));
        PersonChange change{std::move(before[i]), std::move(after), {}};
        if (change.before) {
          if (same_person_facts(*change.before, change.after)) continue;
          change.changed = differences(*change.before, change.after);
          if (change.changed.empty())
            change.changed.emplace_back(
                change.before->findings == change.after.findings ? "stateReason" : "findings");
        }
        ++result_.changed;
        MUSTER_CHECK(on_change(change));
      }
    }
    return {};
  }

  store::View& snapshot_;
  const mappings::Engine& engine_;
  Timestamp run_time_;
  const SimulationRequest& request_;
  std::stop_token stop_;
  store::Overlay overlay_;
  FindingTally found_ = {};
  std::vector<FindingChange> follow_ups_ = {};
  Simulation result_ = {};
  std::int64_t total_ = 0;
  std::chrono::nanoseconds told_time_{0};
};

}  // namespace

Result<Simulation> simulate(store::Store& store, const mappings::Engine& engine, Timestamp run_time,
                            const SimulationRequest& request,
                            const std::function<Status(const PersonChange&)>& on_change,
                            std::stop_token stop) {
  MUSTER_TRY(auto snapshot, store.snapshot());
  return SimulationRun(*snapshot, engine, run_time, request, std::move(stop)).run(on_change);
}

}  // namespace muster::provision
