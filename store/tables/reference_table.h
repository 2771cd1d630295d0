// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/tables/write_scope.h"
#include "store/transaction.h"

namespace muster::store {

class SqlReferenceTable final : public ReferenceTable {
 public:
  explicit SqlReferenceTable(WriteScope& scope) : scope_(scope) {}

  Result<std::vector<std::string>> holders(std::span<const Reference> references) override;
  Result<std::vector<std::vector<Reference>>> of(std::span<const std::string> ids) override;
  Result<std::vector<std::string>> referrers(std::span<const Reference> references) override;
  Status replace(std::span<const ReferenceChange> changes) override;

 private:
  Result<std::vector<std::int64_t>> source_ids(std::span<const Reference> references, bool add);

  WriteScope& scope_;
};

}  // namespace muster::store
