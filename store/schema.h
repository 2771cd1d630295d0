// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "store/sql/session.h"

namespace muster::store {

// Applies the migrations that the store does not have yet, each with its number, under a lock and
// in one transaction. A store with a newer number than this program knows is refused with
// Fault::invalid.
Status migrate(Session& session, Timestamp now);

}  // namespace muster::store
