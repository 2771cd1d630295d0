// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core/result.h"
#include "core/value.h"
#include "store/rows.h"

namespace muster::store {

// The resource as a filter sees it: what the source told, id, meta, and for users the muster
// extension (identityId platformUserName classification classificationRule state sources); for
// groups the members that are given.
Result<Value> filter_document(const ResourceRow& row, ResourceType type,
                              std::span<const MemberRow> members);

}  // namespace muster::store
