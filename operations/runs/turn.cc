// SPDX-License-Identifier: Apache-2.0
#include "operations/runs/turn.h"

#include "operations/runs/killed_runs.h"

namespace muster::operations {

Result<Turn> take_turn(const Installation& here, const std::string& name) {
  return SourceLock::acquire(here.state_directory, name);
}

Result<Turn> take_turn_of_run(const Installation& here, const std::string& name) {
  MUSTER_TRY(auto turn, take_turn(here, name));
  MUSTER_CHECK(end_killed_runs(here.store(), name));
  return turn;
}

}  // namespace muster::operations
