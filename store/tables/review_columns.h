// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/catalog.h"
#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

// The columns of a ReviewRow, of a table called `v`, and how they are read. row_id comes first.
inline const std::string kReviewColumns =
    "v.row_id, v.id, v.source_id, v.record_id, v.record_key, v.state, v.reason, v.tier, "
    "v.candidates, v.opened, v.resolution, v.resolved, v.person, v.resolved_by, v.note";

Result<ReviewRow> read_review(const Row& row, Session& session, Catalog& catalog);

// The review of that id, for the write side and the read side alike.
Result<std::optional<ReviewRow>> find_review(Session& session, Catalog& catalog,
                                             std::string_view id);

}  // namespace muster::store
