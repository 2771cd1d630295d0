// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "operations/installation.h"
#include "provision/runs/run_lease.h"

namespace muster::operations {

// What holds a turn; it ends with it. What is done in it goes through its provisioner and stops
// with its token.
using Turn = std::unique_ptr<provision::RunLease>;

// One at a time, over all processes of the store: a source by its provision::source_lease,
// `lifecycle_lease`, `apply_lease`. conflict with code "busy" when somebody else has the turn. What
// a killed process left under way with it is ended as failed.
Result<Turn> take_turn(const Installation& here, const std::string& name,
                       std::stop_token stop = {});

}  // namespace muster::operations
