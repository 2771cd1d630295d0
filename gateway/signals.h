// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <thread>

namespace muster::gateway {

// SIGINT and SIGTERM (for a service SIGHUP too), taken by those who wait for them and by nobody
// else. Construct either class before other threads start, so that all of them inherit the mask.

// For a service: blocks until one of them comes and returns its number.
class ServiceSignals {
 public:
  ServiceSignals();
  int wait();
};

// For a verb that works: turns them into a stop request while it lives.
class Interrupt {
 public:
  Interrupt();
  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread watcher_;
};

}  // namespace muster::gateway
