// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/transliterate.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <array>
#include <utility>

#include "mappings/language/transliterate_tables.h"

namespace muster::mappings {
namespace {

constexpr std::array<std::pair<std::string_view, Scheme>, 7> names = {{
    {"strip", Scheme::strip},
    {"german", Scheme::german},
    {"icao", Scheme::icao},
    {"ukr2010", Scheme::ukr2010},
    {"bul2009", Scheme::bul2009},
    {"elot743", Scheme::elot743},
    {"2002", Scheme::georgian},
}};

bool letter(char32_t c) { return c != 0 && u_isalpha(static_cast<UChar32>(c)) != 0; }
bool upper(char32_t c) { return c != 0 && u_isupper(static_cast<UChar32>(c)) != 0; }
char32_t lower(char32_t c) { return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))); }

// The text after NFKC, ignorable characters removed.
bool prepare(std::string_view text, std::u32string& out) {
  UErrorCode failure = U_ZERO_ERROR;
  const auto* compose = icu::Normalizer2::getNFKCInstance(failure);
  if (U_FAILURE(failure)) return false;
  const auto wide = compose->normalize(
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), failure);
  if (U_FAILURE(failure)) return false;
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const auto c = wide.char32At(i);
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0)
      out += static_cast<char32_t>(c);
  }
  return true;
}

// The letter without its marks.
char32_t base_of(char32_t c) {
  UErrorCode failure = U_ZERO_ERROR;
  const auto* decompose = icu::Normalizer2::getNFDInstance(failure);
  icu::UnicodeString parts;
  if (U_FAILURE(failure) || decompose->getDecomposition(static_cast<UChar32>(c), parts) == 0)
    return c;
  return static_cast<char32_t>(parts.char32At(0));
}

class Writer {
 public:
  Writer(const std::u32string& text, const Schemes& schemes) : text_(text), schemes_(schemes) {}

  std::optional<std::string> write() {
    for (at_ = 0; at_ < text_.size();) {
      if (!one()) return std::nullopt;
    }
    return std::move(out_);
  }

