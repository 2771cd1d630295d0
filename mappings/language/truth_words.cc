// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/truth_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/text.h"

namespace muster::mappings {
namespace {

// In comparison form (fold_key). No word stands in both lists in any of the languages; single
// letters only where all languages that have the letter agree.
constexpr auto yes_words = std::to_array<std::string_view>(
    {"1",    "ano",  "j",    "ja",   "kyll\u00e4", "on",        "oui",  "prawda", "sand",
     "sann", "sant", "si",   "sim",  "s\u00ec",    "s\u00ed",   "t",    "tak",    "tosi",
     "true", "vero", "waar", "wahr", "verdadeiro", "verdadero", "vrai", "y",      "yes"});
constexpr auto no_words = std::to_array<std::string_view>(
    {"0",        "ei",    "ep\u00e4tosi", "f",    "falsch", "false", "falsk",
     "falskt",   "falso", "fa\u0142sz",   "faux", "n",      "nao",   "ne",
     "nee",      "nei",   "nein",         "nej",  "nie",    "no",    "non",
     "n\u00e3o", "off",   "onwaar",       "usann"});

template <std::size_t size>
bool has(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::optional<bool> truth_of_word(std::string_view text) {
  constexpr std::size_t longest = 16;
  if (text.empty() || text.size() > longest) return std::nullopt;
  const auto word = fold_key(text);
  if (has(yes_words, word)) return true;
  if (has(no_words, word)) return false;
  return std::nullopt;
}

}  // namespace muster::mappings
