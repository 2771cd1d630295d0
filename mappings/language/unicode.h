// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unicode/utf8.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster::mappings {

// Whether a blank can begin with this byte of UTF-8. Unicode's are ASCII, U+0085, U+00A0, U+1680,
// U+2000 to U+205F or U+3000.
inline bool can_begin_blank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0xC2 || (byte >= 0xE1 && byte <= 0xE3);
}

// True when there is surely nothing to trim: nearly always.
inline bool solid_ends(std::string_view text) {
  if (text.empty() || can_begin_blank(text.front())) return false;
  std::size_t last = text.size() - 1;
  while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
  return !can_begin_blank(text[last]);
}

// Steps over one code point of UTF-8; what is not UTF-8 counts as U+FFFD.
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto i = static_cast<std::int32_t>(at);
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(bytes, i, static_cast<std::int32_t>(text.size()), c);
  at = static_cast<std::size_t>(i);
  return static_cast<char32_t>(c);
}

// Writes one code point, at most 4 bytes; gives the end.
inline char* put_code_point(char* out, char32_t c) {
  std::size_t size = 0;
  U8_APPEND_UNSAFE(reinterpret_cast<std::uint8_t*>(out), size, c);
  return out + size;
}

inline std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

// The byte offset of code point `n`, at most the size of the text.
inline std::size_t offset_of(std::string_view text, std::size_t n) {
  std::size_t at = 0;
  while (at < text.size()) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && n-- == 0) return at;
    ++at;
  }
  return text.size();
}

}  // namespace muster::mappings
