// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/value.h"
#include "operations/runs/list.h"
#include "operations/runs/run.h"
#include "store/rows.h"

namespace muster::operations {

Value as_document(const store::RunRow& run);
Value as_document(const store::RunItem& item);
Value as_document(const store::RunCounts& counts);
Value as_document(const store::StandingFindings& standing);
Value as_document(const std::vector<store::FindingGroup>& groups);

// The run with its items, and whether it was a dry run.
Value as_document(const RunOutcome& outcome);
// The same for a retry, whose run stands below "run".
Value retry_document(const RunOutcome& outcome);
Value as_document(const LifecycleOutcome& outcome);
Value as_document(const RunDetails& details);

}  // namespace muster::operations
