// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace muster {

// Bytes that special_mask looks at; the caller's buffer must be readable that far.
inline constexpr std::size_t scan_width = 64;

// Bit i is set where text[i] is the delimiter, a quote, CR or LF. Works on every machine.
inline std::uint64_t special_mask_portable(const char* text, char delimiter) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < scan_width; ++i) {
    const char c = text[i];
    const bool special = (c == delimiter) | (c == '"') | (c == '\n') | (c == '\r');
    mask |= std::uint64_t{special} << i;
  }
  return mask;
}

// The same, sixteen bytes at a time where the machine can.
inline std::uint64_t special_mask(const char* text, char delimiter) {
#if defined(__SSE2__)
  const __m128i delimiters = _mm_set1_epi8(delimiter);
  const __m128i quotes = _mm_set1_epi8('"');
  const __m128i line_feeds = _mm_set1_epi8('\n');
  const __m128i returns = _mm_set1_epi8('\r');
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < scan_width; i += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    const __m128i hits = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(block, delimiters), _mm_cmpeq_epi8(block, quotes)),
        _mm_or_si128(_mm_cmpeq_epi8(block, line_feeds), _mm_cmpeq_epi8(block, returns)));
    const auto bits = static_cast<std::uint16_t>(_mm_movemask_epi8(hits));
    mask |= std::uint64_t{bits} << i;
  }
  return mask;
#else
  return special_mask_portable(text, delimiter);
#endif
}

}  // namespace muster
