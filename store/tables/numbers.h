// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/result.h"
#include "store/sql/session.h"

namespace muster::store {

// The next row numbers of a table with a `row_id`, in order. SQLite's writer has the file to
// itself, so they are dense; PostgreSQL's come from a sequence and may have gaps.
Result<std::vector<std::int64_t>> next_record_numbers(Session& session, std::size_t count);
Result<std::vector<std::int64_t>> next_identity_numbers(Session& session, std::size_t count);

}  // namespace muster::store
