// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/identity.h"
#include "store/rows.h"
#include "store/tables/write_scope.h"

namespace muster::store {

// The writing half of IdentityTable: identities with their names, mail addresses and correlation
// keys.
Status put_identities(WriteScope& scope, std::span<Identity> identities,
                      std::span<const std::vector<IdentityKey>> keys);

// The keys alone: `before` as stored, `after` as they shall be.
Status index_identities(WriteScope& scope, std::span<const std::string> ids,
                        std::span<const std::vector<IdentityKey>> before,
                        std::span<const std::vector<IdentityKey>> after);

}  // namespace muster::store
