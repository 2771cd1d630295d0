// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace muster::mappings {

// A country or territory of ISO 3166-1.
struct Country {
  std::string alpha2 = {};   // "DE"
  std::string alpha3 = {};   // "DEU"
  std::string numeric = {};  // "276", always three digits
  std::string name = {};     // English: "Germany"
};

// By any of its codes or its English name; `folded` is in comparison form (fold_key). nullptr:
// there is none. Thread-safe.
const Country* find_country(std::string_view folded);

}  // namespace muster::mappings
