// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/catalog.h"
#include "store/reader.h"
#include "store/reader_pool.h"

namespace muster::store {

class SqlRunReader final : public RunReader {
 public:
  SqlRunReader(ReadSession& session, Catalog& catalog) : session_(session), catalog_(catalog) {}
  Result<std::optional<RunRow>> get(std::string_view id) override;
  Result<std::vector<RunRow>> latest(std::string_view source, int count) override;
  Result<std::vector<RunItem>> items(std::string_view run_id, std::int64_t after_number,
                                     int count) override;
  Result<std::int64_t> count_items(std::string_view run_id) override;

 private:
  ReadSession& session_;
  Catalog& catalog_;
};

class SqlTokenReader final : public TokenReader {
 public:
  SqlTokenReader(ReadSession& session, Catalog& catalog) : session_(session), catalog_(catalog) {}
  Result<std::optional<TokenRow>> get(std::string_view id) override;
  Result<std::vector<TokenRow>> all() override;

 private:
  ReadSession& session_;
  Catalog& catalog_;
};

class SqlJournalReader final : public JournalReader {
 public:
  SqlJournalReader(ReadSession& session, Catalog& catalog) : session_(session), catalog_(catalog) {}
  Result<std::vector<AuditRow>> audit(std::int64_t after_sequence, int count) override;
  Result<std::vector<OutboxRow>> outbox(std::int64_t after_sequence, int count) override;
  Result<std::vector<SourceCounts>> counts() override;
  Result<AllStanding> standing() override;

 private:
  ReadSession& session_;
  Catalog& catalog_;
};

}  // namespace muster::store
