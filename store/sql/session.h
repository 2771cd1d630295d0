// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "store/sql/callback.h"
#include "store/sql/connection.h"
#include "store/sql/sql.h"

namespace muster::store {

// Gives a statement its parameters, in their order and of their types. Texts are not copied: one
// that is given as an lvalue or a view must outlive the call that runs the statement.
class Binder {
 public:
  Binder& text(std::string_view value);
  Binder& text(const char* value) { return text(std::string_view(value)); }
  Binder& text(const std::string& value) { return text(std::string_view(value)); }
  Binder& text(std::string&& value);
  Binder& number(std::int64_t value);
  Binder& null();
  template <class Text>
  Binder& text_or_null(Text&& value) {
    return value.empty() ? null() : text(std::forward<Text>(value));
  }
  Binder& number_or_null(std::optional<std::int64_t> value) {
    return value ? number(*value) : null();
  }

 private:
  friend class Session;
  Binder(const Sql& sql, Statement& statement) : types_(sql.in), statement_(&statement) {}
  Binder(const Sql& sql, std::vector<std::string>& arrays) : types_(sql.in), arrays_(&arrays) {}

  void take(std::string_view text);
  void expect(char type);
  Status done() const;

  std::string_view types_;
  Statement* statement_ = nullptr;              // set: straight into the statement
  std::vector<std::string>* arrays_ = nullptr;  // set: appended to PostgreSQL array literals
  std::size_t position_ = 0;
  bool has_nul_ = false;  // PostgreSQL cannot store the character, and nobody means it
  bool mistaken_ = false;
};

// The current row of a result. What it gives is valid until the callback that got it returns.
class Row {
 public:
  std::string_view text(std::size_t column) const { return statement_->text(column + first_); }
  std::string string(std::size_t column) const { return std::string(text(column)); }
  std::int64_t number(std::size_t column) const { return statement_->number(column + first_); }
  bool is_null(std::size_t column) const { return statement_->is_null(column + first_); }
  std::optional<std::int64_t> optional_number(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(number(column));
  }

 private:
  friend class Session;
  explicit Row(const Statement& statement, std::size_t first = 0)
      : statement_(&statement), first_(first) {}
  const Statement* statement_;
  std::size_t first_;
};

// One connection to the engine with its prepared statements. One thread at a time. A batch runs a
// statement once per input: SQLite loops over the prepared statement, PostgreSQL gets one statement
// over arrays (sql/batch.h). While rows are read the session may be asked something else, by
// another statement.
class Session {
 public:
  using Bind = Callback<void(Binder&)>;
  using BindOne = Callback<void(std::size_t index, Binder&)>;
  // What is done with a row. An error ends the reading and is what the reading returns.
  using Each = Callback<Status(const Row&)>;
  using EachOfOne = Callback<Status(std::size_t index, const Row&)>;

  Session(Engine engine, std::unique_ptr<Connection> connection);
  ~Session();

  Engine engine() const { return engine_; }
  Connection& connection() { return *connection_; }

  // Statements without parameters or results, not kept.
  Status run(const std::string& text) { return connection_->run(text); }
  // One statement, once.
  Status query(const Sql& sql, Bind bind, Each each);
  // A select for each of `count` inputs; rows of one input come together, inputs in their order.
  Status read(const Sql& sql, std::size_t count, BindOne bind, EachOfOne each);
  // An insert, update or delete for each of `count` inputs; how many rows they changed together.
  Result<std::int64_t> write(const Sql& sql, std::size_t count, BindOne bind);

  // Whether the transaction that was begun is still there: an engine gives one up after some
  // errors.
  bool in_transaction() const { return connection_->in_transaction(); }

  // Whether the connection is of no more use.
  bool broken() const { return connection_->broken(); }

  // Forgets the prepared statements.
  void forget_statements();

 private:
  Result<Statement*> prepared(const Sql& sql);
  Result<Statement*> prepared_batch(const Sql& sql);
  static Result<std::vector<std::string>> arrays_of(const Sql& sql, std::size_t count,
                                                    BindOne bind);
  Status read_batch(const Sql& sql, std::size_t count, BindOne bind, EachOfOne each);
  Result<std::int64_t> write_batch(const Sql& sql, std::size_t count, BindOne bind);

  Engine engine_;
  std::unique_ptr<Connection> connection_;
  std::unordered_map<const Sql*, std::unique_ptr<Statement>> statements_;
  std::unordered_map<const Sql*, std::unique_ptr<Statement>> batches_;
};

}  // namespace muster::store
