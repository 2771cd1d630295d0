// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"
#include "store/rows.h"
#include "store/tables/write_scope.h"

namespace muster::store {

// The writing half of MembershipTable. Both look only at the rows they need: replace at the group's
// members, change at the members that are named.
Result<MembershipChange> replace_members(WriteScope& scope, std::string_view group_record_id,
                                         std::span<const Member> members);
Result<MembershipChange> change_members(WriteScope& scope, std::string_view group_record_id,
                                        std::span<const Member> add,
                                        std::span<const std::string> remove_keys);

}  // namespace muster::store
