// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/tables/write_scope.h"
#include "store/transaction.h"

namespace muster::store {

class SqlReviewTable final : public ReviewTable {
 public:
  explicit SqlReviewTable(WriteScope& scope) : scope_(scope) {}
  Result<std::optional<ReviewRow>> get(std::string_view id) override;
  Result<std::vector<std::optional<ReviewRow>>> latest(
      std::span<const std::string> record_ids) override;
  Status put(std::span<const ReviewRow> reviews) override;

 private:
  WriteScope& scope_;
};

}  // namespace muster::store
