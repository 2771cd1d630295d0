// SPDX-License-Identifier: Apache-2.0
#include "scim/scanner.h"

#include <algorithm>

#include "core/json.h"
#include "core/text.h"

namespace muster::scim {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '-' || c == ':' || c == '.';
}

bool is_literal_character(char c) { return is_word_character(c) || c == '+'; }

}  // namespace

void Scanner::skip_blanks() {
  while (at(' ') || at('\t')) ++at_;
}

bool Scanner::take(char c) {
  if (!at(c)) return false;
  ++at_;
  return true;
}

std::string_view Scanner::word() {
  const auto start = at_;
  while (!ended() && is_word_character(text_[at_])) ++at_;
  return text_.substr(start, at_ - start);
}

bool Scanner::take_word(std::string_view wanted) {
  const auto start = at_;
  if (ascii_equal_fold(word(), wanted)) return true;
  at_ = start;
  return false;
}

Result<Value> Scanner::literal() { return at('"') ? quoted() : number_or_name(); }

Result<Value> Scanner::quoted() {
  const auto start = at_++;
  while (!ended() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
  if (ended()) return refuse_at(start, "the text that begins here has no closing double quote");
  ++at_;
  auto value = parse_json(text_.substr(start, at_ - start));
  if (!value) return refuse_at(start, "not a JSON text: " + value.error().detail);
  return value;
}

Result<Value> Scanner::number_or_name() {
  const auto start = at_;
  while (!ended() && is_literal_character(text_[at_])) ++at_;
  const auto written = ascii_lower(text_.substr(start, at_ - start));
  auto value = written.empty() ? Result<Value>(fail(Fault::invalid, "")) : parse_json(written);
  if (value) return value;
  at_ = start;
  return refuse("a value is expected: a text in double quotes, a number, true, false or null; " +
                found());
}

tl::unexpected<Error> Scanner::refuse_at(std::size_t position, std::string detail) const {
  const auto before = text_.substr(0, std::min(position, text_.size()));
  const auto column =
      std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return fail(Fault::invalid, std::move(detail), "column " + std::to_string(column + 1),
              std::string(code_));
}

std::string Scanner::found() const {
  if (ended()) return "the text ends here";
  auto end = at_;
  while (end < text_.size() && is_word_character(text_[end]) && end - at_ < 40) ++end;
  if (end > at_) return "'" + std::string(text_.substr(at_, end - at_)) + "' was found";
  const bool printable = text_[at_] > 0x20 && text_[at_] < 0x7F;
  return printable ? "'" + std::string(1, text_[at_]) + "' was found" : "something else was found";
}

}  // namespace muster::scim
