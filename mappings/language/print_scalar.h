// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "mappings/language/datum.h"

namespace muster::mappings {

// A single value as a text shows it; numbers and dates are written into `scratch`. Empty for none,
// lists and objects.
std::string_view print_scalar(const Datum& datum, std::array<char, 64>& scratch);

}  // namespace muster::mappings
