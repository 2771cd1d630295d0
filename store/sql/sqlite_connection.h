// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/sql/connection.h"

struct sqlite3;

namespace muster::store::sqlite {

// A connection to a database file, or to a database in memory (":memory:").
class SqliteConnection final : public Connection {
 public:
  // Waits at most `busy_milliseconds` for a lock that another connection holds.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::string& path,
                                                        int busy_milliseconds);
  ~SqliteConnection() override;

  Status run(const std::string& text) override;
  Result<std::unique_ptr<Statement>> prepare(const std::string& text,
                                             std::string_view types) override;
  bool in_transaction() const override;
  bool broken() const override { return false; }

  sqlite3* handle() const { return handle_; }

 private:
  explicit SqliteConnection(sqlite3* handle) : handle_(handle) {}

  sqlite3* handle_;
};

}  // namespace muster::store::sqlite
