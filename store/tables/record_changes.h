// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "store/rows.h"
#include "store/tables/write_scope.h"

namespace muster::store {

// The writing half of RecordTable, with everything that hangs on a record: its look-up keys and the
// counters.
Status insert_records(WriteScope& scope, std::span<RecordRow> rows);
Status update_records(WriteScope& scope, std::span<RecordRow> rows);

}  // namespace muster::store
