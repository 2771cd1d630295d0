// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>
#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <memory>
#include <string>

#include "core/text.h"
#include "mappings/language/code.h"
#include "mappings/language/function.h"
#include "mappings/language/name_case.h"
#include "mappings/language/transliterate.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

using Arguments = std::span<const Datum>;

icu::StringPiece piece(std::string_view text) {
  return {text.data(), static_cast<std::int32_t>(text.size())};
}

// Full case mapping by Unicode alone, or by a language that the call names (SpecialCasing).
Datum cased(Context& context, std::string_view text, bool upper) {
  const auto& language = context.site().text;
  if (language.empty() && is_ascii(text)) {
    return context.build(text.size(), [text, upper](char* out) {
      return std::transform(text.begin(), text.end(), out, [upper](char c) {
        if (upper) return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      });
    });
  }
  std::string mapped;
  icu::StringByteSink<std::string> sink(&mapped);
  UErrorCode failure = U_ZERO_ERROR;
  if (upper) {
    icu::CaseMap::utf8ToUpper(language.c_str(), 0, piece(text), sink, nullptr, failure);
  } else {
    icu::CaseMap::utf8ToLower(language.c_str(), 0, piece(text), sink, nullptr, failure);
  }
  if (U_FAILURE(failure)) return context.fail("W-TEXT", "the text is not UTF-8");
  return context.copy(nfc(mapped));
}

Datum lower(Context& context, Arguments a) { return cased(context, a[0].text(), false); }
Datum upper(Context& context, Arguments a) { return cased(context, a[0].text(), true); }
Datum named(Context& context, Arguments a) { return context.copy(name_case(a[0].text())); }
Datum fold(Context& context, Arguments a) { return text_datum(folded(context, a[0].text())); }

Datum ascii(Context& context, Arguments a) {
  const auto text = a[0].text();
  if (is_ascii(text)) return text_datum(text);
  const auto letters = transliterate(text, context.site().scheme);
  if (!letters)
    return context.fail("W-ASCII", "the text has letters that this scheme does not know");
  return context.copy(*letters);
}

// ASCII letters and digits lower-case, every run of other characters one '-', none at the ends.
Datum slug_of(Context& context, std::string_view text) {
  return context.build(text.size(), [text](char* out) {
    bool gap = false;
    bool any = false;
    for (const char c : text) {
      const bool upper_case = c >= 'A' && c <= 'Z';
      if (!upper_case && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
        gap = any;
        continue;
      }
      if (gap) *out++ = '-';
      gap = false;
      any = true;
      *out++ = upper_case ? static_cast<char>(c + 32) : c;
    }
    return out;
  });
}

Datum slug(Context& context, Arguments a) {
  const auto text = a[0].text();
  if (is_ascii(text)) return slug_of(context, text);
  const auto letters = transliterate(text, Scheme::strip);
  if (!letters) return context.fail("W-ASCII", "the text has letters that have no ASCII form");
  const auto copy = context.copy(*letters);
  return slug_of(context, copy.text());
}

Datum select_characters(Context& context, Arguments a, bool keep) {
  const auto text = a[0].text();
  const auto& characters = context.site().characters;
  return context.build(text.size(), [&](char* out) {
    for (std::size_t at = 0; at < text.size();) {
      const auto start = at;
      if (const auto byte = static_cast<unsigned char>(text[at]); byte < 0x80) {
        if (characters.contains(byte) == keep) *out++ = text[at];
        ++at;
        continue;
      }
      if (characters.contains(next_code_point(text, at)) != keep) continue;
      out = std::copy(text.data() + start, text.data() + at, out);
    }
    return out;
  });
}

Datum keep_chars(Context& context, Arguments a) { return select_characters(context, a, true); }
Datum drop_chars(Context& context, Arguments a) { return select_characters(context, a, false); }

