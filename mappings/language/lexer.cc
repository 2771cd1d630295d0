// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/lexer.h"

#include <array>
#include <charconv>
#include <string>

#include "core/clock.h"

namespace muster::mappings {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool word_part(char c) { return word_start(c) || digit(c); }
bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

constexpr std::array<std::string_view, 28> symbols = {
    "=>", "==", "!=", "<=", ">=", "??", "++", "<", ">", "~", "|", "(", ")", "[",
    "]",  ",",  ".",  ":",  "+",  "-",  "{",  "}", "?", "=", "&", "!", "*", "/"};

// Milliseconds of one unit of a duration literal; 0 = no unit.
std::int64_t unit_of(char c) {
  switch (c) {
    case 's':
      return 1000;
    case 'm':
      return 60'000;
    case 'h':
      return 3'600'000;
    case 'd':
      return 86'400'000;
    case 'w':
      return 7 * 86'400'000LL;
    default:
      return 0;
  }
}

bool date_ahead(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-dd";
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 'd' ? !digit(text[i]) : text[i] != '-') return false;
  }
  return true;
}

}  // namespace

bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 13> keywords = {"if",   "then",  "else", "switch", "and",
                                                         "or",   "not",   "in",   "true",   "false",
                                                         "none", "clear", "keep"};
  for (const auto keyword : keywords) {
    if (word == keyword) return true;
  }
  return false;
}

bool is_name(std::string_view word) {
  if (word.empty() || !word_start(word[0]) || is_keyword(word)) return false;
  for (const char c : word) {
    if (!word_part(c)) return false;
  }
  return true;
}

std::optional<Token> Lexer::refuse(std::size_t offset, std::string code, std::string message) {
  error_ = {offset, std::move(code), std::move(message)};
  return std::nullopt;
}

std::optional<Token> Lexer::date() {
  const std::size_t start = position_;
  std::size_t end = start + 10;
  const bool timed = end < text_.size() && text_[end] == 'T';
  if (timed) {
    while (end < text_.size() && (word_part(text_[end]) || text_[end] == ':' || text_[end] == '.' ||
                                  text_[end] == '+' || text_[end] == '-')) {
      ++end;
    }
  }
  const auto written = text_.substr(start, end - start);
  const auto time =
      parse_timestamp(timed ? std::string(written) : std::string(written) + "T00:00:00Z");
  if (!time) return refuse(start, "E-DATE", "there is no date '" + std::string(written) + "'");
  position_ = end;
  return Token{Token::Kind::date, start, written, time->time_since_epoch().count()};
}

std::optional<Token> Lexer::number() {
  const std::size_t start = position_;
  if (date_ahead(text_.substr(start))) return date();
  std::int64_t value = 0;
  const auto* first = text_.data() + start;
  const auto [last, failure] = std::from_chars(first, text_.data() + text_.size(), value);
  if (failure != std::errc()) return refuse(start, "E-SYNTAX", "this number does not fit 64 bits");
  position_ = start + static_cast<std::size_t>(last - first);
  if (position_ < text_.size() && word_part(text_[position_])) {
    const auto unit = unit_of(text_[position_]);
    const bool ends = position_ + 1 >= text_.size() || !word_part(text_[position_ + 1]);
    if (unit == 0 || !ends) {
      return refuse(start, "E-SYNTAX",
                    "a number or a duration (30s 10m 12h 7d 2w) is expected here");
    }
    if (__builtin_mul_overflow(value, unit, &value)) {
      return refuse(start, "E-SYNTAX", "this duration is too long");
    }
    ++position_;
    return Token{Token::Kind::duration, start, text_.substr(start, position_ - start), value};
  }
  return Token{Token::Kind::number, start, text_.substr(start, position_ - start), value};
}

std::optional<Token> Lexer::next() {
  while (position_ < text_.size() && blank(text_[position_])) ++position_;
  const std::size_t start = position_;
  if (start >= text_.size()) return Token{Token::Kind::end, start, {}, 0};
  const char c = text_[start];
  if (digit(c)) return number();
  if (c == '"' || c == '\'') {
    ++position_;
    return Token{Token::Kind::quote, start, text_.substr(start, 1), 0};
  }
  if (word_start(c)) {
    while (position_ < text_.size() && word_part(text_[position_])) ++position_;
    return Token{Token::Kind::word, start, text_.substr(start, position_ - start), 0};
  }
  for (const auto symbol : symbols) {
    if (text_.substr(start).starts_with(symbol)) {
      position_ += symbol.size();
      return Token{Token::Kind::symbol, start, symbol, 0};
    }
  }
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
    return refuse(start, "E-SYNTAX", "a control character has no meaning here");
  return refuse(start, "E-SYNTAX", "'" + std::string(1, c) + "' has no meaning here");
}

}  // namespace muster::mappings
