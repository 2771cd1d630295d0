// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "mappings/language/ast.h"
#include "mappings/language/lexer.h"

namespace muster::mappings {

// Recursive descent over the grammar; the first mistake ends it (every function returns false
// then). Behind parse() and parse_hole() of ast.h; borrows the text and the error.
class Parser {
 public:
  Parser(std::string_view text, std::size_t position, SyntaxError& error, int depth = 0)
      : text_(text), lexer_(text, position), error_(error), depth_(depth) {}

  bool whole(Node& node);

  // Reads `expr }` or `expr ? }`; position() is then behind the brace.
  bool hole(Node& node);

  std::size_t position() const { return lexer_.position(); }

 private:
  static constexpr int deepest = 64;

  // Depth of the tree, so that neither we nor the compiler run out of stack.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  bool fail(std::size_t offset, std::string message, std::string code = "E-SYNTAX");
  bool unexpected(const std::string& wanted);
  std::string hint() const;
  bool advance();
  bool is(std::string_view symbol) const {
    return token_.kind == Token::Kind::symbol && token_.text == symbol;
  }
  bool is_word(std::string_view word) const {
    return token_.kind == Token::Kind::word && token_.text == word;
  }
  bool take(std::string_view symbol);
  bool take_word(std::string_view word);

  // parser.cc: operators, from the one that binds least
  bool expression(Node& node);
  bool wrapped_too_often();
  bool steps(Node& node);
  bool ends_pipe();
  bool not_behind_pipe();
  bool disjunction(Node& node) { return chain(node, "or", &Parser::conjunction); }
  bool conjunction(Node& node) { return chain(node, "and", &Parser::negation); }
  bool chain(Node& node, std::string_view word, bool (Parser::*operand)(Node&));
  bool combine(Node& node, std::string symbol, bool (Parser::*operand)(Node&));
  bool negation(Node& node);
  bool comparison(Node& node);
  bool unchained();
  bool regular_expression(Node& node);
  bool coalesce(Node& node);
  bool sum(Node& node);

  // parser_values.cc: what operators stand between
  bool primary(Node& node);
  bool bracketed(Node& node);
  bool simple(Node& node, Node::Kind kind, std::int64_t number);
  bool word(Node& node);
  bool odd_name(Node& node);
  bool path(Node& node);
  bool dotted_call(const Node& field);
  bool doubtful_pattern(Node& node);
  bool arguments(Node& call);
  bool argument(Node& node, bool raw, bool raw_by_name);
  bool condition(Node& node);
  bool choice(Node& node);

  // parser_text.cc: texts in quotes, with their holes
  bool literal_text(Node& node, bool raw);
  bool explain_brace();
  static void flush(Node& whole, std::string& literal, std::size_t offset);
  bool escape(std::size_t& at, std::string& literal, bool raw);

  std::string_view text_;
  Lexer lexer_;
  SyntaxError& error_;
  Token token_ = {};
  int depth_ = 0;
};

}  // namespace muster::mappings
