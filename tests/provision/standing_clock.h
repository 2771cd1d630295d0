// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "core/clock.h"

namespace muster::provision {

// A clock that stands still until it is told to go on.
class StandingClock : public Clock {
 public:
  StandingClock() = default;
  StandingClock& operator=(const StandingClock& other) {
    now_ = other.now_.load();
    return *this;
  }

  Timestamp now() const override { return now_.load(); }
  void pass(std::chrono::seconds time) { now_ = now_.load() + time; }

 private:
  std::atomic<Timestamp> now_ = *parse_timestamp("2026-11-22T12:00:00Z");
};

}  // namespace muster::provision
