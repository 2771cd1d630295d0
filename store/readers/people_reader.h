// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/catalog.h"
#include "store/reader.h"
#include "store/reader_pool.h"

namespace muster::store {

class SqlPeopleReader final : public PeopleReader {
 public:
  SqlPeopleReader(ReadSession& session, Catalog& catalog) : session_(session), catalog_(catalog) {}

  Result<std::optional<Identity>> get(std::string_view id) override;
  Result<std::optional<Identity>> by_user_name(std::string_view user_name) override;
  Result<Page<Identity>> list(const Query& query) override;
  Result<std::vector<RecordRow>> records(std::string_view identity_id) override;

 private:
  ReadSession& session_;
  Catalog& catalog_;
};

}  // namespace muster::store
