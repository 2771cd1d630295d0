// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/country.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/region.h>
#include <unicode/uchar.h>

#include <cstdio>
#include <map>
#include <vector>

#include "core/text.h"

namespace muster::mappings {
namespace {

// Names and codes in use that ISO 3166-1 or CLDR spell in another way.
constexpr std::pair<std::string_view, std::string_view> other_names[] = {
    {"uk", "GB"},
    {"great britain", "GB"},
    {"england", "GB"},
    {"scotland", "GB"},
    {"el", "GR"},
    {"united states of america", "US"},
    {"u.s.a.", "US"},
    {"czech republic", "CZ"},
    {"turkey", "TR"},
    {"holland", "NL"},
    {"the netherlands", "NL"},
    {"russian federation", "RU"},
    {"republic of korea", "KR"},
    {"korea, republic of", "KR"},
    {"viet nam", "VN"},
    {"hong kong", "HK"},
    {"macau", "MO"},
    {"ivory coast", "CI"},
    {"macedonia", "MK"},
    {"burma", "MM"},
    {"cape verde", "CV"},
    {"cote d'ivoire", "CI"},
    {"democratic republic of the congo", "CD"},
    {"east timor", "TL"},
    {"iran, islamic republic of", "IR"},
    {"ireland, republic of", "IE"},
    {"republic of ireland", "IE"},
    {"lao people's democratic republic", "LA"},
    {"macao", "MO"},
    {"moldova, republic of", "MD"},
    {"myanmar", "MM"},
    {"north macedonia", "MK"},
    {"palestine", "PS"},
    {"palestine, state of", "PS"},
    {"slovak republic", "SK"},
    {"swaziland", "SZ"},
    {"syrian arab republic", "SY"},
    {"taiwan, province of china", "TW"},
    {"tanzania, united republic of", "TZ"},
    {"turkiye", "TR"},
    {"united kingdom of great britain and northern ireland", "GB"},
    {"vatican", "VA"},
    {"venezuela, bolivarian republic of", "VE"},
    {"bolivia, plurinational state of", "BO"},
    {"brunei darussalam", "BN"},
    {"congo", "CG"},
};

// A name as people type it: no marks on its letters, a straight apostrophe, "and" as a word.
std::string plain(std::string_view folded) {
  UErrorCode failure = U_ZERO_ERROR;
  const auto* decomposition = icu::Normalizer2::getNFDInstance(failure);
  if (U_FAILURE(failure)) return std::string(folded);
  const auto name = icu::UnicodeString::fromUTF8(
      icu::StringPiece(folded.data(), static_cast<int32_t>(folded.size())));
  const auto decomposed = decomposition->normalize(name, failure);
  if (U_FAILURE(failure)) return std::string(folded);
  icu::UnicodeString letters;
  for (int32_t at = 0; at < decomposed.length(); at = decomposed.moveIndex32(at, 1)) {
    const UChar32 letter = decomposed.char32At(at);
    if (letter == U'&') {
      letters.append("and");
    } else if (letter == U'\u2019' || letter == U'\u2018' || letter == U'\u02bc') {
      letters.append(char16_t{'\''});
    } else if (u_charType(letter) != U_NON_SPACING_MARK) {
      letters.append(letter);
    }
  }
  std::string text;
  letters.toUTF8String(text);
  return text;
}

class Countries {
 public:
  Countries() {
    for (const auto* code = uloc_getISOCountries(); *code != nullptr; ++code) add(*code);
    for (std::size_t i = 0; i < countries_.size(); ++i) {
      const auto& country = countries_[i];
      for (const auto* key : {&country.alpha2, &country.alpha3, &country.numeric, &country.name})
        index_.emplace(fold_key(*key), i);
      index_.emplace(plain(fold_key(country.name)), i);
    }
    for (const auto& [name, alpha2] : other_names) {
      const auto found = index_.find(fold_key(alpha2));
      if (found != index_.end()) index_.emplace(name, found->second);
    }
  }

  const Country* find(std::string_view folded) const {
    auto found = index_.find(folded);
    if (found == index_.end()) found = index_.find(plain(folded));
    return found == index_.end() ? nullptr : &countries_[found->second];
  }

 private:
  void add(const char* code) {
    const icu::Locale locale("", code);
    UErrorCode failure = U_ZERO_ERROR;
    const auto* region = icu::Region::getInstance(code, failure);
    if (U_FAILURE(failure) || region == nullptr) return;
    char numeric[8];
    std::snprintf(numeric, sizeof numeric, "%03d", static_cast<int>(region->getNumericCode()));
    icu::UnicodeString name;
    locale.getDisplayCountry(icu::Locale::getEnglish(), name);
    std::string english;
    name.toUTF8String(english);
    countries_.push_back({code, locale.getISO3Country(), numeric, nfc(english)});
  }

  std::vector<Country> countries_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

}  // namespace

const Country* find_country(std::string_view folded) {
  static const Countries countries;
  return countries.find(folded);
}

}  // namespace muster::mappings
