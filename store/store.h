// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "store/reader.h"
#include "store/transaction.h"
#include "store/view.h"

namespace muster::store {

struct StoreOptions {
  // "sqlite:PATH", "sqlite::memory:" or "postgresql://user@host:port/database".
  std::string url = "sqlite::memory:";
  std::string password = {};  // PostgreSQL, when not part of the environment
  std::vector<std::string> sources =
      {};               // configured source names: registered at opening, in this order
  int cache_mib = 64;   // SQLite page cache of the writer; readers get a part of it
  int max_group = 256;  // submissions that share a commit
  // PostgreSQL: the server gives up a write transaction whose process says nothing for so long, so
  // that a process that stands still does not keep others from its rows. 0: never.
  std::chrono::milliseconds longest_pause = std::chrono::seconds(20);
  const Clock* clock = &system_clock();
};

// The work of a small submission that may be done in one go with others that wait beside it: what
// is alike in them is then read and written once for all.
class JointWork {
 public:
  virtual ~JointWork() = default;

  // Whether `other`, of whatever kind, may be done together with this one.
  virtual bool joins(const JointWork& other) const = 0;

  // Does `parts`: this one, and others that it joins. What became of a part is kept by the part
  // itself. As for Store::Work: called on the writer's thread, anew when the transaction is
  // repeated. An error undoes all parts; several are then tried one by one.
  virtual Status run(Transaction& tx, std::span<JointWork* const> parts) = 0;
};

// Remembers: records, contributions, identities, memberships, runs, audit, outbox, tokens.
// Thread-safe. Schema migrations are applied at opening, under a lock; a newer schema than this
// program knows is refused.
class Store {
 public:
  // The work of one submission. Called once on the writer's thread (again only when the engine asks
  // to repeat the whole transaction), so it must not wait for anything else. Returning an error
  // undoes this submission alone.
  using Work = std::function<Status(Transaction&)>;
  // A piece of reading. Called once (again only when the engine's connection was lost).
  using Look = std::function<Status(View&)>;

  static Result<std::unique_ptr<Store>> open(const StoreOptions& options);
  virtual ~Store() = default;

  // Runs `work` together with whatever else waits in one transaction and returns after its commit
  // reached the disk, or with the work's own error. Blocks; never call it from inside a Work.
  virtual Status write(const Work& work) = 0;

  // The same for work that may be joined with other such work in the same transaction. A store that
  // cannot join runs it alone.
  virtual Status write_jointly(JointWork& work) {
    return write([&work](Transaction& tx) {
      JointWork* const alone = &work;
      return work.run(tx, {&alone, 1});
    });
  }

  // Runs `look` on the calling thread over everything committed, as it is at one moment, beside the
  // writer: it waits for nobody and nobody waits for it. An in-memory store and a rehearsal have
  // one session, there it takes its turn. Returns the look's own error. Never call it from inside a
  // Work, nor write() from inside a Look.
  virtual Status read(const Look& look) = 0;

  // A reader for the calling thread's next piece of work; give it back by destroying it. Cheap.
  virtual Result<std::unique_ptr<Reader>> reader() = 0;

  // The same data for trying things out: writes through it are visible through it and never reach
  // this store. SQLite: a temporary copy; PostgreSQL: one transaction that is rolled back. For dry
  // runs.
  virtual Result<std::unique_ptr<Store>> rehearsal() = 0;

  // What read() shows, for one thread, until it is destroyed. Short: it keeps what it sees from
  // being tidied up.
  virtual Result<std::unique_ptr<View>> snapshot() = 0;

  // Commits and submissions so far, waiting submissions now: for metrics.
  struct Counters {
    std::uint64_t commits = 0;
    std::uint64_t submissions = 0;
    std::uint64_t waiting = 0;
  };
  virtual Counters counters() const = 0;
};

}  // namespace muster::store
