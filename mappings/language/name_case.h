// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace muster::mappings {

// A person's name with the capitals it usually has: "JEAN-LUC O'NEILL" -> "Jean-Luc O'Neill",
// "mcdonald" -> "McDonald", "VON DER LEYEN" -> "von der Leyen", "smith iii" -> "Smith III".
// Applying it twice changes nothing. UTF-8 in NFC.
std::string name_case(std::string_view text);

}  // namespace muster::mappings
