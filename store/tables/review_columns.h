// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/catalog.h"
#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

// The columns of a ReviewRow, of a table called `v`, and how they are read. row_id comes first.
inline const std::string kReviewColumns =
    "v.row_id, v.id, v.source_id, v.record_id, v.record_key, v.state, v.reason, v.tier, "
    "v.candidates, v.opened, v.resolution, v.resolved, v.person, v.resolved_by, v.note";
inline const std::string kReviewTypes =
    "ntnttn"
    "ttt"
    "nnn"
    "ttt";

Result<ReviewRow> read_review(const Row& row, Session& session, Catalog& catalog);

}  // namespace muster::store
