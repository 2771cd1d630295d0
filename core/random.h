// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"

namespace muster {

// So many bytes that nobody can guess, fit for keys and passwords. Thread-safe. `unavailable` when
// the system has no entropy.
Result<std::string> random_bytes(std::size_t count);

}  // namespace muster
