// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/identity.h"
#include "store/sql/session.h"

namespace muster::store {

// The columns of an Identity, of a table called `i`, behind its row number, and how they are read.
inline const std::string kIdentityColumns =
    "i.row_id, i.id, i.user_name, i.mail, i.classification, i.classification_rule, i.state, "
    "i.state_reason, i.version,"
    " i.created, i.modified, i.tags, i.findings, i.memberships, i.attributes, i.due";

Result<Identity> read_identity(const Row& row);

}  // namespace muster::store
