// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "provision/provisioner.h"
#include "provision/sync_run.h"
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
// people first, then the records that belong to nobody yet. Nobody has to tell anything again;
// audit rows and events are those of any other change. What would make people inactive comes last,
// and is held when there are more of them than the guard allows of all active people (state held);
// everything else goes on. Stopped or interrupted, the next run goes on where this one ended, as
// fingerprints tell. The run and its items are in the store whatever happens; the row is returned.
// An error means that not even the run could be written. One such run at a time is the caller's
// business.
Result<RunReport> reevaluate(Provisioner& provisioner, const ReevaluationRequest& request,
                             const Clock& clock, std::stop_token stop);

}  // namespace muster::provision
