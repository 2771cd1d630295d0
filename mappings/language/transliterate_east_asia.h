// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::mappings::east_asia {

// Runs of one script in lower-case ASCII; nullopt = refused. The text is NFKC.

bool is_syllable(char32_t c);  // a whole Hangul syllable
bool is_kana(char32_t c);      // hiragana, katakana, the long mark

// Revised Romanization as it writes names: what syllables do to each other is not shown, but a
// final before a vowel is read with it and ll stays ll (Ministry notice 2000-8, 3.4).
std::string hangul(std::u32string_view syllables);

// Hepburn in the spelling of Japanese passports; foreign sounds of katakana as they are usually
// written (fa, ti, che).
std::optional<std::string> kana(std::u32string_view text);

// Mandarin readings by ICU's Han-Latin/Names, tones dropped, ü as in passports (yu).
std::optional<std::string> han(std::u32string_view text);

}  // namespace muster::mappings::east_asia
