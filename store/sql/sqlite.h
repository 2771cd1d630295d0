// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "store/sql/session.h"

namespace muster::store::sqlite {

enum class Role { writer, reader, checkpointer };

struct Options {
  std::string path = {};  // or ":memory:"
  int cache_mib = 64;
  bool durable = true;  // false for rehearsals: no sync to disk at all
};

// A connection in WAL mode. The file is created readable by its owner only. The writer never
// checkpoints by itself.
Result<std::unique_ptr<Session>> connect(const Options& options, Role role);

// Calls `committed` on the committing thread after each commit, with the pages that the write-ahead
// log holds. It must outlive the session.
void watch_log(Session& session, std::function<void(int pages)>& committed);

struct Checkpoint {
  int log_pages = 0;
  int done_pages = 0;  // of them, now also in the database file
  bool complete() const { return log_pages <= done_pages; }
};

// Moves pages from the log to the database file without waiting for anybody.
Result<Checkpoint> checkpoint(Session& session);

// Everything committed in `from`, as one consistent picture, into the empty database `to`.
Status copy(Session& from, Session& to);

}  // namespace muster::store::sqlite
