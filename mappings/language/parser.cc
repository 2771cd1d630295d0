// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/parser.h"

#include <string>
#include <utility>

#include "core/text.h"

namespace muster::mappings {
namespace {

constexpr std::size_t longest = 4096;

using Kind = Node::Kind;

}  // namespace

bool Parser::whole(Node& node) {
  if (!advance() || !expression(node)) return false;
  if (token_.kind != Token::Kind::end) return unexpected("an operator or the end");
  return true;
}

// Reads `expr }` or `expr ? }`; position() is then behind the brace.
bool Parser::hole(Node& node) {
  if (!advance()) return false;
  if (is("}")) return fail(token_.offset, "the braces are empty; write \\{ for a brace");
  node.kind = Kind::hole;
  node.offset = token_.offset;
  node.children.emplace_back();
  if (!expression(node.children[0])) return false;
  if (node.children[0].kind == Kind::integer)
    return fail(node.offset, "a number is no hole: a hole is an expression, such as {givenName}");
  if (is("?")) {
    node.soft = true;
    if (!advance()) return false;
  }
  if (!is("}")) return unexpected("'}'");
  return true;
}

bool Parser::fail(std::size_t offset, std::string message, std::string code) {
  error_ = {offset, std::move(code), std::move(message)};
  return false;
}

bool Parser::unexpected(const std::string& wanted) {
  const auto found = token_.kind == Token::Kind::end     ? std::string("the end")
                     : token_.kind == Token::Kind::quote ? std::string("a text")
                                                         : "'" + std::string(token_.text) + "'";
  return fail(token_.offset, wanted + " is expected here, not " + found + hint());
}

std::string Parser::hint() const {
  if (token_.text == "=") return "; equality is '=='";
  if (token_.text == "&") return "; write 'and'";
  if (token_.text == "!") return "; write 'not'";
  if (token_.text == "is") return "; write absent(x) or present(x)";
  if (token_.text == "eq") return "; equality is '=='";
  if (token_.text == "ne") return "; inequality is '!='";
  if (token_.text == "?") return "; write 'if ... then ... else ...'";
  return {};
}

bool Parser::advance() {
  auto next = lexer_.next();
  if (!next) {
    error_ = lexer_.error();
    return false;
  }
  token_ = *next;
  return true;
}

bool Parser::take(std::string_view symbol) {
  if (!is(symbol)) return unexpected("'" + std::string(symbol) + "'");
  return advance();
}

bool Parser::take_word(std::string_view word) {
  if (!is_word(word)) return unexpected("'" + std::string(word) + "'");
  return advance();
}

bool Parser::expression(Node& node) {
  const Level level(*this);
  if (depth_ > deepest)
    return fail(token_.offset, "the expression is nested too deeply", "E-LIMIT");
  return disjunction(node) && steps(node);
}

bool Parser::wrapped_too_often() {
  return fail(token_.offset, "the expression has too many steps in a row", "E-LIMIT");
}

bool Parser::steps(Node& node) {
  int length = 0;
  while (is("|")) {
    if (++length > deepest) return wrapped_too_often();
    if (!advance()) return false;
    if (token_.kind != Token::Kind::word || is_keyword(token_.text)) {
      return unexpected("the name of a function");
    }
    Node step;
    step.kind = Kind::call;
    step.offset = token_.offset;
    step.text = token_.text;
    step.children.push_back(std::move(node));
    if (!advance()) return false;
    if (is("(") && !arguments(step)) return false;
    node = std::move(step);
  }
  return length == 0 || ends_pipe();
}

// '|' binds least: an operator behind a step has the function on its left, and nothing else.
bool Parser::ends_pipe() {
  for (const std::string_view symbol :
       {"??", "==", "!=", "<", "<=", ">", ">=", "~", "+", "-", "++"})
    if (is(symbol)) return not_behind_pipe();
  for (const std::string_view word : {"and", "or", "in", "not"})
    if (is_word(word)) return not_behind_pipe();
  return true;
}

bool Parser::not_behind_pipe() {
  const std::string symbol(token_.text);
  return fail(token_.offset, "'" + symbol + "' cannot follow '| f': put what is before it in " +
                                 "parentheses, (x | f) " + symbol + " ...");
}

bool Parser::chain(Node& node, std::string_view word, bool (Parser::*operand)(Node&)) {
  if (!(this->*operand)(node)) return false;
  int length = 0;
  while (is_word(word)) {
    if (++length > deepest) return wrapped_too_often();
    if (!combine(node, std::string(word), operand)) return false;
  }
  return true;
}

// node := node operator operand; the current token is (the last word of) the operator.
bool Parser::combine(Node& node, std::string symbol, bool (Parser::*operand)(Node&)) {
  Node binary;
  binary.kind = Kind::binary;
  binary.offset = token_.offset;
  binary.text = std::move(symbol);
  binary.children.push_back(std::move(node));
  binary.children.emplace_back();
  if (!advance() || !(this->*operand)(binary.children[1])) return false;
  node = std::move(binary);
  return true;
}

bool Parser::negation(Node& node) {
  if (!is_word("not")) return comparison(node);
  const Level level(*this);
  if (depth_ > deepest)
    return fail(token_.offset, "the expression is nested too deeply", "E-LIMIT");
  node.kind = Kind::negation;
  node.offset = token_.offset;
  node.children.emplace_back();
  return advance() && negation(node.children[0]);
}

bool Parser::comparison(Node& node) {
  if (!coalesce(node)) return false;
  for (const std::string_view symbol : {"==", "!=", "<", "<=", ">", ">="}) {
    if (is(symbol)) return combine(node, std::string(symbol), &Parser::coalesce) && unchained();
  }
  if (is_word("in")) return combine(node, "in", &Parser::coalesce) && unchained();
  if (is("~")) return combine(node, "~", &Parser::regular_expression) && unchained();
  if (!is_word("not")) return true;
  const auto offset = token_.offset;
  if (!advance()) return false;
  const bool member = is_word("in");
  if (!member && !is("~")) return unexpected("'in' or '~'");
  if (!combine(node, member ? "in" : "~",
               member ? &Parser::coalesce : &Parser::regular_expression)) {
    return false;
  }
  Node negated;
  negated.kind = Kind::negation;
  negated.offset = offset;
  negated.children.push_back(std::move(node));
  node = std::move(negated);
  return unchained();
}

bool Parser::unchained() {
  for (const std::string_view symbol : {"==", "!=", "<", "<=", ">", ">=", "~"}) {
    if (is(symbol))
      return fail(token_.offset, "comparisons cannot be chained; use 'and' or parentheses");
  }
  return true;
}

// Right of '~': a text here is raw, its braces belong to the expression.
bool Parser::regular_expression(Node& node) {
  if (token_.kind == Token::Kind::quote) return literal_text(node, true);
  return fail(token_.offset, "right of '~' stands a regular expression in quotes", "E-RE");
}

bool Parser::coalesce(Node& node) {
  if (!sum(node)) return false;
  int length = 0;
  while (is("??")) {
    if (++length > deepest) return wrapped_too_often();
    if (!combine(node, "??", &Parser::sum)) return false;
  }
  return true;
}

bool Parser::sum(Node& node) {
  if (!primary(node)) return false;
  int length = 0;
  while (is("+") || is("-") || is("++")) {
    if (++length > deepest) return wrapped_too_often();
    if (!combine(node, std::string(token_.text), &Parser::primary)) return false;
  }
  return true;
}

std::optional<Node> parse(std::string_view text, SyntaxError& error) {
  if (text.size() > longest) {
    error = {0, "E-LIMIT", "the expression is longer than 4 KiB; split it into fragments"};
    return std::nullopt;
  }
  if (const auto bad = first_invalid_utf8(text)) {
    error = {*bad, "E-SYNTAX", "the expression is not UTF-8"};
    return std::nullopt;
  }
  Node node;
  if (!Parser(text, 0, error).whole(node)) return std::nullopt;
  return node;
}

std::optional<std::size_t> parse_hole(std::string_view text, std::size_t offset, Node& hole,
                                      SyntaxError& error) {
  Parser parser(text, offset, error);
  if (!parser.hole(hole)) return std::nullopt;
  return parser.position();
}

}  // namespace muster::mappings
