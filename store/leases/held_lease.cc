// SPDX-License-Identifier: Apache-2.0
#include "store/leases/held_lease.h"

#include <condition_variable>
#include <mutex>

#include "core/log.h"

namespace muster::store {

Result<std::unique_ptr<HeldLease>> HeldLease::take(Store& store, const Request& request) {
  Lease lease;
  auto taken = store.write([&](Transaction& tx) -> Status {
    MUSTER_TRY(const auto last, tx.leases().find(request.name));
    if (last && last->held && has_ended(last->holder.process))
      MUSTER_CHECK(tx.leases().release(*last));
    MUSTER_TRY(lease, tx.leases().acquire(request.name, request.holder, request.duration));
    return request.first ? request.first(tx) : Status{};
  });
  MUSTER_CHECK(std::move(taken));
  return std::unique_ptr<HeldLease>(new HeldLease(store, std::move(lease), request.duration));
}

HeldLease::HeldLease(Store& store, Lease lease, std::chrono::milliseconds duration)
    : store_(store),
      lease_(std::move(lease)),
      duration_(duration),
      fenced_(store, lease_, [this] { stop_.request_stop(); }) {}

// What cannot be released runs out.
HeldLease::~HeldLease() {
  const auto done = store_.write([this](Transaction& tx) { return tx.leases().release(lease_); });
  if (!done)
    log::write(log::Level::warning, "store", "lease not released",
               {{"lease", lease_.name}, {"err", describe(done.error())}});
}

Status HeldLease::renew() {
  auto done =
      store_.write([this](Transaction& tx) { return tx.leases().renew(lease_, duration_); });
  if (!done && lost_lease(done.error())) stop_.request_stop();
  return done;
}

void HeldLease::stop_with(std::stop_token token) {
  passes_on_.emplace(std::move(token), PassOn{&stop_});
}

LeaseKeeper::LeaseKeeper(HeldLease& lease)
    : thread_([&lease](const std::stop_token& ended) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        const auto never = [] { return false; };
        for (;;) {
          wake.wait_for(lock, ended, lease.duration() / 3, never);
          if (ended.stop_requested()) return;
          const auto renewed = lease.renew();
          if (renewed) continue;
          log::write(log::Level::error, "store", "lease not renewed",
                     {{"lease", lease.lease().name}, {"err", describe(renewed.error())}});
          if (lost_lease(renewed.error())) return;
        }
      }) {}

}  // namespace muster::store
