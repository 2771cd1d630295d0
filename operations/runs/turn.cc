// SPDX-License-Identifier: Apache-2.0
#include "operations/runs/turn.h"

#include <utility>

namespace muster::operations {

Result<Turn> take_turn(const Installation& here, const std::string& name, std::stop_token stop) {
  return provision::RunLease::take(here.provisioner, name, here.lease, std::move(stop));
}

}  // namespace muster::operations
