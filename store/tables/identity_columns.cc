// SPDX-License-Identifier: Apache-2.0
#include "store/tables/identity_columns.h"

namespace muster::store {

static_assert(static_cast<int>(IdentityState::active) == 0 &&
              static_cast<int>(IdentityState::inactive) == 1 &&
              static_cast<int>(IdentityState::review) == 2 &&
              static_cast<int>(IdentityState::quarantined) == 3 &&
              static_cast<int>(IdentityState::deleted) == 4);
static_assert(static_cast<int>(Classification::internal) == 0 &&
              static_cast<int>(Classification::external) == 1);

std::string select_identities() {
  return "select i.row_id, " + select_list(kIdentityColumns, "i") + " from identities i ";
}

Result<Identity> read_identity(const Row& row) {
  Identity identity;
  MUSTER_CHECK(read_fields(row, 1, kIdentityFields, identity));
  return identity;
}

}  // namespace muster::store
