// SPDX-License-Identifier: Apache-2.0
#include "store/sql/session.h"

#include <cstring>

#include "store/sql/batch.h"

namespace muster::store {
namespace {

// Lets go of a statement's results and parameters however its use ends.
class Use {
 public:
  explicit Use(Statement& statement) : statement_(statement) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { statement_.finish(); }

 private:
  Statement& statement_;
};

template <class Each>
Status run_through(Statement& statement, Each each) {
  MUSTER_TRY(bool more, statement.execute());
  while (more) {
    MUSTER_CHECK(each());
    MUSTER_TRY(more, statement.fetch());
  }
  return {};
}

}  // namespace

void Binder::expect(char type) {
  mistaken_ = mistaken_ || position_ >= types_.size() || types_[position_] != type;
}

void Binder::take(std::string_view text) {
  expect('t');
  has_nul_ = has_nul_ || (!text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr);
}

Binder& Binder::text(std::string_view value) {
  take(value);
  if (mistaken_) return *this;
  if (arrays_ != nullptr) {
    append_array_text((*arrays_)[position_++], value);
  } else {
    statement_->set_text(position_++, value);
  }
  return *this;
}

Binder& Binder::text(std::string&& value) {
  if (arrays_ != nullptr) return text(std::string_view(value));
  take(value);
  if (!mistaken_) statement_->keep_text(position_++, std::move(value));
  return *this;
}

Binder& Binder::number(std::int64_t value) {
  expect('n');
  if (mistaken_) return *this;
  if (arrays_ != nullptr) {
    append_array_number((*arrays_)[position_++], value);
  } else {
    statement_->set_number(position_++, value);
  }
  return *this;
}

Binder& Binder::null() {
  mistaken_ = mistaken_ || position_ >= types_.size();
  if (mistaken_) return *this;
  if (arrays_ != nullptr) {
    append_array_null((*arrays_)[position_++]);
  } else {
    statement_->set_null(position_++);
  }
  return *this;
}

Status Binder::done() const {
  if (mistaken_ || position_ != types_.size()) {
    return fail(Fault::internal, "a statement of the store was given other parameters than the " +
                                     std::to_string(types_.size()) + " of its types (" +
                                     std::string(types_) + "): report this");
  }
  if (has_nul_) {
    return fail(
        Fault::invalid,
        "a text holds the character U+0000, which cannot be stored: remove it at the source");
  }
  return {};
}

Session::Session(Engine engine, std::unique_ptr<Connection> connection)
    : engine_(engine), connection_(std::move(connection)) {}

Session::~Session() { forget_statements(); }

void Session::forget_statements() {
  statements_.clear();
  batches_.clear();
}

Result<Statement*> Session::prepared(const Sql& sql) {
  auto& kept = statements_[&sql];
  if (!kept) {
    MUSTER_TRY(kept, connection_->prepare(sql.text, sql.in));
  }
  return kept.get();
}

Result<Statement*> Session::prepared_batch(const Sql& sql) {
  auto& kept = batches_[&sql];
  if (!kept) {
    MUSTER_TRY(kept, connection_->prepare(batch_text(sql), std::string(sql.in.size(), 'a')));
  }
  return kept.get();
}

Status Session::query(const Sql& sql, Bind bind, Each each) {
  MUSTER_TRY(Statement * statement, prepared(sql));
  const Use use(*statement);
  Binder binder(sql, *statement);
  if (bind) bind(binder);
  MUSTER_CHECK(binder.done());
  const store::Row row(*statement);
  return run_through(*statement, [&] { return each ? each(row) : Status{}; });
}

Status Session::read(const Sql& sql, std::size_t count, BindOne bind, EachOfOne each) {
  if (count == 0) return {};
  if (engine_ == Engine::postgresql) return read_batch(sql, count, bind, each);
  MUSTER_TRY(Statement * statement, prepared(sql));
  const store::Row row(*statement);
  for (std::size_t i = 0; i < count; ++i) {
    const Use use(*statement);
    Binder binder(sql, *statement);
    bind(i, binder);
    MUSTER_CHECK(binder.done());
    MUSTER_CHECK(run_through(*statement, [&] { return each(i, row); }));
  }
  return {};
}

Result<std::int64_t> Session::write(const Sql& sql, std::size_t count, BindOne bind) {
  if (count == 0) return 0;
  if (engine_ == Engine::postgresql) return write_batch(sql, count, bind);
  MUSTER_TRY(Statement * statement, prepared(sql));
  std::int64_t affected = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Use use(*statement);
    Binder binder(sql, *statement);
    bind(i, binder);
    MUSTER_CHECK(binder.done());
    MUSTER_CHECK(statement->execute());
    affected += statement->affected_rows();
  }
  return affected;
}

// The inputs of a batch as array literals, one for each parameter.
Result<std::vector<std::string>> Session::arrays_of(const Sql& sql, std::size_t count,
                                                    BindOne bind) {
  std::vector<std::string> arrays(sql.in.size(), "{");
  for (std::size_t i = 0; i < count; ++i) {
    Binder binder(sql, arrays);
    bind(i, binder);
    MUSTER_CHECK(binder.done());
  }
  for (auto& array : arrays) array += '}';
  return arrays;
}

Status Session::read_batch(const Sql& sql, std::size_t count, BindOne bind, EachOfOne each) {
  MUSTER_TRY(Statement * statement, prepared_batch(sql));
  MUSTER_TRY(const auto arrays, arrays_of(sql, count, bind));
  const Use use(*statement);
  for (std::size_t i = 0; i < arrays.size(); ++i) statement->set_text(i, arrays[i]);
  const store::Row row(*statement, 1);  // behind the input's number
  return run_through(*statement,
                     [&] { return each(static_cast<std::size_t>(statement->number(0)), row); });
}

Result<std::int64_t> Session::write_batch(const Sql& sql, std::size_t count, BindOne bind) {
  MUSTER_TRY(Statement * statement, prepared_batch(sql));
  MUSTER_TRY(const auto arrays, arrays_of(sql, count, bind));
  const Use use(*statement);
  for (std::size_t i = 0; i < arrays.size(); ++i) statement->set_text(i, arrays[i]);
  MUSTER_CHECK(statement->execute());
  return statement->affected_rows();
}

}  // namespace muster::store
