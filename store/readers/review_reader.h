// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/catalog.h"
#include "store/reader.h"
#include "store/reader_pool.h"

namespace muster::store {

class SqlReviewReader final : public ReviewReader {
 public:
  SqlReviewReader(ReadSession& session, Catalog& catalog) : session_(session), catalog_(catalog) {}
  Result<std::optional<ReviewRow>> get(std::string_view id) override;
  Result<std::vector<ReviewRow>> list(std::string_view source, std::optional<ReviewState> state,
                                      std::string_view after, int count) override;

 private:
  ReadSession& session_;
  Catalog& catalog_;
};

}  // namespace muster::store
