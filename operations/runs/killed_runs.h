// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"
#include "store/store.h"

namespace muster::operations {

// What is under way by these locks (source_lock.h) beside the sources, whose locks have their
// names.
inline constexpr const char* lifecycle_lock = "lifecycle run";
inline constexpr const char* apply_lock = "map-apply";

// Runs that say that they are under way although the caller holds their lock, so their process was
// killed: ended as failed, in one transaction. What they had committed stays.
Status end_killed_runs(store::Store& store, const std::string& held_lock);

// The same for every run whose lock nobody holds.
Status end_all_killed_runs(store::Store& store, const std::filesystem::path& state_directory);

}  // namespace muster::operations
