// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/store.h"

namespace muster::provision {

// What the runs of a source hold while they are under way, over all processes of a store.
std::string source_lease(std::string_view source);
// Runs over the records of all sources: time and what waits; another mapping.
inline constexpr std::string_view lifecycle_lease = "lifecycle";
inline constexpr std::string_view apply_lease = "apply";

// The one of these that such a run holds.
std::string lease_of(const store::RunRow& run);

// Runs that say that they are under way although `tx` has taken their lease just now, so their
// process was killed or has lost it: ended as failed, and returned. What they had committed stays.
Result<std::vector<store::RunRow>> end_killed_runs(store::Transaction& tx, std::string_view lease);

// The same for every run whose lease nobody holds any more; `duration` is how long a lease lasts
// that is taken for it.
Result<std::vector<store::RunRow>> end_all_killed_runs(store::Store& store,
                                                       std::chrono::milliseconds duration);

// The log's lines about them.
void log_killed(const std::vector<store::RunRow>& runs);

}  // namespace muster::provision
