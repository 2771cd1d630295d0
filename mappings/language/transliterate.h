// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::mappings {

// How letters become ASCII.
enum class Scheme {
  strip,   // Latin: CLDR Latin-ASCII: u for ü, ss for ß, ae for æ, o for ø, th for þ, d for đ
  german,  // Latin: DIN 5007-2: ae oe ue for ä ö ü, then strip
  icao,    // Latin and Cyrillic: ICAO Doc 9303 part 3, section 6
  ukr2010,       // Cyrillic: Ukrainian, Cabinet of Ministers resolution 55/2010, then icao
  bul2009,       // Cyrillic: Bulgarian, Transliteration Act 2009, then icao
  elot743,       // Greek: ELOT 743 (2001) transcription
  georgian,      // Georgian: national system of 2002, apostrophes dropped
  rr,            // Hangul: Revised Romanization 2000, as it writes names (syllable by syllable)
  hepburn,       // kana: Hepburn as in Japanese passports (m before b m p, no mark for long o, u)
  pinyin_names,  // Han: Mandarin by ICU's Han-Latin/Names (surname readings), tones dropped
};

// By the names that files use: those above, and "2002" for georgian.
std::optional<Scheme> parse_scheme(std::string_view name);

// The names of the schemes for a script: latin, cyrillic, greek, georgian, hangul, kana, han. With
// "", all.
std::vector<std::string> scheme_names(std::string_view script);

// Which scheme speaks for which script; a script without one is refused.
struct Schemes {
  Scheme latin = Scheme::strip;
  std::optional<Scheme> cyrillic = {};
  std::optional<Scheme> greek = {};
  std::optional<Scheme> georgian = {};
  std::optional<Scheme> hangul = {};
  std::optional<Scheme> kana = {};
  std::optional<Scheme> han = {};

  // Lets a scheme speak for every script that it knows.
  void use(Scheme scheme);
};

// The text in ASCII, case kept ("Щ" -> "Shch"). Characters are taken after NFKC, default-ignorable
// ones removed; symbols that have no ASCII form and marks disappear. nullopt = refused: a letter
// that the scheme does not know (never dropped silently). `text` is UTF-8.
std::optional<std::string> transliterate(std::string_view text, const Schemes& schemes);
std::optional<std::string> transliterate(std::string_view text, Scheme scheme);

// The names of the schemes that speak for letters of the text which are not ASCII, in their order,
// each once: "german" for Groß. Scripts without a scheme are left out.
std::vector<std::string> schemes_used(std::string_view text, const Schemes& schemes);

}  // namespace muster::mappings
