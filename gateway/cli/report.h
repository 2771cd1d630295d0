// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gateway/cli/output.h"
#include "provision/runs/reevaluate.h"
#include "provision/runs/sync_run.h"
#include "store/rows.h"

namespace muster::gateway::cli {

// A run as a person reads it: one line of state, the counts that are not zero, the reason, then the
// what was found, then the items, at most `shown` of them; `left_out`: more than these were not
// even read.
void print_run(const store::RunRow& run, const std::vector<store::RunItem>& items, bool dry_run,
               std::size_t shown, std::int64_t left_out = 0);

// Progress of a run on standard error: a line that renews itself on a terminal, else nothing.
std::function<void(const provision::RunProgress&)> progress_line(bool quiet);
std::function<void(const provision::ReevaluationProgress&)> reevaluation_line(bool quiet);
// Ends the progress line before something else is printed.
void end_progress(bool quiet);

}  // namespace muster::gateway::cli