Datum normalized(Context& context, Arguments a) {
  const auto& form = context.site().text;
  UErrorCode failure = U_ZERO_ERROR;
  const auto* normalizer = form == "NFC"    ? icu::Normalizer2::getNFCInstance(failure)
                           : form == "NFD"  ? icu::Normalizer2::getNFDInstance(failure)
                           : form == "NFKC" ? icu::Normalizer2::getNFKCInstance(failure)
                                            : icu::Normalizer2::getNFKDInstance(failure);
  if (U_FAILURE(failure)) return context.fail("W-TEXT", "normalisation is not available");
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  normalizer->normalizeUTF8(0, piece(a[0].text()), sink, nullptr, failure);
  return context.copy(out);
}

// NFKD without marks, then NFC: letters such as ø and ß stay.
Datum strip_marks(Context& context, Arguments a) {
  const auto text = a[0].text();
  if (is_ascii(text)) return text_datum(text);
  UErrorCode failure = U_ZERO_ERROR;
  std::string apart;
  icu::StringByteSink<std::string> sink(&apart);
  icu::Normalizer2::getNFKDInstance(failure)->normalizeUTF8(0, piece(text), sink, nullptr, failure);
  std::string bare;
  for (std::size_t at = 0; at < apart.size();) {
    const auto start = at;
    const auto c = static_cast<UChar32>(next_code_point(apart, at));
    if ((U_GET_GC_MASK(c) & U_GC_M_MASK) == 0) bare.append(apart, start, at - start);
  }
  return context.copy(nfc(bare));
}

icu::BreakIterator* characters_of(const icu::UnicodeString& text) {
  UErrorCode failure = U_ZERO_ERROR;
  thread_local const std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), failure));
  if (iterator != nullptr) iterator->setText(text);
  return iterator.get();
}

// Grapheme clusters [from, from + count) (UAX 29), what a person counts as characters.
Datum clusters(Context& context, std::string_view text, std::int64_t from, std::int64_t count,
               bool from_end) {
  if (count <= 0) return {};
  // In ASCII only CR LF is one cluster of two characters.
  if (is_ascii(text) && text.find('\r') == std::string_view::npos) {
    const auto size = static_cast<std::int64_t>(text.size());
    if (from_end) from = std::max<std::int64_t>(0, size - count);
    if (from >= size || from < 0) return {};
    return text_datum(text.substr(static_cast<std::size_t>(from),
                                  static_cast<std::size_t>(std::min(count, size))));
  }
  const auto wide = icu::UnicodeString::fromUTF8(piece(text));
  auto* iterator = characters_of(wide);
  if (iterator == nullptr || from < 0) return {};
  std::vector<std::int32_t> edges;
  for (auto edge = iterator->first(); edge != icu::BreakIterator::DONE; edge = iterator->next())
    edges.push_back(edge);
  const auto size = static_cast<std::int64_t>(edges.size()) - 1;
  if (from_end) from = std::max<std::int64_t>(0, size - count);
  if (from >= size) return {};
  const auto to = count > size - from ? size : from + count;
  std::string out;
  const auto start = edges[static_cast<std::size_t>(from)];
  wide.tempSubStringBetween(start, edges[static_cast<std::size_t>(to)]).toUTF8String(out);
  return context.copy(out);
}

Datum left(Context& context, Arguments a) {
  return clusters(context, a[0].text(), 0, a[1].number, false);
}
Datum right(Context& context, Arguments a) {
  return clusters(context, a[0].text(), 0, a[1].number, true);
}
Datum mid(Context& context, Arguments a) {
  return clusters(context, a[0].text(), a[1].number, a[2].number, false);
}

// First letter of each word upper-case, the others lower-case; words end at the separators.
Datum title(Context& context, Arguments a) {
  std::string text;
  icu::StringByteSink<std::string> sink(&text);
  UErrorCode failure = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, piece(a[0].text()), sink, nullptr, failure);
  const auto separators = a[1].text();
  std::string out;
  bool start = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto c = static_cast<UChar32>(next_code_point(text, at));
    if (separators.find(std::string_view(text).substr(begin, at - begin)) !=
        std::string_view::npos) {
      out.append(text, begin, at - begin);
      start = true;
      continue;
    }
    char bytes[4];
    const auto mapped = start ? u_totitle(c) : c;
    out.append(bytes, static_cast<std::size_t>(
                          put_code_point(bytes, static_cast<char32_t>(mapped)) - bytes));
    start = false;
  }
  return context.copy(nfc(out));
}

