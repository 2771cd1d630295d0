// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace muster {

// 64-bit XXH3 of a text: tells an unchanged record or configuration from a changed one. Not a
// protection against somebody who forges input: a collision only makes a change of the forger's own
// record go unseen.
std::int64_t content_hash(std::string_view text);

}  // namespace muster
