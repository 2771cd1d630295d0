// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/tables/write_scope.h"
#include "store/transaction.h"

namespace muster::store {

class SqlJournal final : public Journal {
 public:
  explicit SqlJournal(WriteScope& scope) : scope_(scope) {}
  Status audit(std::span<const AuditEntry> entries) override;
  Status outbox(std::span<const Event> events) override;

 private:
  WriteScope& scope_;
};

class SqlRunTable final : public RunTable {
 public:
  explicit SqlRunTable(WriteScope& scope) : scope_(scope) {}
  Status put(const RunRow& run) override;
  Result<std::vector<RunRow>> running() override;
  Status add_items(std::string_view run_id, std::span<const RunItem> items) override;
  Result<std::string> cursor(std::string_view source) override;
  Status put_cursor(std::string_view source, std::string_view cursor) override;
  Result<std::int64_t> live_people(std::string_view source) override;
  Result<std::vector<SourceRow>> sources() override;
  Result<AllStanding> standing() override;
  Status put_keyed_by(std::string_view source, std::string_view keyed_by) override;

 private:
  WriteScope& scope_;
};

class SqlTokenTable final : public TokenTable {
 public:
  explicit SqlTokenTable(WriteScope& scope) : scope_(scope) {}
  Status put(const TokenRow& token) override;
  Status touch(std::string_view id, Timestamp last_used) override;

 private:
  WriteScope& scope_;
};

}  // namespace muster::store
