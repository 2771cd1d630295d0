// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/tables/write_scope.h"
#include "store/transaction.h"

namespace muster::store {

class SqlMembershipTable final : public MembershipTable {
 public:
  explicit SqlMembershipTable(WriteScope& scope) : scope_(scope) {}

  Result<MembershipChange> replace(std::string_view group_record_id,
                                   std::span<const Member> members) override;
  Result<MembershipChange> change(std::string_view group_record_id, std::span<const Member> add,
                                  std::span<const std::string> remove_keys) override;
  Result<std::vector<std::string>> member_records(std::string_view group_record_id) override;
  Result<std::vector<std::vector<GroupRow>>> groups_of(
      std::span<const std::string> record_ids) override;
  MembershipNews take_news() override;

 private:
  WriteScope& scope_;
};

}  // namespace muster::store