// "[...]+" and "[...]" without the engine. What follows the first byte of a character is as that
// is.
Datum replace_class(Context& context, std::string_view text) {
  const auto& shape = context.site().shape;
  const std::string_view with = context.site().text;
  const auto* const first =
      std::find_if(text.begin(), text.end(), [&shape](char c) { return shape.contains(c); });
  if (first == text.end()) return text_datum(text);
  const auto untouched = text.substr(0, static_cast<std::size_t>(first - text.begin()));
  const auto each = [&](auto keep, auto replace) {
    bool inside = false;
    for (const char c : text.substr(untouched.size())) {
      const bool match = shape.contains(c);
      if (!match) keep(c);
      if (match && (!inside || (!shape.takes_runs() && begins_code_point(c)))) replace();
      inside = match;
    }
  };
  std::size_t most = text.size();
  if (with.size() > 1) {
    most = untouched.size();
    each([&](char) { ++most; }, [&] { most += with.size(); });
  }
  return context.build(most, [&](char* out) {
    out = std::copy(untouched.begin(), untouched.end(), out);
    each([&](char c) { *out++ = c; }, [&] { out = std::copy(with.begin(), with.end(), out); });
    return out;
  });
}

Datum replace_re(Context& context, Arguments a) {
  const auto& site = context.site();
  if (site.shape.is_class() && site.text.find('\\') == std::string::npos)
    return replace_class(context, a[0].text());
  std::string text(a[0].text());
  if (re2::RE2::GlobalReplace(&text, *context.site().expression, context.site().text) == 0)
    return text_datum(a[0].text());
  return context.copy(text);
}

Datum find_re(Context& context, Arguments a) {
  const auto& expression = *context.site().expression;
  const auto group = a[1].number;
  constexpr int most_groups = 16;
  if (group < 0 || group > expression.NumberOfCapturingGroups() || group >= most_groups) {
    return context.fail("W-RE", "the regular expression has no group of that number");
  }
  re2::StringPiece groups[most_groups];
  const auto text = a[0].text();
  const re2::StringPiece whole(text.data(), text.size());
  if (!expression.Match(whole, 0, text.size(), re2::RE2::UNANCHORED, groups,
                        static_cast<int>(group) + 1))
    return {};
  const auto& found = groups[group];
  return text_datum({found.data(), found.size()});
}

constexpr Function functions[] = {
    {"lower(x: text, language: LANGUAGE = '') -> text", lower},
    {"upper(x: text, language: LANGUAGE = '') -> text", upper},
    {"fold(x: text) -> text", fold},
    {"name_case(x: text) -> text", named},
    {"title(x: text, separators: text = ' ') -> text", title},
    {"ascii(x: text, scheme: SCHEME = 'strip') -> text?", ascii},
    {"slug(x: text) -> SLUG?", slug},
    {"keep_chars(x: text, characters: CHARACTERS) -> text?", keep_chars},
    {"drop_chars(x: text, characters: CHARACTERS) -> text?", drop_chars},
    {"normalize(x: text, form: FORM = 'NFC') -> text", normalized},
    {"strip_marks(x: text) -> text?", strip_marks},
    {"left(x: text, n: int) -> text?", left},
    {"right(x: text, n: int) -> text?", right},
    {"mid(x: text, start: int, n: int) -> text?", mid},
    {"replace_re(x: text, pattern: EXPRESSION, with: REPLACEMENT) -> text?", replace_re},
    {"find_re(x: text, pattern: EXPRESSION, group: GROUP = 0) -> text?", find_re},
};

}  // namespace

std::span<const Function> unicode_functions() { return functions; }

}  // namespace muster::mappings
