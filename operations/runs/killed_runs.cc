// SPDX-License-Identifier: Apache-2.0
#include "operations/runs/killed_runs.h"

#include <algorithm>
#include <set>
#include <vector>

#include "core/log.h"
#include "operations/runs/source_lock.h"

namespace muster::operations {
namespace {

constexpr const char* what_happened =
    "ended without a word: the process was killed; what it had committed stays, run it again";

std::string lock_of(const store::RunRow& run) {
  if (!run.source.empty()) return run.source;
  return run.kind == store::RunKind::apply ? apply_lock : lifecycle_lock;
}

}  // namespace

Status end_killed_runs(store::Store& store, const std::string& held_lock) {
  std::vector<store::RunRow> killed;
  auto ended = store.write([&](store::Transaction& tx) -> Status {
    MUSTER_TRY(killed, tx.runs().running());
    std::erase_if(killed, [&](const auto& run) { return lock_of(run) != held_lock; });
    for (auto& run : killed) {
      run.state = store::RunState::failed;
      run.detail = what_happened;
      run.ended = tx.now();
      MUSTER_CHECK(tx.runs().put(run));
    }
    return {};
  });
  MUSTER_CHECK(std::move(ended));
  for (const auto& run : killed)
    log::write(log::Level::warning, "operations", "a run was killed",
               {{"run", run.id}, {"source", run.source}, {"kind", store::name_of(run.kind)}});
  return {};
}

Status end_all_killed_runs(store::Store& store, const std::filesystem::path& state_directory) {
  std::set<std::string> locks;
  MUSTER_CHECK(store.read([&](store::View& view) -> Status {
    MUSTER_TRY(const auto running, view.runs().running());
    for (const auto& run : running) locks.insert(lock_of(run));
    return {};
  }));
  for (const auto& name : locks) {
    const auto lock = SourceLock::acquire(state_directory, name);
    if (!lock && lock.error().fault == Fault::conflict) continue;  // it is alive
    if (!lock) return fail(lock.error());
    MUSTER_CHECK(end_killed_runs(store, name));
  }
  return {};
}

}  // namespace muster::operations
