// SPDX-License-Identifier: Apache-2.0
#include "store/sql/sqlite.h"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "store/sql/failure.h"

namespace muster::store::sqlite {
namespace {

constexpr int kReaderShare = 8;  // a reader's page cache is the writer's divided by this
constexpr int kBusySeconds =
    20;  // another program may hold the write lock for the length of a large batch

sqlite_api::sqlite3* handle(Session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.connection().get_backend())->conn_;
}

// SQLite would create it readable by everybody; the store holds people. A file that exists is not
// opened here: closing it would drop the locks that SQLite's other connections of this process hold
// on it (POSIX locks belong to the file, not to the descriptor), and another process would then
// take the log away under them.
Status create_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno == EEXIST && ::access(path.c_str(), R_OK | W_OK) == 0) return {};
  return fail(Fault::unavailable,
              "the store's file cannot be opened (" + std::string(std::strerror(errno)) +
                  "): check the path, its folder and the permissions",
              path);
}

Status tune(Session& session, const Options& options, Role role) {
  if (options.path != ":memory:") MUSTER_CHECK(session.run("pragma journal_mode=WAL"));
  MUSTER_CHECK(session.run(options.durable ? "pragma synchronous=FULL" : "pragma synchronous=OFF"));
  // Savepoints keep the pages they may have to restore in memory instead of in a file.
  MUSTER_CHECK(session.run("pragma temp_store=MEMORY"));
  MUSTER_CHECK(session.run("pragma wal_autocheckpoint=0"));
  int mib =
      role == Role::writer ? options.cache_mib : std::max(2, options.cache_mib / kReaderShare);
  MUSTER_CHECK(session.run("pragma cache_size=-" + std::to_string(mib * 1024)));
  if (role != Role::reader) return {};
  // Readers look at pages where the kernel keeps them: one copy for all, however many there are.
  if (options.path != ":memory:") MUSTER_CHECK(session.run("pragma mmap_size=1073741824"));
  MUSTER_CHECK(session.run("pragma query_only=ON"));
  return {};
}

}  // namespace

namespace {

// A session is used by one thread at a time, so SQLite need not lock each call; nor need it count
// every byte that it allocates under one lock of the process. Works before the first connection.
void leave_locking_to_us() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite_api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  });
}

}  // namespace

Result<std::unique_ptr<Session>> connect(const Options& options, Role role) {
  leave_locking_to_us();
  if (options.path.find('"') != std::string::npos) {
    return fail(Fault::invalid, "a store's path cannot contain a quotation mark", options.path);
  }
  if (options.path != ":memory:") MUSTER_CHECK(create_private(options.path));
  try {
    auto connection = std::make_unique<soci::session>(
        soci::sqlite3, "dbname=\"" + options.path + "\" timeout=" + std::to_string(kBusySeconds));
    auto session = std::make_unique<Session>(Engine::sqlite, std::move(connection));
    MUSTER_CHECK(tune(*session, options, role));
    return session;
  } catch (const std::exception& error) {
    return fail(failure_of(Engine::sqlite, error));
  }
}

void watch_log(Session& session, std::function<void(int pages)>& committed) {
  auto hook = [](void* context, sqlite_api::sqlite3*, const char*, int pages) {
    (*static_cast<std::function<void(int)>*>(context))(pages);
    return SQLITE_OK;
  };
  sqlite_api::sqlite3_wal_hook(handle(session), hook, &committed);
}

Result<Checkpoint> checkpoint(Session& session) {
  Checkpoint result;
  int code = sqlite_api::sqlite3_wal_checkpoint_v2(
      handle(session), nullptr, SQLITE_CHECKPOINT_PASSIVE, &result.log_pages, &result.done_pages);
  if (code != SQLITE_OK && code != SQLITE_BUSY) {
    return fail(failure_of(Engine::sqlite, soci::sqlite3_soci_error(
                                               sqlite_api::sqlite3_errmsg(handle(session)), code)));
  }
  return result;
}

Status copy(Session& from, Session& to) {
  sqlite_api::sqlite3_backup* backup =
      sqlite_api::sqlite3_backup_init(handle(to), "main", handle(from), "main");
  int code = backup == nullptr ? sqlite_api::sqlite3_errcode(handle(to))
                               : sqlite_api::sqlite3_backup_step(backup, -1);
  if (backup != nullptr) sqlite_api::sqlite3_backup_finish(backup);
  if (code == SQLITE_DONE) return {};
  return fail(
      failure_of(Engine::sqlite, soci::sqlite3_soci_error(sqlite_api::sqlite3_errstr(code), code)));
}

}  // namespace muster::store::sqlite
