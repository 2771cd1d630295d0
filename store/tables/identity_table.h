// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/tables/write_scope.h"
#include "store/transaction.h"

namespace muster::store {

class SqlIdentityTable final : public IdentityTable {
 public:
  explicit SqlIdentityTable(WriteScope& scope) : scope_(scope) {}

  Result<std::vector<std::optional<Identity>>> get(std::span<const std::string> ids) override;
  Result<std::vector<std::vector<CandidateRow>>> find(std::span<const IdentityKey> keys) override;
  Result<std::vector<std::string>> name_holders(std::span<const std::string> folded_names) override;
  Result<std::vector<DueRow>> due(Timestamp until, const DueRow& after, int limit) override;
  Result<std::vector<DueRow>> left(std::int64_t after_row, int limit) override;
  Status put(std::span<Identity> identities,
             std::span<const std::vector<IdentityKey>> keys) override;
  Result<std::vector<std::vector<IdentityKey>>> keys(std::span<const std::string> ids) override;
  Status index(std::span<const std::string> ids,
               std::span<const std::vector<IdentityKey>> keys) override;
  Result<std::int64_t> active() override;

 private:
  Status find_by(const Sql& sql, const std::vector<std::size_t>& which,
                 std::span<const IdentityKey> keys, std::vector<std::vector<CandidateRow>>& found);
  Status add_sources(std::vector<std::vector<CandidateRow>>& found);

  WriteScope& scope_;
};

}  // namespace muster::store
