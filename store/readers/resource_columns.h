// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

// The columns of a ResourceRow, behind the numbers of its row, source and type:
// "select r.row_id, r.source_id, r.type, ... from records r left join identities i ... ".
std::string select_resources();

Result<ResourceRow> read_resource(const Row& row);

}  // namespace muster::store
