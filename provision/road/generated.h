// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core/result.h"
#include "core/value.h"
#include "mappings/engine.h"

namespace muster::provision {

// A random text from OpenSSL's generator: at least one character of each class, every other one
// from all of them. Classes leave out characters that are taken for one another (l 1 I O 0).
// Thread-safe.
Result<std::string> draw(const mappings::Generated& wanted);

// All values that the mapping generates for somebody new, by name; none when there are none.
Result<Value> draw_all(std::span<const mappings::Generated> wanted);

}  // namespace muster::provision
