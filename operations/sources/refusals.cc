// SPDX-License-Identifier: Apache-2.0
#include "operations/sources/refusals.h"

#include <algorithm>

namespace muster::operations {
namespace {

constexpr std::chrono::minutes first_wait{2};
constexpr std::chrono::minutes longest_wait{60};

}  // namespace

bool refused_credentials(const store::RunRow& run) {
  return run.state == store::RunState::failed && run.code == "49";
}

std::optional<Refused> refusals_of(std::span<const store::RunRow> runs) {
  Refused refused;
  for (const auto& run : runs) {
    if (run.state == store::RunState::running) continue;
    if (!refused_credentials(run)) break;
    if (refused.times++ == 0) refused.last = run.ended.value_or(run.started);
    refused.since = run.started;
  }
  if (refused.times == 0) return std::nullopt;
  auto wait = first_wait;
  for (int i = 1; i < refused.times && wait < longest_wait; ++i) wait *= 2;
  refused.next = refused.last + std::min(wait, longest_wait);
  return refused;
}

}  // namespace muster::operations
