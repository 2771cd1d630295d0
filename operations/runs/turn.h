// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "operations/installation.h"
#include "operations/runs/source_lock.h"

namespace muster::operations {

// What holds a turn; it ends with it.
using Turn = SourceLock;

// One at a time: a source by its name, `lifecycle_lock`, `apply_lock` (killed_runs.h). conflict
// with code "busy" when somebody else has the turn.
Result<Turn> take_turn(const Installation& here, const std::string& name);

// The same for a run that begins now: what a killed process left under way with this turn is ended
// as failed.
Result<Turn> take_turn_of_run(const Installation& here, const std::string& name);

}  // namespace muster::operations
