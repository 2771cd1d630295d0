// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/value.h"
#include "store/rows.h"

namespace muster::gateway::cli {

// Findings as people read them, wherever they stand: code, attribute and message; what was told,
// the rule and what to do on lines below. `document` is what document_of() makes of a finding.
void print_finding(const Value& document, int indent);

// What a run found, by kind, with how often and where; and what stands in the end.
void print_findings(const store::RunRow& run);

}  // namespace muster::gateway::cli
