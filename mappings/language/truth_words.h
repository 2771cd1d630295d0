// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace muster::mappings {

// Yes and no as files of several languages have them (English, German, French, Spanish, Italian,
// Dutch, Portuguese, Danish, Norwegian, Swedish, Finnish, Polish, Czech), and as databases and
// spreadsheets write them; without case. nullopt: another word.
std::optional<bool> truth_of_word(std::string_view text);

}  // namespace muster::mappings
