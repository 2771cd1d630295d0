// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/identity.h"
#include "core/result.h"
#include "store/transaction.h"

namespace muster::provision {

// A name by which groups could mean either of two records, as a finding of each of them and of the
// group that tells a member by it.
struct MemberDoubt {
  std::vector<std::string> records = {};  // their ids
  Finding finding = {};                   // W-MEMBER
};

Result<std::vector<MemberDoubt>> member_doubts(store::Transaction& tx,
                                               std::span<const store::DoubtfulName> names);

}  // namespace muster::provision
