// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "store/rows.h"

namespace muster::gateway::cli {

enum ExitCode {
  exit_ok = 0,
  exit_failed = 1,
  exit_usage = 2,
  exit_some_failed = 3,  // done, but not with everything: rows or entries failed, or the source was
                         // not read to its end
  exit_held = 4,         // a safety limit holds a part until a person decides
  exit_not_found = 5,
  exit_denied = 6,
  exit_unavailable = 7,     // a server could not be reached, a time-out
  exit_invalid = 8,         // input or configuration
  exit_changes_found = 10,  // a simulation, or a dry run with --detailed-exit-code, found changes
  exit_configuration = 78,  // `serve` with a configuration that cannot work: sysexits.h EX_CONFIG
  exit_interrupted = 130,
};

ExitCode exit_code_of(Fault fault);
ExitCode exit_code_of(store::RunState state);

}  // namespace muster::gateway::cli
