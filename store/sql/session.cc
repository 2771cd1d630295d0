// SPDX-License-Identifier: Apache-2.0
#include "store/sql/session.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstring>

#include "store/sql/batch.h"
#include "store/sql/failure.h"

namespace muster::store {
namespace {

Status nul_refused() {
  return fail(Fault::invalid,
              "a text holds the character U+0000, which cannot be stored: remove it at the source");
}

}  // namespace

Binder& Binder::text(std::string_view value) {
  has_nul_ = has_nul_ || (!value.empty() && std::memchr(value.data(), 0, value.size()) != nullptr);
  if (arrays_ != nullptr) {
    append_array_text((*arrays_)[position_++], value);
  } else {
    statement_->set_text(position_++, value);
  }
  return *this;
}

Binder& Binder::number(std::int64_t value) {
  if (arrays_ != nullptr) {
    append_array_number((*arrays_)[position_++], value);
  } else {
    statement_->set_number(position_++, value);
  }
  return *this;
}

Binder& Binder::null() {
  if (arrays_ != nullptr) {
    append_array_null((*arrays_)[position_++]);
  } else {
    statement_->set_null(position_++);
  }
  return *this;
}

Session::Session(Engine engine, std::unique_ptr<soci::session> connection)
    : engine_(engine), connection_(std::move(connection)) {}

Session::~Session() { forget_statements(); }

void Session::forget_statements() {
  statements_.clear();
  batches_.clear();
}

bool Session::in_transaction() {
  auto* backend = connection_->get_backend();
  if (engine_ == Engine::sqlite) {
    return sqlite_api::sqlite3_get_autocommit(
               static_cast<soci::sqlite3_session_backend*>(backend)->conn_) == 0;
  }
  auto* connection = static_cast<soci::postgresql_session_backend*>(backend)->conn_;
  return PQtransactionStatus(connection) == PQTRANS_INTRANS;
}

bool Session::broken() {
  if (engine_ == Engine::sqlite) return false;
  auto* backend = static_cast<soci::postgresql_session_backend*>(connection_->get_backend());
  return PQstatus(backend->conn_) != CONNECTION_OK;
}

Status Session::run(const std::string& text) {
  try {
    *connection_ << text;
    return {};
  } catch (const std::exception& error) {
    return fail(failure_of(engine_, error));
  }
}

Result<Statement*> Session::prepared(const Sql& sql) {
  auto& kept = statements_[&sql];
  if (!kept) {
    MUSTER_TRY(kept, Statement::prepare(*connection_, engine_, sql.text, sql.in, sql.out));
  }
  return kept.get();
}

Result<Statement*> Session::prepared_batch(const Sql& sql) {
  auto& kept = batches_[&sql];
  if (!kept) {
    bool select = sql.text.starts_with("select");
    std::string in(sql.in.size(), 't');  // arrays travel as text
    std::string out = select ? std::string("n") + sql.out : std::string();
    MUSTER_TRY(kept, Statement::prepare(*connection_, engine_, batch_text(sql), in, out));
  }
  return kept.get();
}

Status Session::query(const Sql& sql, Bind bind, Each each) {
  MUSTER_TRY(Statement * statement, prepared(sql));
  Binder binder;
  binder.statement_ = statement;
  if (bind) bind(binder);
  if (binder.has_nul_) return nul_refused();
  store::Row row;
  row.statement_ = statement;
  MUSTER_TRY(bool more, statement->execute());
  while (more) {
    MUSTER_CHECK(each(row));
    MUSTER_TRY(more, statement->fetch());
  }
  return {};
}

Result<Statement*> Session::bound_batch(const Sql& sql, std::size_t count, BindOne bind) {
  MUSTER_TRY(Statement * statement, prepared_batch(sql));
  std::vector<std::string> arrays(sql.in.size(), "{");
  Binder binder;
  binder.arrays_ = &arrays;
  for (std::size_t i = 0; i < count; ++i) {
    binder.position_ = 0;
    bind(i, binder);
  }
  if (binder.has_nul_) return fail(nul_refused().error());
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    arrays[i] += '}';
    statement->set_text(i, arrays[i]);
  }
  return statement;
}

Status Session::read(const Sql& sql, std::size_t count, BindOne bind, EachOfOne each) {
  store::Row row;
  if (count == 0) return {};
  if (engine_ == Engine::postgresql) {
    MUSTER_TRY(Statement * batch, bound_batch(sql, count, bind));
    row.statement_ = batch;
    row.first_ = 1;
    MUSTER_TRY(bool more, batch->execute());
    while (more) {
      MUSTER_CHECK(each(static_cast<std::size_t>(batch->number(0)), row));
      MUSTER_TRY(more, batch->fetch());
    }
    return {};
  }
  MUSTER_TRY(Statement * statement, prepared(sql));
  row.statement_ = statement;
  for (std::size_t i = 0; i < count; ++i) {
    Binder binder;
    binder.statement_ = statement;
    bind(i, binder);
    if (binder.has_nul_) return nul_refused();
    MUSTER_TRY(bool more, statement->execute());
    while (more) {
      MUSTER_CHECK(each(i, row));
      MUSTER_TRY(more, statement->fetch());
    }
  }
  return {};
}

Result<std::int64_t> Session::write(const Sql& sql, std::size_t count, BindOne bind) {
  if (count == 0) return 0;
  if (engine_ == Engine::postgresql) {
    MUSTER_TRY(Statement * batch, bound_batch(sql, count, bind));
    MUSTER_CHECK(batch->execute());
    return batch->affected_rows();
  }
  MUSTER_TRY(Statement * statement, prepared(sql));
  std::int64_t affected = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Binder binder;
    binder.statement_ = statement;
    bind(i, binder);
    if (binder.has_nul_) return fail(nul_refused().error());
    MUSTER_CHECK(statement->execute());
    affected += statement->affected_rows();
  }
  return affected;
}

}  // namespace muster::store
