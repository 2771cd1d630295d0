// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace muster::mappings {

// A telephone number in the form of ITU-T E.164: "+493012345".
struct PhoneNumber {
  char digits[16] = {};  // with the '+'
  std::size_t size = 0;

  std::string_view text() const { return {digits, size}; }
};

enum class PhoneProblem {
  none,
  no_number,      // letters, no digits, far too many digits
  unknown_code,   // no country has this code
  unlikely,       // no number of that country has this length
  region_needed,  // a national number, and no region or none that has telephones
  trunk_needed,   // it may be a local number: the region's trunk prefix is missing
};

// Whether phone() can read the national numbers of that country (ISO 3166-1 alpha-2).
bool has_phone_rules(std::string_view iso2);

// Reads a number as people write it: "+49 (0)30 123-45", "0049 30 12345",
// "tel:+1-201-555-0123;ext=5", and national forms of `iso2` ("030 12345"); an extension is left
// out. What is not certain is a problem, never a guess. `iso2` may be empty: then only
// international forms are read.
PhoneProblem read_phone(std::string_view text, std::string_view iso2, PhoneNumber& number);

}  // namespace muster::mappings
