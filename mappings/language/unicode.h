// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unicode/utf8.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace muster::mappings {

// Whether a blank or a character that nobody sees can begin with this byte of UTF-8: ASCII, U+0085,
// U+00A0, U+00AD, U+061C, U+1680, U+180E, U+2000 to U+206F, U+3000, U+FEFF.
inline bool can_begin_blank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7F || byte == 0xC2 || byte == 0xD8 ||
         (byte >= 0xE1 && byte <= 0xE3) || byte == 0xEF;
}

// The text by words of eight bytes, the last one padded with zeros or overlapping the one before,
// until `look` gives false.
template <class Look>
bool all_words(std::string_view text, Look look) {
  const char* const bytes = text.data();
  const auto size = text.size();
  std::uint64_t word = 0;
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) {
      std::memcpy(&word, bytes + i, 8);
      if (!look(word)) return false;
    }
    std::memcpy(&word, bytes + size - 8, 8);
    return look(word);
  }
  if (size >= 4) {
    std::uint32_t half = 0;
    std::memcpy(&half, bytes, 4);
    std::memcpy(&word, bytes + size - 4, 4);
    return look(word << 32 | half);
  }
  for (std::size_t i = 0; i < size; ++i) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  return look(word);
}

constexpr std::uint64_t high_bits = 0x8080808080808080ULL;

inline bool begins_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// True when there is surely nothing to trim: nearly always.
inline bool solid_ends(std::string_view text) {
  if (text.empty()) return false;
  const auto visible = [](char c) { return c > ' ' && c != '\x7F'; };  // of ASCII
  if (visible(text.front()) && visible(text.back())) return true;
  if (can_begin_blank(text.front())) return false;
  std::size_t last = text.size() - 1;
  while (last > 0 && !begins_code_point(text[last])) --last;
  return !can_begin_blank(text[last]);
}

// True when every character is below U+0300, so that the text is NFC (UAX 15, 9: the first
// combining mark): no byte of UTF-8 is above 0xCB.
inline bool surely_composed(std::string_view text) {
  constexpr std::uint64_t reach = 0x3434343434343434ULL;  // 0x80 - (0xCC - 0x80)
  return all_words(text, [](std::uint64_t word) {
    return (((word & ~high_bits) + reach) & word & high_bits) == 0;
  });
}

// True when every character is ASCII, and none a blank or a control character.
inline bool surely_solid(std::string_view text) {
  constexpr std::uint64_t reach = 0x5F5F5F5F5F5F5F5FULL;  // 0x80 - 0x21
  return text.size() >= 4 && all_words(text, [](std::uint64_t word) {
           return ((word + reach) & ~word & high_bits) == high_bits;
         });
}

// The high bit of each byte that is A to Z.
inline std::uint64_t capitals(std::uint64_t word) {
  constexpr std::uint64_t from_a = 0x3F3F3F3F3F3F3F3FULL;    // 0x80 - 'A'
  constexpr std::uint64_t beyond_z = 0x2525252525252525ULL;  // 0x80 - ('Z' + 1)
  const std::uint64_t low = word & ~high_bits;
  return (low + from_a) & ~(low + beyond_z) & ~word & high_bits;
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
  for (const char c : text) count += begins_code_point(c);
  return count;
}

// The byte offset of code point `n`, at most the size of the text.
inline std::size_t offset_of(std::string_view text, std::size_t n) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (begins_code_point(text[at]) && n-- == 0) return at;
    ++at;
  }
  return text.size();
}

}  // namespace muster::mappings