 private:
  char32_t peek(std::ptrdiff_t distance) const {
    const auto position = static_cast<std::ptrdiff_t>(at_) + distance;
    return position < 0 || position >= static_cast<std::ptrdiff_t>(text_.size())
               ? 0
               : text_[static_cast<std::size_t>(position)];
  }
  // An apostrophe stands inside a word: the letter behind it does not begin one.
  bool word_start() const {
    const auto before = peek(-1);
    return !letter(before) && !is_mark(before) && !(is_apostrophe(before) && letter(peek(-2)));
  }
  static bool is_apostrophe(char32_t c) { return c == U'\'' || c == 0x2019 || c == 0x02BC; }
  static bool is_mark(char32_t c) {
    return c != 0 && (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
  }

  // `ascii` is lower-case; the case of the source letters decides about capitals.
  void put(std::string_view ascii, std::size_t consumed) {
    const bool capital = upper(text_[at_]);
    const auto next = peek(static_cast<std::ptrdiff_t>(consumed));
    const bool all = capital && (upper(next) || (!letter(next) && upper(peek(-1))) ||
                                 (consumed > 1 && upper(peek(1))));
    for (std::size_t i = 0; i < ascii.size(); ++i) {
      const char c = ascii[i];
      const bool raise = (all || (capital && i == 0)) && c >= 'a' && c <= 'z';
      out_ += raise ? static_cast<char>(c - 32) : c;
    }
    at_ += consumed;
  }

  bool one() {
    const auto c = text_[at_];
    if (c < 0x80) {
      out_ += static_cast<char>(c);
      ++at_;
      return true;
    }
    UErrorCode failure = U_ZERO_ERROR;
    const auto script = uscript_getScript(static_cast<UChar32>(c), &failure);
    if (letter(c)) {
      if (script == USCRIPT_CYRILLIC) return cyrillic();
      if (script == USCRIPT_GREEK) return greek();
      if (script == USCRIPT_GEORGIAN) return georgian();
      return latin();
    }
    return other(c);
  }

  bool table(std::span<const tables::Entry> entries) {
    const auto wanted = lower(text_[at_]);
    for (const auto candidate : {wanted, base_of(wanted)}) {
      for (const auto& [letter_of, ascii] : entries) {
        if (letter_of != candidate) continue;
        put(ascii, 1);
        return true;
      }
    }
    return false;
  }

  bool latin() {
    if (schemes_.latin == Scheme::german && table(tables::german())) return true;
    if (table(tables::latin())) return true;
    auto base = base_of(text_[at_]);
    while (base >= 0x80 && base_of(base) != base) base = base_of(base);
    if (base >= 0x80) return table_by_base(base);
    out_ += static_cast<char>(base);
    ++at_;
    return true;
  }

  // ǿ: ø with a mark.
  bool table_by_base(char32_t base) {
    for (const auto& [letter_of, ascii] : tables::latin()) {
      if (letter_of != lower(base)) continue;
      put(ascii, 1);
      return true;
    }
    return false;
  }

  bool cyrillic() {
    if (!schemes_.cyrillic) return false;
    const auto c = lower(text_[at_]);
    const auto next = lower(peek(1));
    if (*schemes_.cyrillic == Scheme::ukr2010) {
      if (c == U'з' && next == U'г') {
        put("zgh", 2);
        return true;
      }
      if (word_start() && table(tables::ukrainian_start())) return true;
      if (table(tables::ukrainian())) return true;
    }
    if (*schemes_.cyrillic == Scheme::bul2009) {
      if (c == U'и' && next == U'я' && !letter(peek(2))) {
        put("ia", 2);
        return true;
      }
      if (table(tables::bulgarian())) return true;
    }
    return table(tables::cyrillic());
  }

  bool greek() {
    if (schemes_.greek != Scheme::elot743) return false;
    const auto c = lower(text_[at_]);
    const auto first = base_of(c);
    const auto next = lower(peek(1));
    const bool dialytika = next == U'ϋ' || next == U'ΰ' || next == U'ϊ' || next == U'ΐ';
    const auto second = base_of(next);
    if (first == U'ο' && second == U'υ' && !dialytika) {
      put("ou", 2);
      return true;
    }
    // A stressed first vowel is a vowel of its own: άυλος.
    if ((c == U'α' || c == U'ε' || c == U'η') && second == U'υ' && !dialytika) {
      const auto after = base_of(lower(peek(2)));
      const bool voiceless = !letter(after) || std::u32string_view(U"θκξπσςτφχψ").find(after) !=
                                                   std::u32string_view::npos;
      const char vowel = c == U'α' ? 'a' : c == U'ε' ? 'e' : 'i';
      const char both[] = {vowel, voiceless ? 'f' : 'v'};
      put({both, 2}, 2);
      return true;
    }
    if (c == U'γ' && (next == U'γ' || next == U'ξ' || next == U'χ')) {
      put(next == U'γ' ? "ng" : next == U'ξ' ? "nx" : "nch", 2);
      return true;
    }
    if (c == U'μ' && next == U'π') {
      put(word_start() || !letter(peek(2)) ? "b" : "mp", 2);
      return true;
    }
    return table(tables::greek());
  }

  bool georgian() { return schemes_.georgian == Scheme::georgian && table(tables::georgian()); }

  // No letter: digits and blanks keep their meaning, marks and symbols go, what counts as a letter
  // otherwise is refused.
  bool other(char32_t c) {
    const auto code = static_cast<UChar32>(c);
    ++at_;
    if (const auto digit = u_charDigitValue(code); digit >= 0) {
      out_ += static_cast<char>('0' + digit);
      return true;
    }
    if (u_isUWhiteSpace(code) != 0) {
      out_ += ' ';
      return true;
    }
    for (const auto& [symbol, ascii] : tables::symbols()) {
      if (symbol == c) out_ += ascii;
    }
    return true;
  }

  const std::u32string& text_;
  const Schemes& schemes_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::optional<Scheme> parse_scheme(std::string_view name) {
  for (const auto& [known, scheme] : names) {
    if (known == name) return scheme;
  }
  return std::nullopt;
}

std::optional<std::string> transliterate(std::string_view text, const Schemes& schemes) {
  std::u32string prepared;
  if (!prepare(text, prepared)) return std::nullopt;
  return Writer(prepared, schemes).write();
}

std::optional<std::string> transliterate(std::string_view text, Scheme scheme) {
  Schemes schemes;
  switch (scheme) {
    case Scheme::strip:
      break;
    case Scheme::german:
      schemes.latin = scheme;
      break;
    case Scheme::icao:
    case Scheme::ukr2010:
    case Scheme::bul2009:
      schemes.cyrillic = scheme;
      break;
    case Scheme::elot743:
      schemes.greek = scheme;
      break;
    case Scheme::georgian:
      schemes.georgian = scheme;
      break;
  }
  return transliterate(text, schemes);
}

}  // namespace muster::mappings
