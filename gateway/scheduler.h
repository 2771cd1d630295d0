// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "gateway/config.h"

namespace muster::gateway {

// When a schedule is due next, after `now`: without jitter.
Result<Timestamp> next_due(const ScheduleConfig& schedule, Timestamp now);

// Calls `run(source name)` for each scheduled source when it is due, on one of two job threads;
// never two at a time for one source. `run` is handed a token that asks it to stop when the
// scheduler stops. stop() waits for running jobs.
class Scheduler {
 public:
  using Run = std::function<void(const std::string& source, std::stop_token)>;

  Scheduler(const std::vector<SourceConfig>& sources, Run run);
  ~Scheduler();  // stops
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Calls `work` every `period` on a job thread too: housekeeping.
  void every(std::chrono::seconds period, std::function<void()> work);
  // The same for work that takes long: it is handed the token of a run.
  void every(std::chrono::seconds period, std::function<void(std::stop_token)> work);
  // Calls `work` when the scheduler starts and then every `period`, with the token of a run.
  void at_start_and_every(std::chrono::seconds period, std::function<void(std::stop_token)> work);
  void start();
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::gateway
