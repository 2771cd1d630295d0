// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/transliterate.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <span>
#include <utility>

#include "core/text.h"
#include "mappings/language/transliterate_east_asia.h"
#include "mappings/language/transliterate_tables.h"

namespace muster::mappings {
namespace {

struct Known {
  std::string_view name;
  Scheme scheme;
  std::string_view scripts;
};

constexpr Known known[] = {
    {"strip", Scheme::strip, "latin"},        {"german", Scheme::german, "latin"},
    {"icao", Scheme::icao, "latin cyrillic"}, {"ukr2010", Scheme::ukr2010, "cyrillic"},
    {"bul2009", Scheme::bul2009, "cyrillic"}, {"elot743", Scheme::elot743, "greek"},
    {"2002", Scheme::georgian, "georgian"},   {"rr", Scheme::rr, "hangul"},
    {"hepburn", Scheme::hepburn, "kana"},     {"pinyin_names", Scheme::pinyin_names, "han"},
};

bool letter(char32_t c) { return c != 0 && u_isalpha(static_cast<UChar32>(c)) != 0; }
bool upper(char32_t c) { return c != 0 && u_isupper(static_cast<UChar32>(c)) != 0; }
char32_t lower(char32_t c) { return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))); }

icu::UnicodeString without_ignorables(const icu::UnicodeString& text) {
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const auto c = text.char32At(i);
    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) == 0) kept.append(c);
  }
  return kept;
}

// A letter of Latin-1 or Latin Extended-A as it stands in composed text: NFKC leaves it as it is.
bool is_composed_latin(char32_t c) {
  constexpr std::u32string_view compatible = U"\u0132\u0133\u013F\u0140\u0149\u017F";
  return c >= 0xC0 && c <= 0x17F && compatible.find(c) == std::u32string_view::npos;
}

// The text itself when nothing in it is changed by what prepare() does, as in most names.
bool is_prepared(std::string_view text, std::u32string& out) {
  const auto length = static_cast<std::int32_t>(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, length, c);
    if (c < 0 || (c >= 0x80 && !is_composed_latin(static_cast<char32_t>(c)))) return false;
    out += static_cast<char32_t>(c);
  }
  return true;
}

// The text after NFKC, ignorable characters removed: before, because they keep marks from their
// letters, and after, because NFKC makes some.
bool prepare(std::string_view text, std::u32string& out) {
  if (is_prepared(text, out)) return true;
  out.clear();
  UErrorCode failure = U_ZERO_ERROR;
  const auto* compose = icu::Normalizer2::getNFKCInstance(failure);
  if (U_FAILURE(failure)) return false;
  const auto wide =
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
  const auto composed = compose->normalize(without_ignorables(wide), failure);
  if (U_FAILURE(failure)) return false;
  const auto kept = without_ignorables(composed);
  for (std::int32_t i = 0; i < kept.length(); i = kept.moveIndex32(i, 1))
    out += static_cast<char32_t>(kept.char32At(i));
  return true;
}

// The letter without its last mark; itself when it has none.
char32_t without_a_mark(char32_t c) {
  UErrorCode failure = U_ZERO_ERROR;
  const auto* decompose = icu::Normalizer2::getNFDInstance(failure);
  icu::UnicodeString parts;
  if (U_FAILURE(failure) || decompose->getRawDecomposition(static_cast<UChar32>(c), parts) == 0)
    return c;
  return static_cast<char32_t>(parts.char32At(0));
}

