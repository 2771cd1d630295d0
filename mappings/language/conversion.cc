// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "core/dn.h"
#include "core/text.h"
#include "mappings/language/context.h"
#include "mappings/language/email.h"
#include "mappings/language/truth_words.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

using ByteSet = std::array<bool, 256>;

constexpr ByteSet bytes_of(std::string_view characters) {
  ByteSet set{};
  for (const char c : characters) set[static_cast<unsigned char>(c)] = true;
  for (unsigned c = '0'; c <= '9'; ++c) set[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) set[c] = set[c - 'a' + 'A'] = true;
  return set;
}

constexpr ByteSet letters_and_digits = bytes_of("");
constexpr ByteSet of_local_parts = bytes_of(".-_+'");

bool letter_or_digit(char c) { return letters_and_digits[static_cast<unsigned char>(c)]; }

// A plain ASCII domain (letters, digits, '-', '.', no xn--); otherwise the slow way decides.
bool plain_domain(std::string_view text) {
  if (text.empty() || text.size() > 253 || text.front() == '.' || text.back() == '.') return false;
  std::size_t label = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (letter_or_digit(c)) {
      if (++label > 63) return false;
      continue;
    }
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
      continue;
    }
    // A hyphen only between letters and digits: that leaves out xn--, too.
    if (c != '-' || label == 0 || i + 1 == text.size() || !letter_or_digit(text[i + 1]))
      return false;
    if (++label > 63) return false;
  }
  return true;
}

bool plain_local(std::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!of_local_parts[static_cast<unsigned char>(text[i])]) return false;
    if (text[i] == '.' && text[i - 1] == '.') return false;
  }
  return true;
}

Datum lower_copy(Context& context, std::string_view text, Datum::Tag tag) {
  const bool none = all_words(text, [](std::uint64_t word) { return capitals(word) == 0; });
  if (none) return text_datum(text, tag);
  char* memory = context.room(text.size());
  if (memory == nullptr) return {};
  constexpr int case_bit = 2;  // below the high bit
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    word |= capitals(word) >> case_bit;
    std::memcpy(memory + at, &word, sizeof word);
  }
  std::transform(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), memory + at, lower);
  return text_datum({memory, text.size()}, tag);
}

// The DN of nearly every entry: ASCII, single-valued RDNs, nothing escaped, types by name. Writes
// the key (root first) into `key`, which has room for 2 bytes more than the text; 0 = not of this
// kind.
std::size_t plain_dn_key(std::string_view text, char* key, std::string_view& first_value) {
  char* out = key;
  std::size_t end = text.size();
  while (true) {
    const auto comma = text.substr(0, end).rfind(',');
    auto rdn = text.substr(comma == std::string_view::npos ? 0 : comma + 1,
                           end - (comma == std::string_view::npos ? 0 : comma + 1));
    while (rdn.starts_with(' ')) rdn.remove_prefix(1);
    while (rdn.ends_with(' ')) rdn.remove_suffix(1);
    const auto equals = rdn.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == rdn.size()) return 0;
    // Names that have a shorter form, OIDs and blanks around '=' take the long way.
    if (equals > 4 || rdn[equals + 1] == ' ' || rdn[equals + 1] == '#') return 0;
    for (std::size_t i = 0; i < rdn.size(); ++i) {
      const char c = rdn[i];
      const auto byte = static_cast<unsigned char>(c);
      if (i < equals && (lower(c) < 'a' || lower(c) > 'z')) return 0;
      if (byte < 0x20 || byte >= 0x80 || (c == ' ' && rdn[i - 1] == ' ')) return 0;
      if (c == '\\' || c == '"' || c == '+' || c == ';' || c == '<' || c == '>') return 0;
      *out++ = lower(c);
    }
    *out++ = '\0';
    if (comma == std::string_view::npos) {
      first_value = rdn.substr(equals + 1);
      return static_cast<std::size_t>(out - key);
    }
    end = comma;
  }
}

Datum dn_datum(Context& context, std::string_view written, std::string_view key,
               std::string_view first_value) {
  auto* memory = context.room(sizeof(DnDatum));
  if (memory == nullptr) return {};
  auto* dn = new (memory) DnDatum{written, key, first_value};
  Datum datum;
  datum.dn_ = dn;
  datum.size = static_cast<std::uint32_t>(written.size());
  datum.tag = Datum::Tag::dn;
  return datum;
}

}  // namespace

Datum Context::fail_with(std::string_view code, std::string_view message) {
  if (failed()) return {};
  char* memory = arena_.take(message.size());
  if (memory == nullptr) return fail(code, "a value cannot be converted");
  std::memcpy(memory, message.data(), message.size());
  return fail(code, {memory, message.size()});
}

std::string_view folded(Context& context, std::string_view text) {
  if (is_ascii(text)) return lower_copy(context, text, Datum::Tag::text).text();
  return context.copy(fold_key(text)).text();
}

Datum to_email(Context& context, std::string_view text) {
  const auto at = text.rfind('@');
  if (at != std::string_view::npos && plain_local(text.substr(0, at)) &&
      plain_domain(text.substr(at + 1))) {
    return lower_copy(context, text, Datum::Tag::email);
  }
  const auto email = parse_email(text);
  if (!email)
    return context.fail_with(email.error().code == "W-ODD-DOMAIN" ? "W-ODD-DOMAIN" : "W-EMAIL",
                             email.error().detail);
  return context.copy(email->text(), Datum::Tag::email);
}

Datum to_domain(Context& context, std::string_view text) {
  if (plain_domain(text)) return lower_copy(context, text, Datum::Tag::domain);
  const auto domain = domain_to_ascii(text);
  if (!domain) {
    return context.fail_with(domain.error().code == "W-ODD-DOMAIN" ? "W-ODD-DOMAIN" : "W-DOMAIN",
                             domain.error().detail);
  }
  return context.copy(*domain, Datum::Tag::domain);
}

Datum to_dn(Context& context, std::string_view text) {
  if (text.empty()) return {};
  const std::size_t most = text.size() + 2;
  char* memory = context.room(most);
  if (memory == nullptr) return {};
  std::string_view first_value;
  if (const auto size = plain_dn_key(text, memory, first_value); size > 0) {
    context.shrink(most, size);
    return dn_datum(context, text, {memory, size}, first_value);
  }
  context.shrink(most, 0);
  const auto dn = parse_dn(text);
  if (!dn) return context.fail_with("W-DN", dn.error().detail);
  const auto key = context.copy(dn->key).text();
  const auto value = context.copy(dn->first_value).text();
  const auto written = context.copy(text).text();
  return dn_datum(context, written, key, value);
}

Datum to_integer(Context& context, std::string_view text) {
  text = trim_blanks(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) {
    return context.fail("W-INT", "the text is no whole number of 64 bits");
  }
  return number_datum(number);
}

Datum to_boolean(Context& context, std::string_view text) {
  text = trim_blanks(text);
  for (const std::string_view yes : {"true", "1", "yes"}) {
    if (ascii_equal_fold(text, yes)) return truth_datum(true);
  }
  for (const std::string_view no : {"false", "0", "no"}) {
    if (ascii_equal_fold(text, no)) return truth_datum(false);
  }
  const auto said = truth_of_word(text);
  if (!said) return context.fail("W-BOOL", "this is neither true nor false");
  return truth_datum(*said);
}

}  // namespace muster::mappings
