// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "store/sql/postgresql.h"
#include "store/sql_store.h"

namespace muster::store {
namespace {

const Sql kBegin{"begin", ""};
const Sql kBeginSnapshot{"begin isolation level repeatable read, read only", ""};
const Sql kCommit{"commit", ""};
const Sql kRollback{"rollback", ""};
const Sql kBeginPart{"savepoint rehearsed_group", ""};
const Sql kKeepPart{"release savepoint rehearsed_group", ""};
const Sql kUndoPart{"rollback to savepoint rehearsed_group", ""};

class PostgresqlConnections final : public Connections {
 public:
  PostgresqlConnections(postgresql::Options options, std::chrono::milliseconds longest_pause)
      : options_(std::move(options)), longest_pause_(longest_pause) {}

  Result<std::unique_ptr<Session>> writer() override {
    MUSTER_TRY(auto session, postgresql::connect(options_));
    MUSTER_CHECK(session->run("set idle_in_transaction_session_timeout=" +
                              std::to_string(longest_pause_.count())));
    return session;
  }
  Result<std::unique_ptr<Session>> reader() override { return postgresql::connect(options_); }
  Status begin(Session& session) override { return session.query(kBegin, {}, {}); }
  Status commit(Session& session) override { return session.query(kCommit, {}, {}); }
  Status rollback(Session& session) override { return session.query(kRollback, {}, {}); }
  Status begin_snapshot(Session& session) override { return session.query(kBeginSnapshot, {}, {}); }
  Status end_snapshot(Session& session) override { return session.query(kRollback, {}, {}); }

 private:
  postgresql::Options options_;
  std::chrono::milliseconds longest_pause_;
};

// One session with one open transaction, which goes with it: group commits are savepoints in it.
class RehearsalConnections final : public Connections {
 public:
  explicit RehearsalConnections(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  Result<std::unique_ptr<Session>> writer() override {
    if (session_) return std::move(session_);
    return fail(Fault::unavailable,
                "the rehearsal lost its connection to PostgreSQL: start it again");
  }
  Result<std::unique_ptr<Session>> reader() override { return writer(); }
  Status begin(Session& session) override { return session.query(kBeginPart, {}, {}); }
  Status commit(Session& session) override { return session.query(kKeepPart, {}, {}); }
  Status rollback(Session& session) override {
    MUSTER_CHECK(session.query(kUndoPart, {}, {}));
    return session.query(kKeepPart, {}, {});
  }
  Status begin_snapshot(Session& session) override { return begin(session); }
  Status end_snapshot(Session& session) override { return rollback(session); }

 private:
  std::unique_ptr<Session> session_;
};

// Every writer changes the counters; without copies of their own a rehearsal would keep them all
// waiting.
constexpr std::array<const char*, 7> kOwnCounters{
    "begin",
    "create temporary table rehearsed_counts (like record_counts including all)",
    "insert into rehearsed_counts select * from record_counts",
    "alter table rehearsed_counts rename to record_counts",
    "create temporary table rehearsed_buckets (like record_buckets including all)",
    "insert into rehearsed_buckets select * from record_buckets",
    "alter table rehearsed_buckets rename to record_buckets",
};

Result<std::unique_ptr<Store>> rehearse(SqlStore& store) {
  MUSTER_TRY(auto session, postgresql::connect({store.options().url, store.options().password}));
  for (const char* statement : kOwnCounters) MUSTER_CHECK(session->run(statement));
  SqlStore::Parts parts;
  parts.one_session = true;
  parts.connections = std::make_unique<RehearsalConnections>(std::move(session));
  parts.rehearse = [](SqlStore&) -> Result<std::unique_ptr<Store>> {
    return fail(Fault::invalid, "a rehearsal cannot be rehearsed");
  };
  parts.schema_is_there = true;
  MUSTER_TRY(auto rehearsal, SqlStore::start(store.options(), std::move(parts)));
  return std::unique_ptr<Store>(std::move(rehearsal));
}

}  // namespace

Result<std::unique_ptr<Store>> open_postgresql(const StoreOptions& options) {
  SqlStore::Parts parts;
  parts.connections = std::make_unique<PostgresqlConnections>(
      postgresql::Options{options.url, options.password}, options.longest_pause);
  parts.rehearse = rehearse;
  MUSTER_TRY(auto store, SqlStore::start(options, std::move(parts)));
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace muster::store
