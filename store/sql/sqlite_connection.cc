// SPDX-License-Identifier: Apache-2.0
#include "store/sql/sqlite_connection.h"

#include <sqlite3.h>

#include "store/sql/failure.h"

namespace muster::store::sqlite {
namespace {

Error failure(sqlite3* handle) {
  return sqlite_failure(sqlite3_extended_errcode(handle), sqlite3_errmsg(handle));
}

// SQLite takes $1 for a name and ?1 for a number.
std::string with_numbered_parameters(const std::string& text) {
  std::string out = text;
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    if (out[i] == '$' && out[i + 1] >= '0' && out[i + 1] <= '9') out[i] = '?';
  }
  return out;
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* handle, sqlite3_stmt* statement, std::size_t parameters)
      : Statement(parameters), handle_(handle), statement_(statement) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }

  void set_text(std::size_t position, std::string_view value) override {
    // A null pointer would bind null.
    const char* data = value.data() == nullptr ? "" : value.data();
    bound(sqlite3_bind_text64(statement_, number_of(position), data, value.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
  }
  void set_number(std::size_t position, std::int64_t value) override {
    bound(sqlite3_bind_int64(statement_, number_of(position), value));
  }
  void set_null(std::size_t position) override {
    bound(sqlite3_bind_null(statement_, number_of(position)));
  }

  Result<bool> execute() override {
    if (bind_failure_ != SQLITE_OK) {
      return fail(sqlite_failure(bind_failure_, sqlite3_errstr(bind_failure_)));
    }
    return fetch();
  }

  Result<bool> fetch() override {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return fail(failure(handle_));
  }

  std::int64_t affected_rows() const override { return sqlite3_changes(handle_); }

  void finish() override {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    bind_failure_ = SQLITE_OK;
  }

  std::string_view text(std::size_t column) const override {
    const auto* data = sqlite3_column_text(statement_, static_cast<int>(column));
    if (data == nullptr) return {};
    const int size = sqlite3_column_bytes(statement_, static_cast<int>(column));
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(size)};
  }
  std::int64_t number(std::size_t column) const override {
    return sqlite3_column_int64(statement_, static_cast<int>(column));
  }
  bool is_null(std::size_t column) const override {
    return sqlite3_column_type(statement_, static_cast<int>(column)) == SQLITE_NULL;
  }

 private:
  static int number_of(std::size_t position) { return static_cast<int>(position) + 1; }
  void bound(int code) {
    if (code != SQLITE_OK) bind_failure_ = code;
  }

  sqlite3* handle_;
  sqlite3_stmt* statement_;
  int bind_failure_ = SQLITE_OK;
};

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::string& path,
                                                                 int busy_milliseconds) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  // There is a handle, to be closed, even when it could not be opened, unless memory was short.
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle));
  if (code != SQLITE_OK) {
    return fail(
        sqlite_failure(code, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code)));
  }
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, busy_milliseconds);
  // Plans do not depend on values: without this a statement is prepared anew for each value that it
  // is bound to, because a partial index might suit that value.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
  return connection;
}

SqliteConnection::~SqliteConnection() { sqlite3_close(handle_); }

Status SqliteConnection::run(const std::string& text) {
  if (sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return fail(failure(handle_));
}

Result<std::unique_ptr<Statement>> SqliteConnection::prepare(const std::string& text,
                                                             std::string_view types) {
  const std::string words = with_numbered_parameters(text);
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, words.c_str(), static_cast<int>(words.size()) + 1,
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return fail(failure(handle_));
  return std::unique_ptr<Statement>(
      std::make_unique<SqliteStatement>(handle_, statement, types.size()));
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

}  // namespace muster::store::sqlite
