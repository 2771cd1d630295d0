// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/killed_runs.h"

#include <set>

#include "core/log.h"
#include "store/leases/held_lease.h"

namespace muster::provision {
namespace {

constexpr const char* what_happened =
    "ended without a word: the process was killed, or stood still until somebody else went on; "
    "what it had committed stays, run it again";

}  // namespace

std::string source_lease(std::string_view source) { return "source:" + std::string(source); }

std::string lease_of(const store::RunRow& run) {
  if (!run.source.empty()) return source_lease(run.source);
  return std::string(run.kind == store::RunKind::apply ? apply_lease : lifecycle_lease);
}

Result<std::vector<store::RunRow>> end_killed_runs(store::Transaction& tx, std::string_view lease) {
  MUSTER_TRY(auto killed, tx.runs().running());
  std::erase_if(killed, [&](const auto& run) { return lease_of(run) != lease; });
  for (auto& run : killed) {
    run.state = store::RunState::failed;
    run.detail = what_happened;
    run.ended = tx.now();
    MUSTER_CHECK(tx.runs().put(run));
  }
  return killed;
}

Result<std::vector<store::RunRow>> end_all_killed_runs(store::Store& store,
                                                       std::chrono::milliseconds duration) {
  std::vector<store::RunRow> all;
  std::set<std::string> leases;
  MUSTER_CHECK(store.read([&](store::View& view) -> Status {
    leases.clear();
    MUSTER_TRY(const auto running, view.runs().running());
    for (const auto& run : running) leases.insert(lease_of(run));
    return {};
  }));
  for (const auto& name : leases) {
    std::vector<store::RunRow> killed;
    // Taken, not only looked at: a process that stands still and wakes writes nothing then.
    const auto lease = store::HeldLease::take(
        store, {.name = name, .duration = duration, .first = [&](store::Transaction& tx) -> Status {
                  MUSTER_TRY(killed, end_killed_runs(tx, name));
                  return {};
                }});
    if (!lease && lease.error().code == "busy") continue;  // it is alive
    if (!lease) return fail(lease.error());
    log_killed(killed);
    all.insert(all.end(), killed.begin(), killed.end());
  }
  return all;
}

void log_killed(const std::vector<store::RunRow>& runs) {
  for (const auto& run : runs)
    log::write(log::Level::warning, "provision", "a run was killed",
               {{"run", run.id}, {"source", run.source}, {"kind", store::name_of(run.kind)}});
}

}  // namespace muster::provision
