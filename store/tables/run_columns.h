// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/catalog.h"
#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

// The columns of a RunRow and how they are read.
inline const std::string kRunColumns =
    "id, source_id, kind, state, actor, detail, server, counts, started, ended";

Result<RunRow> read_run(const Row& row, Session& session, Catalog& catalog);

}  // namespace muster::store
