// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/catalog.h"
#include "store/reader.h"
#include "store/reader_pool.h"

namespace muster::store {

class SqlResourceReader final : public ResourceReader {
 public:
  SqlResourceReader(ReadSession& session, Catalog& catalog)
      : session_(session), catalog_(catalog) {}

  Result<std::optional<ResourceRow>> get(std::string_view source, ResourceType type,
                                         std::string_view id) override;
  Result<Page<ResourceRow>> list(std::string_view source, ResourceType type, const Query& query,
                                 const FilterDialect* dialect) override;
  Result<std::vector<MemberRow>> members(std::string_view group_record_id) override;
  Result<bool> is_member(std::string_view group_record_id, std::string_view member_key) override;
  Result<std::vector<GroupRow>> groups_of(std::string_view record_id) override;

 private:
  ReadSession& session_;
  Catalog& catalog_;
};

}  // namespace muster::store
