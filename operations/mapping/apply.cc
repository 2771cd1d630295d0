// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/apply.h"

#include <algorithm>

#include "operations/files.h"
#include "operations/mapping/keys.h"
#include "operations/runs/turn.h"

namespace muster::operations {
namespace {

namespace fs = std::filesystem;

std::vector<ApplyRefusal> refusals_of(const ApplyRequest& request, const SimulationOutcome& seen) {
  using Reason = ApplyRefusal::Reason;
  std::vector<ApplyRefusal> refusals;
  const auto& accepted = request.accept_sources;
  for (const auto& one : seen.sources) {
    if (std::find(accepted.begin(), accepted.end(), one.source) == accepted.end())
      refusals.push_back({.reason = Reason::source, .source = one.source, .message = one.message});
  }
  if (!refusals.empty()) return refusals;
  const auto leaving = seen.simulation.leaving;
  if (request.accept_deactivations) {
    if (*request.accept_deactivations != leaving)
      refusals.push_back(
          {.reason = Reason::count,
           .leaving = leaving,
           .message = std::to_string(leaving) + " people would become inactive, not " +
                      std::to_string(*request.accept_deactivations) + " as was accepted"});
  } else if (!seen.simulation.hold.empty()) {
    refusals.push_back(
        {.reason = Reason::guard, .leaving = leaving, .message = seen.simulation.hold});
  }
  return refusals;
}

// The file that stood there until now, to be put back.
struct Replaced {
  std::optional<std::string> text = {};  // none: there was none, or it was the same
};

Result<Replaced> install(const ApplyRequest& request, ApplyOutcome& outcome) {
  Replaced replaced;
  const auto before = read_text(request.active);
  if (before && *before == request.text) return replaced;
  if (before) {
    const auto previous = fs::path(request.active.string() + ".previous");
    MUSTER_CHECK(replace_file(previous, *before));
    outcome.previous = previous;
    replaced.text = *before;
  }
  MUSTER_CHECK(replace_file(request.active, request.text));
  return replaced;
}

Status let_follow(const Follow& follow, const std::string& sha256, ApplyOutcome& outcome) {
  MUSTER_TRY(const auto works_by, follow());
  outcome.service_follows = works_by.has_value();
  if (works_by && *works_by != sha256)
    return fail(Fault::conflict,
                "the running service uses another mapping file than this configuration names");
  return {};
}

Status remember(const Installation& draft, store::Store& store) {
  const auto now = keyed_by(draft.sources, *draft.provisioner.engine());
  return store.write([&now](store::Transaction& tx) { return provision::remember_keys(tx, now); });
}

// At most a page of it.
Result<std::vector<store::RunItem>> troubles_of(store::Store& store, const std::string& run) {
  MUSTER_TRY(auto reader, store.reader());
  MUSTER_TRY(auto items, reader->runs().items(run, 0, 10'000));
  std::erase_if(items, [](const auto& item) { return item.result == "done"; });
  return items;
}

Status carry_out(const Installation& draft, provision::RunLease& turn, const ApplyRequest& request,
                 const ApplyWatch& watch, ApplyOutcome& outcome) {
  provision::ReevaluationRequest again{.actor = request.actor, .on_progress = watch.on_progress};
  // What was seen is what was agreed to; more than that is for the guard again.
  if (request.accept_deactivations) again.accept_deactivations = outcome.seen.simulation.leaving;
  MUSTER_TRY(outcome.run,
             provision::reevaluate(turn.provisioner(), again, draft.clock, turn.stop_token()));
  MUSTER_TRY(outcome.troubles, troubles_of(draft.store(), outcome.run->row.id));
  return {};
}

}  // namespace

Result<ApplyOutcome> apply(const Installation& draft, const ApplyRequest& request,
                           const Follow& follow, const ApplyWatch& watch, std::stop_token stop) {
  Turn turn;  // what is only looked at needs none
  if (!request.dry_run) {
    MUSTER_TRY(turn, take_turn(draft, std::string(provision::apply_lease), stop));
    stop = turn->stop_token();
  }
  ApplyOutcome outcome;
  MUSTER_TRY(outcome.seen, simulate(draft,
                                    {.at = draft.clock.now(),
                                     .in_force = keyed_by_in_force(draft.sources, request.active)},
                                    watch.simulation, stop));
  if (stop.stop_requested())
    return fail(Fault::unavailable, "stopped before anything was changed", request.active.string());
  outcome.refusals = refusals_of(request, outcome.seen);
  if (watch.on_seen) watch.on_seen(outcome);
  if (request.dry_run || !outcome.refusals.empty()) return outcome;

  MUSTER_TRY(const auto replaced, install(request, outcome));
  if (auto followed = let_follow(follow, draft.provisioner.engine()->sha256(), outcome);
      !followed) {
    if (replaced.text) MUSTER_CHECK(replace_file(request.active, *replaced.text));
    return fail(std::move(followed).error());
  }
  MUSTER_CHECK(remember(draft, turn->provisioner().store()));
  MUSTER_CHECK(carry_out(draft, *turn, request, watch, outcome));
  return outcome;
}

}  // namespace muster::operations
