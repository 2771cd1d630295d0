// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mappings/engine.h"

namespace muster::provision {

// What a run would take away from a source, counted before anything of it is applied.
struct Loss {
  std::int64_t known = 0;    // people (or groups) that the source had
  std::int64_t leaving = 0;  // how many of them the run would deactivate
  bool read_nobody = false;  // the read ended well and brought not one record
};

// How many may leave in one run: the larger of the count and the share.
std::int64_t allowed(const mappings::GuardLimits& limits, std::int64_t known);

// Why the losses must wait for a person; nothing when they may be applied. `noun`: "people",
// "groups".
std::optional<std::string> reason_to_hold(const mappings::GuardLimits& limits, const Loss& loss,
                                          const std::string& noun);

// The same for a run that is of no source: what it takes is measured by everybody who is active.
// The sentence ends with the limit; what to do about it is the caller's to say.
std::optional<std::string> reason_to_hold_active(const mappings::GuardLimits& limits,
                                                 std::int64_t active, std::int64_t leaving);

}  // namespace muster::provision
