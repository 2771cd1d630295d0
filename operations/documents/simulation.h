// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/value.h"
#include "operations/mapping/apply.h"
#include "operations/mapping/simulate.h"

namespace muster::operations {

// How many records would stand somewhere else: "review -> linked".
std::map<std::string, std::int64_t> moves_of(const provision::Simulation& simulation);

Value as_document(const PersonDifferences& person);

// The counts of a simulation. `timing`: with the seconds that it took.
Value summary_of(const SimulationOutcome& outcome, bool timing);

// How `apply` ended. `refused`: the refusals in the words of the way in, which also say how to
// accept them there; empty: there are none.
Value as_document(const ApplyOutcome& outcome, const std::string& mapping,
                  const std::string& refused, bool timing);

}  // namespace muster::operations
