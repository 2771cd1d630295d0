// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "store/reader.h"

namespace muster::scim {

// What the store has to know about SCIM's filters (RFC 7644, 3.4.2.2): the names of what it
// indexes, and a resource as a filter sees it: what the source told, id, meta, for users the
// extension of Muster (identityId platformUserName classification classificationRule state
// sources), for groups their members.
class ScimFilters final : public store::FilterDialect {
 public:
  std::span<const store::IndexedName> indexed(ResourceType type) const override;
  Result<Value> document(const store::ResourceRow& row, ResourceType type,
                         std::span<const store::MemberRow> members) const override;
};

}  // namespace muster::scim
