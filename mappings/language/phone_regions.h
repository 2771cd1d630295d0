// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace muster::mappings {

// How one country or territory writes telephone numbers. Lengths are those of the national
// significant number (ITU-T E.164, 6.2: without country code and trunk prefix), wide enough for
// every kind of number in use there.
struct PhoneRegion {
  std::string_view iso2 = {};   // "001": no territory (satellites, free phone)
  std::string_view code = {};   // country code
  std::string_view trunk = {};  // what is dialled before a national number; may be empty
  std::size_t shortest = 0;
  std::size_t longest = 0;
  std::string_view international = "00";  // what is dialled before a country code
};

// In the order of the country codes' main territories: the first row of a code is the largest.
std::span<const PhoneRegion> phone_regions();

}  // namespace muster::mappings
