// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/contribution.h"
#include "mappings/language/datum.h"

namespace muster::mappings {

// Which of several values is read where one is wanted: the one that stood before, while it is among
// them; else the first. A value that a line of the map gave as it was read is known by what the
// record contributed; for others what the record told before is mapped once more, until it gives
// what it gave then (recall_from). For one record.
class Preference {
 public:
  // `before` must outlive it.
  explicit Preference(const Contribution& before) : before_(before) {}

  // The position of the value to read on behalf of the map's line `line` (empty: of a rule of the
  // scope); npos: none of them stood before.
  std::size_t find(std::string_view line, std::span<const Datum> values);
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  // That value was read.
  void note(std::string_view line, const Datum& value);

  // Learns what was read before: `map` maps what the record told then, `same` says whether a line
  // gave what it contributes since.
  void recall_from(const std::function<void()>& map,
                   const std::function<bool(std::string_view line)>& same);

 private:
  using Noted = std::vector<std::pair<std::string, std::string>>;  // line, value in compare form

  bool stood(std::string_view line, const std::string& value) const;
  bool contributed(std::string_view line, const std::string& value) const;

  const Contribution& before_;
  Noted stood_ = {};
  Noted noted_ = {};
  std::size_t attempt_ = 0;  // while it learns: the position to try where nothing is known
  std::size_t most_ = 0;     // values that one was chosen of
};

}  // namespace muster::mappings
