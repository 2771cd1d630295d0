// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "operations/installation.h"
#include "operations/mapping/differences.h"
#include "provision/runs/source_change.h"
#include "provision/simulate/simulate.h"

namespace muster::operations {

// What one part of a simulation tells, as it goes.
struct SimulationWatch {
  std::function<void(const PersonDifferences&)> on_person = {};
  std::function<void(const provision::ReevaluationProgress&)> on_progress = {};
};

struct SimulationRequest {
  std::string person = {};  // id or user name, when nobody else is of interest
  Timestamp at = {};        // run time
  // What the records of sources are known by under the rules in force (keys.h).
  provision::KeyedBy in_force = {};
};

struct SimulationOutcome {
  provision::Simulation simulation = {};
  DifferenceCounts counts = {};
  // What would make strangers of the people of a source.
  std::vector<provision::SourceChange> sources = {};
  std::string sha256 = {};  // of the mapping

  bool finds_changes() const {
    return !sources.empty() || simulation.changed > 0 || !simulation.moves.empty();
  }
};

// What the mapping of this installation would do to everybody (provision/simulate/simulate.h), of
// whom each is told to the watch. Writes nothing. Stopped: unavailable.
Result<SimulationOutcome> simulate(const Installation& draft, const SimulationRequest& request,
                                   const SimulationWatch& watch, std::stop_token stop);

}  // namespace muster::operations
