// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/tables/write_scope.h"
#include "store/transaction.h"

namespace muster::store {

class SqlRecordTable final : public RecordTable, public RecordWalks {
 public:
  explicit SqlRecordTable(WriteScope& scope) : scope_(scope) {}

  Result<std::vector<std::optional<RecordHead>>> heads(std::string_view source, ResourceType type,
                                                       std::span<const std::string> keys) override;
  Result<std::vector<std::vector<RecordHead>>> heads_by_link_key(
      std::string_view source, ResourceType type, std::span<const std::string> link_keys) override;
  Result<std::vector<std::optional<RecordRow>>> rows(
      std::span<const std::string> record_ids) override;
  Result<std::vector<std::vector<RecordRow>>> of_identities(
      std::span<const std::string> identity_ids) override;
  Result<std::vector<std::vector<RecordRow>>> silent_of_identities(
      std::span<const std::string> identity_ids) override;
  Status insert(std::span<RecordRow> rows) override;
  Status update(std::span<RecordRow> rows) override;
  Status mark_missing(std::span<const std::string> record_ids,
                      std::optional<Timestamp> since) override;
  Result<std::vector<RecordHead>> live(std::string_view source, ResourceType type,
                                       std::int64_t after_row, int limit) override;

  Result<std::vector<RecordHead>> stale(std::int64_t fingerprint, bool linked,
                                        std::int64_t after_row, int limit) override;
  Result<std::int64_t> count_stale(std::int64_t fingerprint) override;
  Result<std::vector<RecordHead>> waiting(std::int64_t after_row, int limit) override;
  Status stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) override;

 private:
  Result<std::vector<std::vector<RecordRow>>> of_identities(
      const Sql& sql, std::span<const std::string> identity_ids);

  WriteScope& scope_;
};

}  // namespace muster::store
