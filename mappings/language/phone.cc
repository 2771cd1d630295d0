// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/phone.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "mappings/language/phone_regions.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

constexpr std::size_t most_digits = 15;   // E.164, 6.2.1
constexpr std::size_t most_dialled = 24;  // with prefixes

// The digits as written and what stands out among them.
struct Dialled {
  std::array<char, most_dialled> digits = {};
  std::size_t size = 0;
  bool plus = false;
  std::size_t optional_zero = most_dialled;  // position of a "(0)"

  std::string_view text() const { return {digits.data(), size}; }
  void remove_front(std::size_t count) {
    std::copy(digits.begin() + static_cast<std::ptrdiff_t>(count),
              digits.begin() + static_cast<std::ptrdiff_t>(size), digits.begin());
    size -= count;
  }
};

bool separates(char32_t c) {
  constexpr std::u32string_view marks = U"-./()\u2212";
  return marks.find(c) != std::u32string_view::npos ||
         u_isUWhiteSpace(static_cast<UChar32>(c)) != 0 || (c >= 0x2010 && c <= 0x2015) ||
         u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

// Cuts "ext. 12", "x12", "#12", ";ext=12", ",,12" off; false when something else stands there.
bool cut_extension(std::string_view& text) {
  const auto is_mark = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ';' || c == '#' || c == ',';
  };
  const auto at =
      static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_mark) - text.begin());
  if (at == text.size()) return true;
  auto rest = text.substr(at);
  text = text.substr(0, at);
  if (rest.starts_with(';')) return true;  // parameters of a tel: URI (RFC 3966)
  std::size_t word = 0;
  while (word < rest.size() && is_mark(rest[word])) ++word;
  const auto mark = ascii_lower(rest.substr(0, word));
  constexpr std::array<std::string_view, 7> known = {"ext", "extn", "extension", "x",
                                                     "#",   ",",    ",,"};
  if (std::find(known.begin(), known.end(), mark) == known.end()) return false;
  return std::all_of(rest.begin() + static_cast<std::ptrdiff_t>(word), rest.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == ' ' || c == '.' || c == ':';
  });
}

bool read_digits(std::string_view text, Dialled& dialled) {
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next_code_point(text, at);
    const auto digit = u_charDigitValue(static_cast<UChar32>(c));
    if (digit >= 0) {
      if (dialled.size == most_dialled) return false;
      if (digit == 0 && before == '(' && text.substr(at).starts_with(')'))
        dialled.optional_zero = dialled.size;
      dialled.digits[dialled.size++] = static_cast<char>('0' + digit);
    } else if (c == '+' || c == 0xFF0B) {
      if (dialled.plus || dialled.size > 0) return false;
      dialled.plus = true;
    } else if (!separates(c)) {
      return false;
    }
    before = c;
  }
  return dialled.size > 0;
}

const PhoneRegion* region_named(std::string_view iso2) {
  for (const auto& region : phone_regions()) {
    if (region.iso2 == iso2) return &region;
  }
  return nullptr;
}

// No country code is the beginning of another one, so at most one fits.
const PhoneRegion* region_of_code(std::string_view digits) {
  for (const auto& region : phone_regions()) {
    if (digits.starts_with(region.code)) return &region;
  }
  return nullptr;
}

bool likely(const PhoneRegion& region, std::string_view national) {
  if (national.size() < region.shortest || national.size() > region.longest) return false;
  if (region.code.size() + national.size() > most_digits) return false;
  // North America: neither the area nor the exchange begins with 0 or 1.
  return region.code != "1" || (national[0] >= '2' && national[3] >= '2');
}

PhoneProblem write(const PhoneRegion& region, std::string_view national, PhoneNumber& number) {
  if (!likely(region, national)) return PhoneProblem::unlikely;
  char* out = number.digits;
  *out++ = '+';
  out = std::copy(region.code.begin(), region.code.end(), out);
  out = std::copy(national.begin(), national.end(), out);
  number.size = static_cast<std::size_t>(out - number.digits);
  return PhoneProblem::none;
}

PhoneProblem international(std::string_view digits, PhoneNumber& number) {
  const auto* region = region_of_code(digits);
  if (region == nullptr) return PhoneProblem::unknown_code;
  auto national = digits.substr(region->code.size());
  // "+49 030 ...": the trunk prefix was left in.
  const bool zero = region->trunk == "0" && national.starts_with('0');
  const bool other = !region->trunk.empty() && national.size() > region->longest &&
                     national.starts_with(region->trunk);
  if (zero || other) national.remove_prefix(region->trunk.size());
  return write(*region, national, number);
}

PhoneProblem national(const PhoneRegion& region, std::string_view digits, PhoneNumber& number) {
  if (region.trunk.empty()) return write(region, digits, number);
  // Where all numbers are equally long, a missing trunk prefix leaves no doubt.
  const bool fixed = region.shortest == region.longest;
  if (fixed && digits.size() == region.longest) return write(region, digits, number);
  if (digits.starts_with(region.trunk))
    return write(region, digits.substr(region.trunk.size()), number);
  return fixed ? PhoneProblem::unlikely : PhoneProblem::trunk_needed;
}

}  // namespace

bool has_phone_rules(std::string_view iso2) { return region_named(iso2) != nullptr; }

PhoneProblem read_phone(std::string_view text, std::string_view iso2, PhoneNumber& number) {
  text = trim_blanks(text);
  if (text.size() > 4 && ascii_equal_fold(text.substr(0, 4), "tel:")) text.remove_prefix(4);
  Dialled dialled;
  if (!cut_extension(text) || !read_digits(text, dialled)) return PhoneProblem::no_number;
  const auto* region = iso2.empty() ? nullptr : region_named(iso2);
  const std::string_view prefix = region == nullptr ? "00" : region->international;
  if (dialled.plus || dialled.text().starts_with(prefix)) {
    if (dialled.optional_zero < dialled.size && dialled.optional_zero > 0) {
      const auto from = dialled.digits.begin() + static_cast<std::ptrdiff_t>(dialled.optional_zero);
      std::copy(from + 1, dialled.digits.begin() + static_cast<std::ptrdiff_t>(dialled.size), from);
      --dialled.size;
    }
    if (!dialled.plus) dialled.remove_front(prefix.size());
    return international(dialled.text(), number);
  }
  if (region == nullptr) return PhoneProblem::region_needed;
  return national(*region, dialled.text(), number);
}

}  // namespace muster::mappings
