// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mappings/language/ast.h"

namespace muster::mappings {

struct Token {
  enum class Kind { end, word, number, duration, date, quote, symbol };
  Kind kind = Kind::end;
  std::size_t offset = 0;
  std::string_view text = {};  // word, symbol: as written
  std::int64_t number = 0;
};

// Cuts an expression into tokens, one on demand. A text literal is only its opening quote here,
// because what follows depends on where it stands (template or regular expression): the parser
// reads it and sets the position behind it.
class Lexer {
 public:
  Lexer(std::string_view text, std::size_t position) : text_(text), position_(position) {}

  // nullopt: a character that cannot start a token, or a literal out of range; see error().
  std::optional<Token> next();

  std::size_t position() const { return position_; }
  void set_position(std::size_t position) { position_ = position; }
  const SyntaxError& error() const { return error_; }

 private:
  std::optional<Token> number();
  std::optional<Token> date();
  std::optional<Token> refuse(std::size_t offset, std::string code, std::string message);

  std::string_view text_;
  std::size_t position_;
  SyntaxError error_;
};

}  // namespace muster::mappings
