// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace muster::mappings::tables {

// A lower-case letter and its lower-case ASCII form.
struct Entry {
  char32_t letter;
  std::string_view ascii;
};

std::span<const Entry>
latin();  // letters that do not come apart into ASCII and marks (CLDR Latin-ASCII)
std::span<const Entry> german();           // DIN 5007-2
std::span<const Entry> icao_latin();       // ICAO Doc 9303 part 3, where it differs
std::span<const Entry> cyrillic();         // ICAO Doc 9303 part 3
std::span<const Entry> ukrainian();        // 55/2010, where it differs
std::span<const Entry> ukrainian_start();  // the same at the beginning of a word
std::span<const Entry> bulgarian();        // 2009, where it differs
std::span<const Entry> greek();            // ELOT 743, single letters
std::span<const Entry> georgian();         // 2002
std::span<const Entry> kana();             // hiragana, sound by sound
std::span<const Entry> symbols();          // that have an ASCII form

}  // namespace muster::mappings::tables
