// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/name_case.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <vector>

#include "core/text.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

// Small when another word follows. Left out are those that are as often names of their own (di, le,
// el, al, ben).
constexpr std::string_view particles[] = {"von", "vom", "van", "der", "den", "de",  "del", "della",
                                          "da",  "das", "do",  "dos", "du",  "des", "la",  "of",
                                          "y",   "zu",  "zum", "zur", "ten", "ter", "af",  "av"};
constexpr std::string_view numerals[] = {"ii", "iii", "iv", "vi", "vii", "viii", "ix"};

template <std::size_t size>
bool holds(const std::string_view (&words)[size], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool apostrophe(char32_t c) { return c == '\'' || c == 0x2019 || c == 0x02BC; }
bool letter(char32_t c) { return u_isalpha(static_cast<UChar32>(c)) != 0; }

void put(std::string& out, char32_t c) {
  char bytes[4];
  out.append(bytes, static_cast<std::size_t>(put_code_point(bytes, c) - bytes));
}

char32_t titled(char32_t c) { return static_cast<char32_t>(u_totitle(static_cast<UChar32>(c))); }

std::string lowered(std::string_view text) {
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  UErrorCode failure = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, {text.data(), static_cast<std::int32_t>(text.size())}, sink,
                            nullptr, failure);
  return out;
}

std::size_t letters_ahead(const std::u32string& word, std::size_t at) {
  std::size_t count = 0;
  while (at + count < word.size() && letter(word[at + count])) ++count;
  return count;
}

// One word, already small: a capital at its start, behind '-' and '.', behind an apostrophe that
// more than one letter follows (O'Neill, but Smith's), and behind Mc.
void write_word(std::string& out, const std::u32string& word) {
  bool start = true;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const auto c = word[i];
    if (!letter(c)) {
      if (apostrophe(c)) {
        start = letters_ahead(word, i + 1) > 1;
      } else {
        const bool digit = u_isdigit(static_cast<UChar32>(c)) != 0;
        start = (start && !digit) || c == '-' || c == '.' || c == 0x2010;
      }
      put(out, c);
      continue;
    }
    const bool mc = start && c == 'm' && letters_ahead(word, i) > 3 && word[i + 1] == 'c';
    put(out, start ? titled(c) : c);
    start = false;
    if (!mc) continue;
    put(out, word[i + 1]);
    put(out, titled(word[i + 2]));
    i += 2;
  }
}

}  // namespace

std::string name_case(std::string_view text) {
  const auto small = lowered(text);
  std::string out;
  bool first = true;
  for (std::size_t at = 0; at < small.size();) {
    auto end = small.find(' ', at);
    if (end == std::string::npos) end = small.size();
    const auto word = std::string_view(small).substr(at, end - at);
    const bool more = !trim_blanks(std::string_view(small).substr(end)).empty();
    const auto bare = word.substr(0, word.find_last_not_of(".,") + 1);
    if (more && holds(particles, word)) {
      out += word;
    } else if (!first && holds(numerals, bare)) {
      for (const char c : word) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    } else {
      std::u32string points;
      for (std::size_t i = 0; i < word.size();) points += next_code_point(word, i);
      write_word(out, points);
    }
    first = first && word.empty();
    if (end < small.size()) out += ' ';
    at = end + 1;
  }
  return nfc(out);
}

}  // namespace muster::mappings
