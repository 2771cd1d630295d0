// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "core/clock.h"
#include "store/rows.h"

namespace muster::operations {

// A directory that refuses the account's credentials: trying on would lock the account, so the
// schedule waits, two minutes first and twice as long each time, an hour at most.
struct Refused {
  int times = 0;         // in a row
  Timestamp since = {};  // the first of them
  Timestamp last = {};
  Timestamp next = {};  // not before that by the schedule; who asks for a run gets it at once
};

// Whether the run failed because the credentials were refused (RFC 4511: invalidCredentials).
bool refused_credentials(const store::RunRow& run);

// What the last runs of one source, newest first, say about that; nullopt: they are not refused.
std::optional<Refused> refusals_of(std::span<const store::RunRow> runs);

// How many of them it takes to know.
inline constexpr int runs_to_know_refusals = 8;

}  // namespace muster::operations
