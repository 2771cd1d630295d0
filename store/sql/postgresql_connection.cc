// SPDX-License-Identifier: Apache-2.0
#include "store/sql/postgresql_connection.h"

#include <endian.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "store/sql/failure.h"

namespace muster::store::postgresql {
namespace {

// From the server's catalogue (pg_type), the same in every version.
constexpr Oid kBigint = 20;
constexpr Oid kText = 25;
constexpr Oid kSaidByStatement = 0;

constexpr int kAsText = 0;
constexpr int kBinary = 1;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

std::string_view view(const char* text) { return text == nullptr ? "" : text; }

// Without DETAIL lines, which hold values.
Error failure(PGconn* handle, const PGresult* answer) {
  if (answer == nullptr) return postgresql_failure({}, {}, PQerrorMessage(handle));
  auto message = view(PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY));
  if (message.empty()) message = view(PQresultErrorMessage(answer));
  return postgresql_failure(view(PQresultErrorField(answer, PG_DIAG_SQLSTATE)),
                            view(PQresultErrorField(answer, PG_DIAG_CONSTRAINT_NAME)), message);
}

bool good(const PGresult* answer) {
  const auto status = PQresultStatus(answer);  // of null: a fatal error
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

std::int64_t parsed(std::string_view digits) {
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// Parameters travel in binary where that spares a copy; results as text, which is the same for
// every numeric type that a count or a sum may have. A result is held whole: every reading either
// has a limit or is kept whole by its caller, and what is done with a row may ask this connection
// something else.
class PostgresqlStatement final : public Statement {
 public:
  PostgresqlStatement(PGconn* handle, std::string name, std::string_view types)
      : Statement(types.size()),
        handle_(handle),
        name_(std::move(name)),
        values_(types.size()),
        lengths_(types.size()),
        formats_(types.size()),
        numbers_(types.size()) {
    std::transform(types.begin(), types.end(), formats_.begin(),
                   [](char type) { return type == 'a' ? kAsText : kBinary; });
  }

  // An array's text must end with a NUL behind its last character, as std::string's does.
  void set_text(std::size_t position, std::string_view value) override {
    values_[position] = value.data() == nullptr ? "" : value.data();
    lengths_[position] = static_cast<int>(value.size());
  }
  void set_number(std::size_t position, std::int64_t value) override {
    numbers_[position] = htobe64(static_cast<std::uint64_t>(value));
    values_[position] = reinterpret_cast<const char*>(&numbers_[position]);
    lengths_[position] = sizeof value;
  }
  void set_null(std::size_t position) override { values_[position] = nullptr; }

  Result<bool> execute() override {
    row_ = 0;
    answer_.reset(PQexecPrepared(handle_, name_.c_str(), static_cast<int>(values_.size()),
                                 values_.data(), lengths_.data(), formats_.data(), kAsText));
    if (!good(answer_.get())) return fail(failure(handle_, answer_.get()));
    return PQntuples(answer_.get()) > 0;
  }

  Result<bool> fetch() override { return ++row_ < PQntuples(answer_.get()); }

  std::int64_t affected_rows() const override { return parsed(PQcmdTuples(answer_.get())); }

  void finish() override {
    answer_.reset();
    std::fill(values_.begin(), values_.end(), nullptr);
  }

  std::string_view text(std::size_t column) const override {
    const int at = static_cast<int>(column);
    const int size = PQgetlength(answer_.get(), row_, at);
    return {PQgetvalue(answer_.get(), row_, at), static_cast<std::size_t>(size)};
  }
  std::int64_t number(std::size_t column) const override { return parsed(text(column)); }
  bool is_null(std::size_t column) const override {
    return PQgetisnull(answer_.get(), row_, static_cast<int>(column)) != 0;
  }

 private:
  PGconn* handle_;
  std::string name_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<std::uint64_t> numbers_;  // in network order
  Answer answer_ = {};
  int row_ = 0;
};

}  // namespace

Result<std::unique_ptr<PostgresqlConnection>> PostgresqlConnection::open(
    std::span<const Parameter> parameters) {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword);
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<PostgresqlConnection> connection(
      new PostgresqlConnection(PQconnectdbParams(keywords.data(), values.data(), 1)));
  if (connection->broken()) return fail(failure(connection->handle_, nullptr));
  return connection;
}

PostgresqlConnection::~PostgresqlConnection() { PQfinish(handle_); }

Status PostgresqlConnection::run(const std::string& text) {
  const Answer answer(PQexec(handle_, text.c_str()));
  if (good(answer.get())) return {};
  return fail(failure(handle_, answer.get()));
}

Result<std::unique_ptr<Statement>> PostgresqlConnection::prepare(const std::string& text,
                                                                 std::string_view types) {
  std::vector<Oid> oids;
  for (char type : types)
    oids.push_back(type == 'n' ? kBigint : type == 't' ? kText : kSaidByStatement);
  std::string name = "s" + std::to_string(++prepared_);
  const Answer answer(
      PQprepare(handle_, name.c_str(), text.c_str(), static_cast<int>(oids.size()), oids.data()));
  if (!good(answer.get())) return fail(failure(handle_, answer.get()));
  return std::unique_ptr<Statement>(
      std::make_unique<PostgresqlStatement>(handle_, std::move(name), types));
}

bool PostgresqlConnection::in_transaction() const {
  return PQtransactionStatus(handle_) == PQTRANS_INTRANS;
}

bool PostgresqlConnection::broken() const { return PQstatus(handle_) != CONNECTION_OK; }

}  // namespace muster::store::postgresql
