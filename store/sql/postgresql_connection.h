// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "store/sql/connection.h"

struct pg_conn;

namespace muster::store::postgresql {

// A connection to a PostgreSQL server. Prepared statements stay at the server until it ends.
class PostgresqlConnection final : public Connection {
 public:
  using Parameter = std::pair<const char*, std::string>;

  // By libpq's keywords, later ones before earlier ones; "dbname" may be a URL.
  static Result<std::unique_ptr<PostgresqlConnection>> open(std::span<const Parameter> parameters);
  ~PostgresqlConnection() override;

  Status run(const std::string& text) override;
  Result<std::unique_ptr<Statement>> prepare(const std::string& text,
                                             std::string_view types) override;
  bool in_transaction() const override;
  bool broken() const override;

 private:
  explicit PostgresqlConnection(pg_conn* handle) : handle_(handle) {}

  pg_conn* handle_;
  std::int64_t prepared_ = 0;
};

}  // namespace muster::store::postgresql
