// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace muster::gateway {

// A five-field cron expression (minute hour day-of-month month day-of-week, as POSIX crontab, with
// steps and names), in UTC. When both day fields are restricted, either may match.
class Cron {
 public:
  // Errors name the field and what it may hold.
  static Result<Cron> parse(std::string_view text);

  // The first matching minute strictly after `time`; not_found when the expression never matches
  // (30 February).
  Result<Timestamp> next(Timestamp time) const;

 private:
  bool matches_day(std::chrono::sys_days day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = true;
  bool any_weekday_ = true;
};

}  // namespace muster::gateway
