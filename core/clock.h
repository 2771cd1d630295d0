// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/result.h"

namespace muster {

// UTC, milliseconds since 1970: the resolution everything is stored with.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// Where time comes from. Thread-safe. Tests bring their own.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

const Clock& system_clock();

// "2026-11-22T08:00:00Z", with ".123" when there are milliseconds (RFC 3339).
std::string format_timestamp(Timestamp time);

// RFC 3339 / XML Schema dateTime with any offset (RFC 7643, 2.3.5).
Result<Timestamp> parse_timestamp(std::string_view text);

}  // namespace muster
