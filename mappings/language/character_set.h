// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace muster::mappings {

// A set of characters as keep_chars and drop_chars take it: "a-z0-9_-" lists characters and ranges.
// Characters outside ASCII are kept apart, in pairs of first and last.
class CharacterSet {
 public:
  bool contains(char32_t c) const {
    if (c < 128) return (ascii_[c / 64] >> (c % 64) & 1) != 0;
    for (std::size_t i = 0; i < ranges_; ++i) {
      if (c >= first_[i] && c <= last_[i]) return true;
    }
    return false;
  }

  // False: a range runs backwards or there are more than 16 ranges outside ASCII.
  bool add(std::u32string_view characters);

 private:
  bool add_range(char32_t first, char32_t last);

  std::array<std::uint64_t, 2> ascii_ = {};
  std::array<char32_t, 16> first_ = {};
  std::array<char32_t, 16> last_ = {};
  std::size_t ranges_ = 0;
};

inline bool CharacterSet::add_range(char32_t first, char32_t last) {
  if (first > last) return false;
  for (char32_t c = first; c <= last && c < 128; ++c)
    ascii_[c / 64] |= std::uint64_t{1} << (c % 64);
  if (last < 128) return true;
  if (ranges_ == first_.size()) return false;
  first_[ranges_] = first;
  last_[ranges_] = last;
  ++ranges_;
  return true;
}

inline bool CharacterSet::add(std::u32string_view characters) {
  for (std::size_t i = 0; i < characters.size(); ++i) {
    const bool range = i + 2 < characters.size() && characters[i + 1] == U'-';
    if (!add_range(characters[i], range ? characters[i + 2] : characters[i])) return false;
    if (range) i += 2;
  }
  return true;
}

}  // namespace muster::mappings
