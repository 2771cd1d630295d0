// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace muster {

// SHA-256 in lower-case hex.
std::string sha256_hex(std::string_view text);

// Names for a value that must not be shown (HMAC-SHA-256 in hex, RFC 2104): equal values of one
// holder of the key have equal names.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

}  // namespace muster
