// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/result.h"
#include "gateway/cli/exit_code.h"

namespace muster::gateway::cli {

struct MapCheck {
  std::string file = {};
  bool json = false;    // one document on standard output
  bool strict = false;  // warnings fail too
};

// Loads a mapping file, runs its tests and prints every problem: exit_ok or exit_invalid.
Result<ExitCode> check_mapping(const MapCheck& wanted);

}  // namespace muster::gateway::cli
