// SPDX-License-Identifier: Apache-2.0
#include "core/content_hash.h"

#include <xxhash.h>

#include <bit>

namespace muster {

std::int64_t content_hash(std::string_view text) {
  return std::bit_cast<std::int64_t>(XXH3_64bits(text.data(), text.size()));
}

}  // namespace muster
