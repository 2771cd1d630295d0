// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/clock.h"

namespace muster {

// A UUIDv7 (RFC 9562, 5.7) as 36 lower-case characters: 48 bits of `now`, a 12-bit counter that
// keeps ids of one process in order within a millisecond, 62 random bits. Thread-safe.
std::string new_uuid(Timestamp now);

}  // namespace muster
