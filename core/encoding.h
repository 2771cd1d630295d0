// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

// Bytes as characters and back. All are thread-safe and take any bytes.

// Lower-case hexadecimal, two characters for a byte.
std::string hex_of(std::string_view bytes);

// The same into memory with room for 2 * bytes.size() characters; gives the end of what was
// written.
char* write_hex(std::string_view bytes, char* out);

// 16 bytes as a UUID (RFC 9562, 4) of 36 characters; gives the end of what was written.
char* write_uuid(std::string_view bytes, char* out);

// The value of a hexadecimal digit of either case; -1 when `c` is none.
constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Characters that base64 of so many bytes has, with padding.
constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

// RFC 4648 section 4, with padding, into memory with room for base64_size(bytes.size()); gives the
// end of what was written.
char* write_base64(std::string_view bytes, char* out);

// RFC 4648 section 5: '-' and '_' instead of '+' and '/'. Without padding.
std::string base64url_of(std::string_view bytes);

// CRC-32 as in IEEE 802.3 and zlib: finds a mistyped character, protects against nobody.
std::uint32_t crc32_of(std::string_view bytes);

}  // namespace muster
