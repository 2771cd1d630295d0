// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "provision/provisioner.h"
#include "provision/runs/sync_run.h"
#include "store/rows.h"

namespace muster::provision {

struct ReevaluationProgress {
  std::int64_t records = 0;  // evaluated so far
  std::int64_t total = 0;    // that had to be when the run began
};

struct ReevaluationRequest {
  store::RunKind kind = store::RunKind::apply;
  std::string actor = {};
  // Exactly so many people may become inactive, whatever the guard says.
  std::optional<std::int64_t> accept_deactivations = {};
  std::function<void(const ReevaluationProgress&)> on_progress = {};
};

// Evaluates again everything that was told about people and was evaluated by other rules or on
// another day than the engine in force gives (Engine::fingerprint), in batches, in order of row:
// people first, then the records that belong to nobody yet, at last all that wait, whoever
// evaluated them. Nobody has to tell anything again; audit rows and events are those of any other
// change. What would make people inactive comes last, and is held when there are more of them than
// the guard allows of all active people (state held); everything else goes on. Stopped or
// interrupted, the next run goes on where this one ended, as fingerprints tell. The run and its
// items are in the store whatever happens; the row is returned. An error means that not even the
// run could be written. One such run at a time is the caller's business.
Result<RunReport> reevaluate(Provisioner& provisioner, const ReevaluationRequest& request,
                             const Clock& clock, std::stop_token stop);

struct RetryRequest {
  store::RunKind kind = store::RunKind::retry;
  std::string actor = {};
  std::vector<std::string> records = {};  // ids; empty: all that wait
  // A run that changes nothing leaves no trace, and gives no report.
  bool only_news = false;
  std::function<void(const ReevaluationProgress&)> on_progress = {};
};

// Decides records in review and quarantine again as their sources told them last, by the engine in
// force: what hindered them may be gone. Guarded and reported as reevaluate(), which does the same
// at its end. What waits on, for the same reason, is counted and has no item.
Result<std::optional<RunReport>> retry_waiting(Provisioner& provisioner,
                                               const RetryRequest& request, const Clock& clock,
                                               std::stop_token stop);

// The records that these name, each a review's id, a record's id or SOURCE/KEY; not_found, or
// conflict for one that does not wait.
Result<std::vector<std::string>> waiting_records(const Provisioner& provisioner,
                                                 std::span<const std::string> names);

}  // namespace muster::provision
