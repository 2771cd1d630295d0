// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "core/clock.h"

namespace muster::support {

// The clock of all tests: stands still until it is told to go on. Thread-safe.
class StandingClock final : public Clock {
 public:
  explicit StandingClock(Timestamp now = *parse_timestamp("2026-11-22T12:00:00Z")) : now_(now) {}
  StandingClock& operator=(const StandingClock& other) {
    now_ = other.now();
    return *this;
  }

  Timestamp now() const override { return now_.load(); }
  void set(Timestamp time) { now_ = time; }
  void pass(std::chrono::milliseconds time) { now_ = now_.load() + time; }

 private:
  std::atomic<Timestamp> now_;
};

}  // namespace muster::support
