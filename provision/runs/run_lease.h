// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "core/result.h"
#include "provision/provisioner.h"
#include "provision/runs/killed_runs.h"
#include "store/leases/held_lease.h"

namespace muster::provision {

// The right to a run of one name (killed_runs.h), held for as long as the object lives and renewed
// meanwhile. The run goes through provisioner() and stops with stop_token(); then it writes nothing
// once another process has taken the lease, whatever it does: its next write is refused as
// store::lost_lease.
class RunLease {
 public:
  // Taking it ends the runs of that name that were killed. conflict, code "busy": another one is
  // under way; the detail says where, and since when. `of` must outlive it; a mapping that comes
  // into force there does so here.
  static Result<std::unique_ptr<RunLease>> take(Provisioner& of, const std::string& name,
                                                std::chrono::milliseconds duration,
                                                std::stop_token stop);

  Provisioner& provisioner() { return provisioner_; }
  // Asked to stop when the lease is lost, and when `stop` is.
  std::stop_token stop_token() const { return held_->stop_token(); }

 private:
  RunLease(Provisioner& of, std::unique_ptr<store::HeldLease> held, std::stop_token stop);

  std::unique_ptr<store::HeldLease> held_;
  Provisioner provisioner_;
  store::LeaseKeeper keeper_;
};

}  // namespace muster::provision
