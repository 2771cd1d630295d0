// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core/result.h"
#include "core/value.h"
#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

// The columns of a ResourceRow, of `records r left join identities i`, behind the row number, and
// how they are read.
inline const std::string kResourceColumns =
    "r.row_id, r.id, r.source_id, r.type, r.document, r.state, r.state_reason, r.version, "
    "r.created, r.modified, i.id,"
    " i.user_name, i.classification, i.classification_rule, i.state, i.tags, i.findings";
inline const std::string kResourceTables =
    " from records r left join identities i on i.id = r.identity_id ";

Result<ResourceRow> read_resource(const Row& row);

// The resource as a filter sees it: what the source told, id, meta, and for users the muster
// extension (identityId platformUserName classification classificationRule state sources); for
// groups the members that are given.
Result<Value> filter_document(const ResourceRow& row, ResourceType type,
                              std::span<const MemberRow> members);

}  // namespace muster::store
