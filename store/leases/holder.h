// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "store/lease.h"

namespace muster::store {

// This process, as its leases name it.
LeaseHolder this_process();

// Whether that process (LeaseHolder::process) has certainly ended. Known only of processes that
// this one could see: same host, not restarted since, same PID namespace. Its leases need not run
// out then.
bool has_ended(std::string_view process);

}  // namespace muster::store
