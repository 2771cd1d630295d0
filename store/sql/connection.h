// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace muster::store {

// A prepared statement of one connection; belongs to it and its thread. Engine errors come back
// translated (sql/failure.h). Parameters and columns count from 0.
class Statement {
 public:
  explicit Statement(std::size_t parameters) : kept_(parameters) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  virtual ~Statement() = default;

  // The text is not copied: it must stay where it is until the statement has run.
  virtual void set_text(std::size_t position, std::string_view value) = 0;
  virtual void set_number(std::size_t position, std::int64_t value) = 0;
  virtual void set_null(std::size_t position) = 0;
  // For a text that nobody else keeps for that long.
  void keep_text(std::size_t position, std::string&& value) {
    kept_[position] = std::move(value);
    set_text(position, kept_[position]);
  }

  // Runs it; true when there is a first row of results.
  virtual Result<bool> execute() = 0;
  virtual Result<bool> fetch() = 0;
  // Of an insert, update or delete that was executed.
  virtual std::int64_t affected_rows() const = 0;
  // Lets go of the results and the parameters; after every execute().
  virtual void finish() = 0;

  // Columns of the current row, valid until the next fetch() or finish(). Null reads as empty or 0.
  virtual std::string_view text(std::size_t column) const = 0;
  virtual std::int64_t number(std::size_t column) const = 0;
  virtual bool is_null(std::size_t column) const = 0;

 private:
  std::vector<std::string> kept_;  // never resized: parameters point into it
};

// One connection to an engine. One thread at a time; outlives its statements.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  // Statements without parameters, their results thrown away.
  virtual Status run(const std::string& text) = 0;
  // `text` has parameters $1, $2...; `types` one letter for each: 'n' a 64-bit number, 't' text,
  // 'a' a PostgreSQL array whose type the statement says, as its text.
  virtual Result<std::unique_ptr<Statement>> prepare(const std::string& text,
                                                     std::string_view types) = 0;

  // Whether the transaction that was begun is still there: an engine gives one up after some
  // errors.
  virtual bool in_transaction() const = 0;
  // Whether the connection is of no more use.
  virtual bool broken() const = 0;
};

}  // namespace muster::store
