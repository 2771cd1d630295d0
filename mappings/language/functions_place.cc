// SPDX-License-Identifier: Apache-2.0
#include <unicode/locid.h>

#include <array>
#include <cstdio>
#include <string>

#include "core/text.h"
#include "mappings/language/country.h"
#include "mappings/language/function.h"
#include "mappings/language/phone.h"

namespace muster::mappings {
namespace {

using Arguments = std::span<const Datum>;

// A number is a numeric code: 56 is "056".
const Country* country_of(Context& context, const Datum& value) {
  if (value.tag != Datum::Tag::integer)
    return find_country(folded(context, trim_blanks(value.text())));
  if (value.number < 0 || value.number > 999) return nullptr;
  char digits[8];
  std::snprintf(digits, sizeof digits, "%03d", static_cast<int>(value.number));
  return find_country(digits);
}

Datum iso2(Context& context, Arguments a) {
  const auto* country = country_of(context, a[0]);
  return country == nullptr ? Datum() : text_datum(country->alpha2);
}

Datum iso3(Context& context, Arguments a) {
  const auto* country = country_of(context, a[0]);
  return country == nullptr ? Datum() : text_datum(country->alpha3);
}

Datum iso_num(Context& context, Arguments a) {
  const auto* country = country_of(context, a[0]);
  return country == nullptr ? Datum() : text_datum(country->numeric);
}

Datum country_name(Context& context, Arguments a) {
  const auto* country = country_of(context, a[0]);
  return country == nullptr ? Datum() : text_datum(country->name);
}

// Languages of ISO 639 as ICU knows them.
bool known_language(const std::string& language) {
  for (const auto* known = uloc_getISOLanguages(); *known != nullptr; ++known) {
    if (language == *known) return true;
  }
  return false;
}

// "de_DE.UTF-8", "EN-us", "de-DE,de;q=0.9" (the first of a list): the tag in its canonical form.
Datum bcp47(Context& context, Arguments a) {
  auto text = trim_blanks(a[0].text());
  text = trim_blanks(text.substr(0, text.find_first_of(".@,;")));
  std::string tag(text);
  for (auto& c : tag) {
    if (c == '_') c = '-';
  }
  UErrorCode failure = U_ZERO_ERROR;
  std::array<char, ULOC_FULLNAME_CAPACITY> locale = {};
  std::int32_t read = 0;
  uloc_forLanguageTag(tag.c_str(), locale.data(), static_cast<std::int32_t>(locale.size()), &read,
                      &failure);
  if (U_FAILURE(failure) || read != static_cast<std::int32_t>(tag.size())) return {};
  icu::Locale parsed(locale.data());
  parsed.canonicalize(failure);
  if (!known_language(parsed.getLanguage())) return {};
  const auto canonical = parsed.toLanguageTag<std::string>(failure);
  return U_FAILURE(failure) ? Datum() : context.copy(canonical);
}

std::string_view problem_text(PhoneProblem problem) {
  switch (problem) {
    case PhoneProblem::no_number:
      return "the text is no telephone number";
    case PhoneProblem::unknown_code:
      return "no country has the country code of this telephone number";
    case PhoneProblem::unlikely:
      return "no telephone number of that country has this many digits";
    case PhoneProblem::region_needed:
      return "a telephone number without country code needs a known region";
    case PhoneProblem::trunk_needed:
      return "this may be a local telephone number; it needs its area with the leading 0, or +";
    case PhoneProblem::none:
      return {};
  }
  return {};
}

Datum phone(Context& context, Arguments a) {
  const auto* region = a[1].is_none() ? nullptr : country_of(context, a[1]);
  PhoneNumber number;
  const auto problem =
      read_phone(a[0].text(), region == nullptr ? std::string_view() : region->alpha2, number);
  if (problem != PhoneProblem::none) return context.fail("W-PHONE", problem_text(problem));
  return context.copy(number.text());
}

constexpr Function functions[] = {
    {"phone(x: text, region: REGION? = none) -> text", phone},
    {"iso2(country: text|int) -> text?", iso2},
    {"iso3(country: text|int) -> text?", iso3},
    {"iso_num(country: text|int) -> text?", iso_num},
    {"country_name(country: text|int) -> text?", country_name},
    {"bcp47(x: text) -> text?", bcp47},
};

}  // namespace

std::span<const Function> place_functions() { return functions; }

}  // namespace muster::mappings
