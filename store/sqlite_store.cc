// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "store/sql/sqlite.h"
#include "store/sql_store.h"

namespace muster::store {
namespace {

constexpr std::string_view kMemory = ":memory:";

const Sql kBegin{"begin immediate", ""};
const Sql kBeginSnapshot{"begin", ""};
const Sql kCommit{"commit", ""};
const Sql kRollback{"rollback", ""};

class SqliteConnections final : public Connections {
 public:
  explicit SqliteConnections(sqlite::Options options, std::unique_ptr<Session> writer = {})
      : options_(std::move(options)), writer_(std::move(writer)) {}

  Result<std::unique_ptr<Session>> writer() override {
    if (writer_) return std::move(writer_);
    return sqlite::connect(options_, sqlite::Role::writer);
  }
  Result<std::unique_ptr<Session>> reader() override {
    return sqlite::connect(options_, sqlite::Role::reader);
  }

  // The write lock at once: a transaction that begins reading and then wants to write could be
  // refused it.
  Status begin(Session& session) override { return session.query(kBegin, {}, {}); }
  Status commit(Session& session) override { return session.query(kCommit, {}, {}); }
  Status rollback(Session& session) override { return session.query(kRollback, {}, {}); }
  Status begin_snapshot(Session& session) override { return session.query(kBeginSnapshot, {}, {}); }
  Status end_snapshot(Session& session) override { return session.query(kRollback, {}, {}); }

 private:
  sqlite::Options options_;
  std::unique_ptr<Session> writer_;  // one that was made before, for the first call
};

Result<std::unique_ptr<Store>> rehearse(SqlStore& store, const std::string& path);

Result<std::unique_ptr<Store>> start(const StoreOptions& options, const sqlite::Options& engine,
                                     std::unique_ptr<Session> writer,
                                     std::function<void()> at_end) {
  SqlStore::Parts parts;
  parts.one_session = engine.path == kMemory;
  parts.connections = std::make_unique<SqliteConnections>(engine, std::move(writer));
  parts.rehearse = [path = engine.path](SqlStore& store) { return rehearse(store, path); };
  parts.at_end = std::move(at_end);
  if (!parts.one_session) {
    MUSTER_TRY(parts.checkpoints, sqlite::connect(engine, sqlite::Role::checkpointer));
  }
  MUSTER_TRY(auto store, SqlStore::start(options, std::move(parts)));
  return std::unique_ptr<Store>(std::move(store));
}

// A folder of its own beside the file, where there is room for a second one of its size.
Result<std::string> rehearsal_folder(const std::string& path) {
  std::string folder = (std::filesystem::path(path).parent_path() / ".rehearsal-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    return fail(Fault::unavailable,
                "a folder for the rehearsal's copy cannot be made: check the store's folder", path);
  }
  return folder;
}

Result<std::unique_ptr<Store>> rehearse(SqlStore& store, const std::string& path) {
  sqlite::Options engine{.path = path, .cache_mib = store.options().cache_mib, .durable = false};
  std::function<void()> at_end;
  if (path != kMemory) {
    MUSTER_TRY(std::string folder, rehearsal_folder(path));
    at_end = [folder] {
      std::error_code ignored;
      std::filesystem::remove_all(folder, ignored);
    };
    engine.path = folder + "/store.db";
  }
  auto copy = [&]() -> Result<std::unique_ptr<Store>> {
    MUSTER_TRY(auto writer, sqlite::connect(engine, sqlite::Role::writer));
    {
      MUSTER_TRY(auto source, store.read_session());
      auto from = source.use();
      MUSTER_CHECK(sqlite::copy(*from, *writer));
    }
    return start(store.options(), engine, std::move(writer), at_end);
  };
  auto copied = copy();
  if (!copied && at_end) at_end();
  return copied;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const StoreOptions& options, const std::string& path) {
  return start(options, {.path = path, .cache_mib = options.cache_mib}, {}, {});
}

}  // namespace muster::store
