// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/pattern_shape.h"

#include <algorithm>
#include <optional>

namespace muster::mappings {
namespace {

constexpr std::size_t most_literals = 32;
constexpr std::string_view operators = R"(\^$.|?*+()[]{})";

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

// The literal character at the front of `rest`, taken; nullopt: something else stands there.
std::optional<char> take_character(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  std::size_t size = 1;
  char c = rest[0];
  if (c == '\\') {
    if (rest.size() < 2 || !is_punctuation(rest[1])) return std::nullopt;
    c = rest[1];
    size = 2;
  } else if (operators.find(c) != operators.npos) {
    return std::nullopt;
  }
  rest.remove_prefix(size);
  return c;
}

// "a|b)" behind the bracket that opens; empty: there is more to it.
std::vector<std::string> take_alternatives(std::string_view& rest) {
  std::vector<std::string> alternatives(1);
  while (!rest.empty() && rest.front() != ')') {
    if (rest.front() == '|') {
      alternatives.emplace_back();
      rest.remove_prefix(1);
    } else if (const auto c = take_character(rest)) {
      alternatives.back() += *c;
    } else {
      return {};
    }
  }
  const bool closed = !rest.empty();
  const bool solid = std::none_of(alternatives.begin(), alternatives.end(),
                                  [](const std::string& one) { return one.empty(); });
  if (!closed || !solid) return {};
  rest.remove_prefix(1);
  return alternatives;
}

bool is_repeated(std::string_view rest) {
  return !rest.empty() && (rest[0] == '*' || rest[0] == '+' || rest[0] == '?' || rest[0] == '{');
}

}  // namespace

PatternShape::PatternShape(std::string_view expression) {
  if (!read_literals(expression)) {
    literals_.clear();
    class_ = read_class(expression);
  }
}

bool PatternShape::read_literals(std::string_view rest) {
  at_start_ = rest.starts_with('^');
  if (at_start_) rest.remove_prefix(1);
  literals_.assign(1, {});
  while (!rest.empty() && rest != "$") {
    std::vector<std::string> next;
    if (rest.starts_with('(')) {
      rest.remove_prefix(1);
      next = take_alternatives(rest);
    } else if (const auto c = take_character(rest)) {
      next.emplace_back(1, *c);
    }
    if (next.empty() || is_repeated(rest) || literals_.size() * next.size() > most_literals)
      return false;
    std::vector<std::string> longer;
    for (const auto& begun : literals_)
      for (const auto& more : next) longer.push_back(begun + more);
    literals_ = std::move(longer);
  }
  at_end_ = rest == "$";
  return !literals_.front().empty();
}

bool PatternShape::found_in(std::string_view text) const {
  return std::any_of(literals_.begin(), literals_.end(), [&](const std::string& literal) {
    if (at_start_) return at_end_ ? text == literal : text.starts_with(literal);
    return at_end_ ? text.ends_with(literal) : text.find(literal) != text.npos;
  });
}

void PatternShape::add_range(unsigned char first, unsigned char last) {
  for (unsigned c = first; c <= last; ++c) bytes_[c] = true;
}

bool PatternShape::read_class(std::string_view rest) {
  if (!rest.starts_with('[')) return false;
  rest.remove_prefix(1);
  runs_ = rest.ends_with('+') && !rest.ends_with("\\+");
  if (runs_) rest.remove_suffix(1);
  if (!rest.ends_with(']') || rest.ends_with("\\]")) return false;
  rest.remove_suffix(1);
  const bool negated = rest.starts_with('^');
  if (negated) rest.remove_prefix(1);
  if (!read_class_items(rest)) return false;
  if (negated)
    for (auto& in_class : bytes_) in_class = !in_class;
  return true;
}

bool PatternShape::read_class_items(std::string_view rest) {
  if (rest.empty()) return false;
  const auto take = [&rest]() -> std::optional<unsigned char> {
    const bool escaped = rest[0] == '\\';
    const char c = escaped && rest.size() > 1 ? rest[1] : rest[0];
    const bool plain = escaped ? rest.size() > 1 && is_punctuation(c) : c != '[' && c != ']';
    if (!plain || static_cast<unsigned char>(c) >= 128) return std::nullopt;
    rest.remove_prefix(escaped ? 2 : 1);
    return static_cast<unsigned char>(c);
  };
  for (bool first = true; !rest.empty(); first = false) {
    // Elsewhere than at an end it could be taken for a range.
    if (rest[0] == '-' && !first && rest.size() > 1) return false;
    const auto from = take();
    if (!from) return false;
    if (rest.size() < 2 || rest[0] != '-') {
      add_range(*from, *from);
      continue;
    }
    rest.remove_prefix(1);
    const auto to = take();
    if (!to || *to < *from) return false;
    add_range(*from, *to);
  }
  return true;
}

}  // namespace muster::mappings
