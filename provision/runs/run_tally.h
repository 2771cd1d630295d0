// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/result.h"
#include "provision/decision.h"
#include "store/rows.h"

namespace muster::provision {

// Counts what became of a record and adds the run's item for it. Outcomes that are
// held or postponed are not counted: what becomes of them is known later in the run.
void tally(const Result<Outcome>& outcome, store::RunCounts& counts,
           std::vector<store::RunItem>& items);

// The log's line about a run that ended.
void log_end(const store::RunRow& run);

}  // namespace muster::provision
