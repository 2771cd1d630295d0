// SPDX-License-Identifier: Apache-2.0
#include "store/tables/identity_columns.h"

#include "store/codec.h"
#include "store/tables/record_columns.h"

namespace muster::store {

Result<Identity> read_identity(const Row& row) {
  Identity identity;
  identity.id = row.text(1);
  identity.user_name = row.text(2);
  identity.email = row.text(3);
  identity.classification = static_cast<Classification>(row.number(4));
  identity.classification_rule = row.text(5);
  identity.state = static_cast<IdentityState>(row.number(6));
  identity.state_reason = row.text(7);
  identity.version = row.number(8);
  identity.created = timestamp(row.number(9));
  identity.modified = timestamp(row.number(10));
  MUSTER_TRY(identity.sources, read_texts(row.text(11)));
  MUSTER_TRY(identity.findings, read_findings(row.text(12)));
  MUSTER_TRY(identity.groups, read_memberships(row.text(13)));
  MUSTER_TRY(identity.attributes, read_attributes(row.text(14)));
  identity.due = timestamp(row.optional_number(15));
  return identity;
}

}  // namespace muster::store
