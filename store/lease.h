// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace muster::store {

// Who holds a lease (leases/holder.h).
struct LeaseHolder {
  std::string name = {};     // for people: "process 4711 on host7"
  std::string process = {};  // tells the process from every other; empty: cannot be told
};

// The right to do something alone, over all processes that share the store, until it ends. `fence`
// is the number of this holding: each further one has a larger number.
struct Lease {
  std::string name = {};
  LeaseHolder holder = {};
  std::int64_t fence = 0;
  Timestamp since = {};
  Timestamp until = {};
  bool held = false;  // `until` was still to come when it was read
};

// Part of a Transaction, under its rules. Time is the database's on PostgreSQL, for hosts' clocks
// differ, and that of StoreOptions::clock on SQLite.
class LeaseTable {
 public:
  virtual ~LeaseTable() = default;

  // Who holds it, or held it last; nothing when nobody ever did.
  virtual Result<std::optional<Lease>> find(std::string_view name) = 0;

  // Takes a lease that nobody holds. conflict, code "busy": somebody does; the detail says who,
  // since when and until when. Waits for transactions that check() let pass, not for others.
  virtual Result<Lease> acquire(std::string_view name, const LeaseHolder& holder,
                                std::chrono::milliseconds duration) = 0;

  // Lets it end `duration` from now; also one that has ended, as long as nobody took it. lost_lease
  // when somebody did.
  virtual Status renew(const Lease& lease, std::chrono::milliseconds duration) = 0;

  // Ends it now. Nothing happens when somebody else has taken it.
  virtual Status release(const Lease& lease) = 0;

  // The fence. Passes as long as nobody else has taken the lease, and nobody takes it before this
  // transaction has ended; lost_lease otherwise.
  virtual Status check(const Lease& lease) = 0;
};

// Whether an error says that somebody else has taken the lease: conflict, code "lease".
bool lost_lease(const Error& error);

}  // namespace muster::store
