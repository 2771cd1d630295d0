// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/value.h"
#include "store/rows.h"

namespace muster::gateway::cli {

// Findings as people read them, wherever they stand: code, attribute and message; what was told,
// the rule and what to do on lines below. `document` is what document_of() makes of a finding.
void print_finding(const Value& document, int indent);

// What was found, by kind, with how often and where.
void print_findings(const std::vector<store::FindingGroup>& groups, bool of_many_sources);
// The same of a run, and what stands at its end.
void print_findings(const store::RunRow& run);

}  // namespace muster::gateway::cli
