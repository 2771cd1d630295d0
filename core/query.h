// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/filter.h"

namespace muster {

// A question for many: which ones, and which part of the answer. Order is always the order of
// creation, so pages are stable. `start` counts from 1 (RFC 7644, 3.4.2.4); `after` continues
// behind an id instead (key-set) and wins over `start`.
struct Query {
  std::optional<Filter> filter = {};
  std::int64_t start = 1;
  std::int64_t count = 100;
  std::string after = {};
  bool want_total = true;
};

}  // namespace muster
