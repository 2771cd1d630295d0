// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "store/leases/fenced_store.h"
#include "store/leases/holder.h"
#include "store/store.h"

namespace muster::store {

// A lease from its taking to its release: what is done under it writes through store(), which
// carries the fence, and stops when stop_token() says so. Ends with the object. Thread-safe.
class HeldLease {
 public:
  struct Request {
    std::string name = {};
    std::chrono::milliseconds duration = std::chrono::seconds(30);
    LeaseHolder holder = this_process();
    // In the transaction that takes the lease, once it is taken.
    Store::Work first = {};
  };

  // conflict, code "busy", when somebody holds it and is not known to have ended. `store` must
  // outlive it.
  static Result<std::unique_ptr<HeldLease>> take(Store& store, const Request& request);
  HeldLease(const HeldLease&) = delete;
  HeldLease& operator=(const HeldLease&) = delete;
  ~HeldLease();  // releases

  const Lease& lease() const { return lease_; }
  Store& store() { return fenced_; }

  // Holds on for another `duration`. Errors: lost_lease; unavailable, which the next call may mend.
  Status renew();
  std::chrono::milliseconds duration() const { return duration_; }

  // Asked to stop when the lease is lost, and by stop_with().
  std::stop_token stop_token() const { return stop_.get_token(); }
  // What stops the caller's work stops this.
  void stop_with(std::stop_token token);

 private:
  HeldLease(Store& store, Lease lease, std::chrono::milliseconds duration);
  struct PassOn {
    std::stop_source* stop;
    void operator()() const { stop->request_stop(); }
  };

  Store& store_;
  Lease lease_;
  std::chrono::milliseconds duration_;
  std::stop_source stop_;
  std::optional<std::stop_callback<PassOn>> passes_on_;
  FencedStore fenced_;
};

// Renews a lease three times in each of its durations, in a thread, for as long as the object
// lives.
class LeaseKeeper {
 public:
  explicit LeaseKeeper(HeldLease& lease);

 private:
  std::jthread thread_;
};

}  // namespace muster::store
