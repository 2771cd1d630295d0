// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::mappings {

// How letters become ASCII. `strip`, `german` and `icao_latin` are for Latin, the others for their
// script and otherwise as `strip`.
enum class Scheme {
  strip,     // CLDR Latin-ASCII: u for ü, ss for ß, ae for æ, o for ø, th for þ, d for đ
  german,    // DIN 5007-2: ae oe ue for ä ö ü, then strip
  icao,      // Cyrillic of ICAO Doc 9303 part 3
  ukr2010,   // Ukrainian, Cabinet of Ministers resolution 55/2010
  bul2009,   // Bulgarian, Transliteration Act 2009
  elot743,   // Greek, ELOT 743 (2001) transcription
  georgian,  // national system of 2002, apostrophes dropped
};

// By the names that files use ("strip", "german", "icao", "ukr2010", "bul2009", "elot743", "2002").
std::optional<Scheme> parse_scheme(std::string_view name);

// Which scheme speaks for which script.
struct Schemes {
  Scheme latin = Scheme::strip;
  std::optional<Scheme> cyrillic = {};
  std::optional<Scheme> greek = {};
  std::optional<Scheme> georgian = {};
};

// The text in ASCII, case kept ("Щ" -> "Shch"). Characters are taken after NFKC, default-ignorable
// ones removed; symbols that have no ASCII form and marks disappear. nullopt = refused: a letter
// that the scheme does not know (never dropped silently). `text` is UTF-8.
std::optional<std::string> transliterate(std::string_view text, const Schemes& schemes);
std::optional<std::string> transliterate(std::string_view text, Scheme scheme);

}  // namespace muster::mappings