// The letter without any.
char32_t base_of(char32_t c) {
  for (auto less = without_a_mark(c); less != c; less = without_a_mark(c)) c = less;
  return c;
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
    if (is_apostrophe(c) && silent_apostrophe()) {
      ++at_;
      return true;
    }
    if (c < 0x80) {
      out_ += static_cast<char>(c);
      ++at_;
      return true;
    }
    if (const auto* symbol = find(tables::symbols(), c)) {
      out_ += *symbol;
      ++at_;
      return true;
    }
    if (east_asia::is_kana(c)) return schemes_.kana && run(east_asia::is_kana, east_asia::kana);
    return letter(c) ? by_script(c) : other(c);
  }

  bool by_script(char32_t c) {
    switch (script_of(c)) {
      case USCRIPT_CYRILLIC:
        return cyrillic();
      case USCRIPT_GREEK:
        return greek();
      case USCRIPT_GEORGIAN:
        return schemes_.georgian && table(tables::georgian());
      case USCRIPT_HANGUL:
        return schemes_.hangul && east_asia::is_syllable(c) &&
               run(east_asia::is_syllable, east_asia::hangul);
      case USCRIPT_HAN:
        return schemes_.han && run(is_han, east_asia::han);
      default:
        return latin();
    }
  }

  static UScriptCode script_of(char32_t c) {
    UErrorCode failure = U_ZERO_ERROR;
    return uscript_getScript(static_cast<UChar32>(c), &failure);
  }
  static bool is_han(char32_t c) { return script_of(c) == USCRIPT_HAN; }
  static bool is_cyrillic(char32_t c) { return letter(c) && script_of(c) == USCRIPT_CYRILLIC; }

  // Resolution 55/2010 does not show the apostrophe: Знам'янка Znamianka.
  bool silent_apostrophe() const {
    return schemes_.cyrillic == Scheme::ukr2010 && is_cyrillic(peek(-1)) && is_cyrillic(peek(1));
  }

  // As many characters of a kind as stand here, read as a whole.
  template <class Belongs, class Read>
  bool run(Belongs belongs, Read read) {
    auto end = at_;
    while (end < text_.size() && belongs(text_[end])) ++end;
    const std::optional<std::string> ascii =
        read(std::u32string_view(text_).substr(at_, end - at_));
    if (!ascii) return false;
    out_ += *ascii;
    at_ = end;
    return true;
  }

  static const std::string_view* find(std::span<const tables::Entry> entries, char32_t c) {
    for (const auto& [letter_of, ascii] : entries)
      if (letter_of == c) return &ascii;
    return nullptr;
  }

  // By the table; what is not in it is looked for with one mark less, and again (ǖ ü u).
  bool table(std::span<const tables::Entry> entries) {
    auto wanted = lower(text_[at_]);
    for (;;) {
      if (const auto* ascii = find(entries, wanted)) {
        put(*ascii, 1);
        return true;
      }
      const auto less = without_a_mark(wanted);
      if (less == wanted) return false;
      wanted = less;
    }
  }

  bool latin() {
    if (schemes_.latin == Scheme::german && table(tables::german())) return true;
    if (schemes_.latin == Scheme::icao && table(tables::icao_latin())) return true;
    if (table(tables::latin())) return true;
    const auto base = base_of(text_[at_]);
    if (base >= 0x80) return false;
    out_ += static_cast<char>(base);
    ++at_;
    return true;
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
    const auto next = lower(peek(1));
    const bool dialytika = next == U'ϋ' || next == U'ΰ' || next == U'ϊ' || next == U'ΐ';
    const auto second = base_of(next);
    // A stressed first vowel is a vowel of its own: άυλος.
    if (c == U'ο' && second == U'υ' && !dialytika) {
      put("ou", 2);
      return true;
    }
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

  // No letter: digits and blanks keep their meaning, marks and symbols go.
  bool other(char32_t c) {
    const auto code = static_cast<UChar32>(c);
    ++at_;
    if (const auto digit = u_charDigitValue(code); digit >= 0) {
      out_ += static_cast<char>('0' + digit);
    } else if (u_isUWhiteSpace(code) != 0) {
      out_ += ' ';
    }
    return true;
  }

  const std::u32string& text_;
  const Schemes& schemes_;
  std::size_t at_ = 0;
  std::string out_;
};

std::optional<Scheme> scheme_for(char32_t c, const Schemes& schemes) {
  if (east_asia::is_kana(c)) return schemes.kana;
  UErrorCode failure = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(c), &failure)) {
    case USCRIPT_CYRILLIC:
      return schemes.cyrillic;
    case USCRIPT_GREEK:
      return schemes.greek;
    case USCRIPT_GEORGIAN:
      return schemes.georgian;
    case USCRIPT_HANGUL:
      return schemes.hangul;
    case USCRIPT_HAN:
      return schemes.han;
    default:
      return schemes.latin;
  }
}

}  // namespace

std::vector<std::string> schemes_used(std::string_view text, const Schemes& schemes) {
  std::vector<std::string> names;
  std::u32string letters;
  if (!prepare(text, letters)) return names;
  for (const auto c : letters) {
    if (c < 0x80 || (!letter(c) && !east_asia::is_kana(c))) continue;
    const auto scheme = scheme_for(c, schemes);
    for (const auto& one : known) {
      if (one.scheme == scheme && std::find(names.begin(), names.end(), one.name) == names.end())
        names.emplace_back(one.name);
    }
  }
  return names;
}

std::optional<Scheme> parse_scheme(std::string_view name) {
  for (const auto& one : known)
    if (one.name == name) return one.scheme;
  return std::nullopt;
}

std::vector<std::string> scheme_names(std::string_view script) {
  std::vector<std::string> names;
  for (const auto& one : known)
    if (one.scripts.find(script) != std::string_view::npos) names.emplace_back(one.name);
  return names;
}

void Schemes::use(Scheme scheme) {
  switch (scheme) {
    case Scheme::strip:
    case Scheme::german:
      latin = scheme;
      return;
    case Scheme::icao:
      latin = scheme;
      cyrillic = scheme;
      return;
    case Scheme::ukr2010:
    case Scheme::bul2009:
      cyrillic = scheme;
      return;
    case Scheme::elot743:
      greek = scheme;
      return;
    case Scheme::georgian:
      georgian = scheme;
      return;
    case Scheme::rr:
      hangul = scheme;
      return;
    case Scheme::hepburn:
      kana = scheme;
      return;
    case Scheme::pinyin_names:
      han = scheme;
      return;
  }
}

std::optional<std::string> transliterate(std::string_view text, const Schemes& schemes) {
  if (is_ascii(text)) return std::string(text);
  std::u32string prepared;
  if (!prepare(text, prepared)) return std::nullopt;
  return Writer(prepared, schemes).write();
}

std::optional<std::string> transliterate(std::string_view text, Scheme scheme) {
  Schemes schemes;
  schemes.use(scheme);
  return transliterate(text, schemes);
}

}  // namespace muster::mappings
