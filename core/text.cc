// SPDX-License-Identifier: Apache-2.0
#include "core/text.h"

#include <simdjson.h>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

namespace muster {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

icu::StringPiece piece(std::string_view text) {
  return {text.data(), static_cast<std::int32_t>(text.size())};
}

// ICU only fails here when its data or the memory is missing.
void expect_success(UErrorCode status) {
  if (U_FAILURE(status)) throw std::bad_alloc();
}

std::string normalize(const icu::Normalizer2& form, std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  if (form.isNormalizedUTF8(piece(text), status) && U_SUCCESS(status)) return std::string(text);
  status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  form.normalizeUTF8(0, piece(text), sink, nullptr, status);
  expect_success(status);
  return out;
}

std::string nfkc(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFKCInstance(status);
  expect_success(status);
  return normalize(*form, text);
}

std::string full_case_fold(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::CaseMap::utf8Fold(U_FOLD_CASE_DEFAULT, piece(text), sink, nullptr, status);
  expect_success(status);
  return out;
}

// Bytes of the UTF-8 character at the front, 0 when it is malformed (Unicode 15, table 3-7).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto within = [&](std::size_t i, unsigned least, unsigned most) {
    return byte(i) >= least && byte(i) <= most;
  };
  const auto tail = [&](std::size_t i) { return within(i, 0x80, 0xBF); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool second = within(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
    return second && tail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool second = within(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

constexpr UChar32 non_joiner = 0x200C;
constexpr UChar32 joiner = 0x200D;

bool is_invisible(UChar32 c) {
  if (c < 0) return false;  // malformed
  if (u_isUWhiteSpace(c) || c < 0x20 || (c >= 0x7F && c <= 0x9F)) return true;
  return c == 0x00AD || c == 0x061C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

// Whether the joiner that ends the text belongs to the letter in front of it (Unicode 15, 9.2 and
// 12.1: Persian, Malayalam).
bool joins(std::string_view before) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(before.data());
  std::int32_t at = static_cast<std::int32_t>(before.size());
  if (at == 0) return false;
  UChar32 c = 0;
  U8_PREV(bytes, 0, at, c);
  return c > 0x7F && !is_invisible(c);
}

}  // namespace

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool ascii_equal_fold(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return x == y || lower(x) == lower(y);
         });
}

bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  while (text.size() >= sizeof seen) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    seen |= word;
    text.remove_prefix(sizeof word);
  }
  for (char c : text) seen |= static_cast<unsigned char>(c);
  return (seen & 0x8080'8080'8080'8080u) == 0;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  if (is_utf8(text)) return std::nullopt;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::string nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const auto* form = icu::Normalizer2::getNFCInstance(status);
  expect_success(status);
  return normalize(*form, text);
}

std::string fold_key(std::string_view text) {
  if (is_ascii(text)) return ascii_lower(text);
  return nfkc(full_case_fold(nfkc(text)));
}

std::string_view trim_blanks(std::string_view text) {
  const auto length = static_cast<std::int32_t>(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  std::int32_t begin = 0;
  std::int32_t end = length;
  while (begin < end) {
    std::int32_t next = begin;
    UChar32 c = 0;
    U8_NEXT(bytes, next, end, c);
    if (c < 0 || !u_isUWhiteSpace(c)) break;
    begin = next;
  }
  while (end > begin) {
    std::int32_t previous = end;
    UChar32 c = 0;
    U8_PREV(bytes, begin, previous, c);
    if (c < 0 || !u_isUWhiteSpace(c)) break;
    end = previous;
  }
  return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

std::string_view trim_invisible(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  std::int32_t begin = 0;
  auto end = static_cast<std::int32_t>(text.size());
  while (begin < end) {
    std::int32_t next = begin;
    UChar32 c = 0;
    U8_NEXT(bytes, next, end, c);
    if (!is_invisible(c)) break;
    begin = next;
  }
  while (end > begin) {
    std::int32_t previous = end;
    UChar32 c = 0;
    U8_PREV(bytes, begin, previous, c);
    const auto before =
        text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(previous - begin));
    if (!is_invisible(c) || ((c == joiner || c == non_joiner) && joins(before))) break;
    end = previous;
  }
  return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

bool is_blank(std::string_view text) { return trim_blanks(text).empty(); }

int edit_distance(std::string_view a, std::string_view b, int limit) {
  if (a.size() > b.size()) std::swap(a, b);
  const int over = limit + 1;
  if (b.size() - a.size() > static_cast<std::size_t>(limit)) return over;

  std::vector<int> row(a.size() + 1);  // of the letters of b so far; the two before it
  std::vector<int> above(row.size());
  std::vector<int> second(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = static_cast<int>(i);
  int best_above = 0;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    std::swap(second, above);
    std::swap(above, row);
    row[0] = static_cast<int>(j);
    int best = row[0];
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const int replaced = above[i - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[i] = std::min({replaced, above[i] + 1, row[i - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[i] = std::min(row[i], second[i - 2] + 1);
      best = std::min(best, row[i]);
    }
    if (best > limit && best_above > limit) return over;
    best_above = best;
  }
  return std::min(row.back(), over);
}

int most_edits(std::string_view word) { return word.size() < 2 ? 0 : word.size() < 4 ? 1 : 2; }

std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = ascii_lower(word);
  std::string_view best;
  int limit = most_edits(word);
  for (const auto& candidate : candidates) {
    const int distance = edit_distance(wanted, ascii_lower(candidate), limit);
    if (distance > limit) continue;
    best = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = nearest(word, candidates);
  return near.empty() ? std::string() : "; did you mean '" + std::string(near) + "'?";
}

}  // namespace muster
