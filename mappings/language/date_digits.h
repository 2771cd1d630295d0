// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster::mappings {

// Pieces that the files of date.h share.

constexpr std::int64_t day_length = 86'400'000;

// Days since 1970, also before it.
constexpr std::int64_t floor_days(std::int64_t time) {
  return time / day_length - (time % day_length < 0 ? 1 : 0);
}

// Takes exactly `digits` digits.
inline bool take(std::string_view& text, int digits, std::int64_t& number) {
  if (text.size() < static_cast<std::size_t>(digits)) return false;
  number = 0;
  for (int i = 0; i < digits; ++i) {
    const char c = text[static_cast<std::size_t>(i)];
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(static_cast<std::size_t>(digits));
  return true;
}

// "Z", "+02:00", "+0200", "+02": milliseconds east of UTC.
inline bool take_offset(std::string_view& text, std::int64_t& offset) {
  if (text.starts_with('Z')) {
    text.remove_prefix(1);
    offset = 0;
    return true;
  }
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  std::int64_t hours = 0;
  std::int64_t minutes = 0;
  if (!take(text, 2, hours)) return false;
  const bool colon = text.starts_with(':');
  if (colon) text.remove_prefix(1);
  if (!take(text, 2, minutes) && colon) return false;
  if (hours > 18 || minutes > 59) return false;
  offset = sign * (hours * 60 + minutes) * 60'000;
  return true;
}

}  // namespace muster::mappings
