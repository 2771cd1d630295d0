// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/contribution.h"
#include "mappings/language/datum.h"

namespace muster::mappings {

// Which of several values is read where one is wanted: the one that stood before, while it is among
// them; else the first. What stood before is known by what the record contributed, and, where its
// value went on through other functions, by mapping what it told then once more. One record.
class Preference {
 public:
  // `before` must outlive it.
  explicit Preference(const Contribution& before) : before_(before) {}

  // The position of the value to read on behalf of the map's line `line`; npos: none of them stood
  // before.
  std::size_t find(std::string_view line, std::span<const Datum> values) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  // That value was read.
  void note(std::string_view line, const Datum& value);
  // What was noted so far is what stood before from now on.
  void turn() { stood_ = std::exchange(noted_, {}); }

 private:
  using Noted = std::vector<std::pair<std::string, std::string>>;  // line, value in compare form

  const Contribution& before_;
  Noted stood_ = {};
  Noted noted_ = {};
};

}  // namespace muster::mappings
