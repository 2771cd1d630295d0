// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/identity.h"
#include "core/result.h"
#include "mappings/engine.h"
#include "provision/runs/reevaluate.h"
#include "store/store.h"

namespace muster::provision {

// Somebody who would be different.
struct PersonChange {
  std::optional<Identity> before = {};  // none: somebody new, whose id is not known yet
  Identity after = {};
  std::vector<std::string> changed = {};  // differences(), or "findings"; empty for somebody new
};

struct Simulation {
  std::int64_t people = 0;       // looked at
  std::int64_t changed = 0;      // of them and new ones: told to on_change
  std::int64_t active = 0;       // people who are active today
  std::int64_t leaving = 0;      // of them, who would become inactive
  std::string hold = {};         // why `reevaluate` would hold them; empty when it would not
  store::RunCounts counts = {};  // what would become of the records
  std::vector<store::FindingGroup> findings = {};  // what would be found meanwhile
  std::map<std::pair<store::RecordState, store::RecordState>, std::int64_t> moves = {};
  std::chrono::nanoseconds took{0};
  std::chrono::nanoseconds store{0};  // of that, spent on reading from the store
};

struct SimulationRequest {
  std::string only = {};  // an identity, when nobody else is of interest
  std::function<void(const ReevaluationProgress&)> on_progress = {};
};

// What reevaluate() with this engine would do to everybody, without writing anything: the same code
// over one snapshot of the store, beside a running service. Everybody who would be different is
// told in order of their creation, new people last; two calls over the same data tell the same.
// What they become waits in a temporary file; memory holds their ids and what others may run into:
// names promised, new keys. Stopped: Fault::unavailable.
Result<Simulation> simulate(store::Store& store, const mappings::Engine& engine, Timestamp run_time,
                            const SimulationRequest& request,
                            const std::function<Status(const PersonChange&)>& on_change,
                            std::stop_token stop);

}  // namespace muster::provision
