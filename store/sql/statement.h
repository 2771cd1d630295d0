// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "store/sql/sql.h"

namespace soci {
class session;
}

namespace muster::store {

// A prepared statement of one session with its own place for every parameter and result column.
// Belongs to the session and its thread. Engine errors come back translated (sql/failure.h).
class Statement {
 public:
  static Result<std::unique_ptr<Statement>> prepare(soci::session& session, Engine engine,
                                                    const std::string& text, const std::string& in,
                                                    const std::string& out);
  ~Statement();

  // Positions count from 0, in the order of `in`.
  void set_text(std::size_t position, std::string_view value);
  void set_number(std::size_t position, std::int64_t value);
  void set_null(std::size_t position);

  // Runs it; true when there is a first row of results.
  Result<bool> execute();
  Result<bool> fetch();
  std::int64_t affected_rows();

  // Columns of the current row. Null reads as empty or 0.
  const std::string& text(std::size_t column) const;
  std::int64_t number(std::size_t column) const;
  bool is_null(std::size_t column) const;

 private:
  struct Places;
  explicit Statement(std::unique_ptr<Places> places);
  std::unique_ptr<Places> places_;
};

}  // namespace muster::store
