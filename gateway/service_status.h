// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <string>

#include "core/result.h"
#include "core/value.h"

namespace muster::gateway {

// What a running service says of itself to the verbs of the same state directory, in the file
// "service.json": pid, mapping and its hash, and how its last reload ended. A lock on
// "locks/service.lock" tells a service that runs from a file that one left behind. One thread.
class ServiceStatus {
 public:
  // Takes the lock. A second service of the same state directory runs without: it says so in the
  // log and cannot be asked to reload by a verb, only by SIGHUP.
  explicit ServiceStatus(std::filesystem::path state_directory);
  ~ServiceStatus();
  ServiceStatus(const ServiceStatus&) = delete;
  ServiceStatus& operator=(const ServiceStatus&) = delete;

  void publish(Value status) const;
  // What the verb that asked for a reload calls it; empty when nobody did.
  std::string request() const;

 private:
  std::filesystem::path directory_;
  int lock_ = -1;
};

// Whether a service runs with this state directory.
bool service_runs(const std::filesystem::path& state_directory);

// What a running service says of itself. not_found when none runs.
Result<Value> service_status(const std::filesystem::path& state_directory);

// Asks the running service to reload and waits until it has: its status, whose member "reload" says
// how it ended. not_found when none runs, denied when it may not be signalled, unavailable when it
// does not answer in time.
Result<Value> ask_to_reload(const std::filesystem::path& state_directory,
                            std::chrono::seconds patience);

}  // namespace muster::gateway
