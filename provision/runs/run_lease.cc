// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/run_lease.h"

#include <utility>

namespace muster::provision {
namespace {

std::string noun_of(const std::string& lease) {
  if (lease == lifecycle_lease) return "lifecycle run";
  if (lease == apply_lease) return "application of a mapping";
  const auto source = lease.substr(source_lease("").size());
  return "run of source '" + source + "'";
}

}  // namespace

Result<std::unique_ptr<RunLease>> RunLease::take(Provisioner& of, const std::string& name,
                                                 std::chrono::milliseconds duration,
                                                 std::stop_token stop) {
  std::vector<store::RunRow> killed;
  auto held = store::HeldLease::take(
      of.store(),
      {.name = name, .duration = duration, .first = [&](store::Transaction& tx) -> Status {
         MUSTER_TRY(killed, end_killed_runs(tx, name));
         return {};
       }});
  if (!held) {
    auto error = std::move(held).error();
    if (error.code == "busy")
      error.detail = "another " + noun_of(name) + " is under way: the lease is " + error.detail;
    return fail(std::move(error));
  }
  log_killed(killed);
  return std::unique_ptr<RunLease>(new RunLease(of, *std::move(held), std::move(stop)));
}

RunLease::RunLease(Provisioner& of, std::unique_ptr<store::HeldLease> held, std::stop_token stop)
    : held_(std::move(held)), provisioner_(held_->store(), of), keeper_(*held_) {
  held_->stop_with(std::move(stop));
}

}  // namespace muster::provision
