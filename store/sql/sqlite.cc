// SPDX-License-Identifier: Apache-2.0
#include "store/sql/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <mutex>
#include <thread>

#include "store/sql/failure.h"
#include "store/sql/sqlite_connection.h"

namespace muster::store::sqlite {
namespace {

constexpr int kReaderShare = 8;  // a reader's page cache is the writer's divided by this
// Another program may hold the write lock for the length of a large batch.
constexpr int kBusyMilliseconds = 20'000;

sqlite3* handle(Session& session) {
  return static_cast<SqliteConnection&>(session.connection()).handle();
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

// SQLite waits for nobody when two programs give a new file its log at the same moment: one of them
// is refused at once, and has the log a moment later.
Status use_log(Session& session) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyMilliseconds);
  for (;;) {
    auto done = session.run("pragma journal_mode=WAL");
    const bool busy = !done && (sqlite3_errcode(handle(session)) & 0xff) == SQLITE_BUSY;
    if (!busy || std::chrono::steady_clock::now() >= deadline) return done;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Status tune(Session& session, const Options& options, Role role) {
  if (options.path != ":memory:") MUSTER_CHECK(use_log(session));
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

// A session is used by one thread at a time, so SQLite need not lock each call; nor need it count
// every byte that it allocates under one lock of the process. Works before the first connection.
void leave_locking_to_us() {
  static std::once_flag once;
  std::call_once(once, [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  });
}

}  // namespace

Result<std::unique_ptr<Session>> connect(const Options& options, Role role) {
  leave_locking_to_us();
  if (options.path != ":memory:") MUSTER_CHECK(create_private(options.path));
  MUSTER_TRY(auto connection, SqliteConnection::open(options.path, kBusyMilliseconds));
  auto session = std::make_unique<Session>(Engine::sqlite, std::move(connection));
  MUSTER_CHECK(tune(*session, options, role));
  return session;
}

void watch_log(Session& session, std::function<void(int pages)>& committed) {
  auto hook = [](void* context, sqlite3*, const char*, int pages) {
    (*static_cast<std::function<void(int)>*>(context))(pages);
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle(session), hook, &committed);
}

Result<Checkpoint> checkpoint(Session& session) {
  Checkpoint result;
  int code = sqlite3_wal_checkpoint_v2(handle(session), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                       &result.log_pages, &result.done_pages);
  if (code != SQLITE_OK && code != SQLITE_BUSY) {
    return fail(sqlite_failure(code, sqlite3_errmsg(handle(session))));
  }
  return result;
}

Status copy(Session& from, Session& to) {
  sqlite3_backup* backup = sqlite3_backup_init(handle(to), "main", handle(from), "main");
  int code = backup == nullptr ? sqlite3_errcode(handle(to)) : sqlite3_backup_step(backup, -1);
  if (backup != nullptr) sqlite3_backup_finish(backup);
  if (code == SQLITE_DONE) return {};
  return fail(sqlite_failure(code, sqlite3_errstr(code)));
}

}  // namespace muster::store::sqlite
