// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/country.h"

#include <unicode/locid.h>
#include <unicode/region.h>

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
    {"bosnia and herzegovina", "BA"},
    {"burma", "MM"},
    {"cape verde", "CV"},
    {"cote d'ivoire", "CI"},
    {"côte d'ivoire", "CI"},
    {"curacao", "CW"},
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
    {"reunion", "RE"},
    {"sao tome and principe", "ST"},
    {"slovak republic", "SK"},
    {"swaziland", "SZ"},
    {"syrian arab republic", "SY"},
    {"taiwan, province of china", "TW"},
    {"tanzania, united republic of", "TZ"},
    {"trinidad and tobago", "TT"},
    {"turkiye", "TR"},
    {"türkiye", "TR"},
    {"united kingdom of great britain and northern ireland", "GB"},
    {"vatican", "VA"},
    {"venezuela, bolivarian republic of", "VE"},
    {"bolivia, plurinational state of", "BO"},
    {"brunei darussalam", "BN"},
    {"congo", "CG"},
};

class Countries {
 public:
  Countries() {
    for (const auto* code = uloc_getISOCountries(); *code != nullptr; ++code) add(*code);
    for (std::size_t i = 0; i < countries_.size(); ++i) {
      const auto& country = countries_[i];
      for (const auto* key : {&country.alpha2, &country.alpha3, &country.numeric, &country.name})
        index_.emplace(fold_key(*key), i);
    }
    for (const auto& [name, alpha2] : other_names) {
      const auto found = index_.find(fold_key(alpha2));
      if (found != index_.end()) index_.emplace(name, found->second);
    }
  }

  const Country* find(std::string_view folded) const {
    const auto found = index_.find(folded);
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
