// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/guard.h"

#include <algorithm>

namespace muster::provision {

std::int64_t allowed(const mappings::GuardLimits& limits, std::int64_t known) {
  const auto share = static_cast<std::int64_t>(limits.share * static_cast<double>(known));
  return std::max(limits.count, share);
}

std::optional<std::string> reason_to_hold(const mappings::GuardLimits& limits, const Loss& loss,
                                          const std::string& noun) {
  if (loss.read_nobody && loss.known > 0) {
    return "the source named nobody, but " + std::to_string(loss.known) + " " + noun +
           " are known; nothing was taken away. Check the search base, the filter and the rights "
           "of the account";
  }
  const auto limit = allowed(limits, loss.known);
  if (loss.leaving == 0 || loss.leaving <= limit) return std::nullopt;
  return std::to_string(loss.leaving) + " of " + std::to_string(loss.known) + " " + noun +
         " would be taken away, the limit is " + std::to_string(limit) +
         "; nobody was. Check the source; if it is right, raise lifecycle.guard in the mapping "
         "file for one run";
}

std::optional<std::string> reason_to_hold_active(const mappings::GuardLimits& limits,
                                                 std::int64_t active, std::int64_t leaving) {
  const auto limit = allowed(limits, active);
  if (leaving <= limit) return std::nullopt;
  return std::to_string(leaving) + " of " + std::to_string(active) +
         " active people would become inactive, the limit is " + std::to_string(limit);
}

}  // namespace muster::provision
