// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/clock.h"

namespace muster::store {

// Times are kept as milliseconds since 1970 (UTC).
inline std::int64_t milliseconds(Timestamp time) { return time.time_since_epoch().count(); }
inline Timestamp timestamp(std::int64_t value) {
  return Timestamp(std::chrono::milliseconds(value));
}
inline std::optional<std::int64_t> milliseconds(std::optional<Timestamp> time) {
  return time ? std::optional(milliseconds(*time)) : std::nullopt;
}
inline std::optional<Timestamp> timestamp(std::optional<std::int64_t> value) {
  return value ? std::optional(timestamp(*value)) : std::nullopt;
}

}  // namespace muster::store
