// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace muster::mappings {

// What a word of another product's language (Entra, Okta, SailPoint, SQL, JavaScript) is called
// here; empty when there is nothing to offer. Upper and lower case are the same.
std::string_view word_for_function(std::string_view foreign);
std::string_view word_for_name(std::string_view foreign);

}  // namespace muster::mappings
