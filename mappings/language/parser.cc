// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/text.h"
#include "mappings/language/ast.h"
#include "mappings/language/foreign_words.h"
#include "mappings/language/function.h"
#include "mappings/language/lexer.h"

namespace muster::mappings {
namespace {

constexpr std::size_t longest = 4096;
constexpr int deepest = 64;

using Kind = Node::Kind;

// Recursive descent over the grammar; the first mistake ends it (every function returns false
// then).
class Parser {
 public:
  Parser(std::string_view text, std::size_t position, SyntaxError& error, int depth = 0)
      : text_(text), lexer_(text, position), error_(error), depth_(depth) {}

  bool whole(Node& node) {
    if (!advance() || !expression(node)) return false;
    if (token_.kind != Token::Kind::end) return unexpected("an operator or the end");
    return true;
  }

  // Reads `expr }` or `expr ? }`; position() is then behind the brace.
  bool hole(Node& node) {
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

  std::size_t position() const { return lexer_.position(); }

 private:
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

  bool fail(std::size_t offset, std::string message, std::string code = "E-SYNTAX") {
    error_ = {offset, std::move(code), std::move(message)};
    return false;
  }

  bool unexpected(const std::string& wanted) {
    const auto found = token_.kind == Token::Kind::end     ? std::string("the end")
                       : token_.kind == Token::Kind::quote ? std::string("a text")
                                                           : "'" + std::string(token_.text) + "'";
    return fail(token_.offset, wanted + " is expected here, not " + found + hint());
  }

  std::string hint() const {
    if (token_.text == "=") return "; equality is '=='";
    if (token_.text == "&") return "; write 'and'";
    if (token_.text == "!") return "; write 'not'";
    if (token_.text == "is") return "; write absent(x) or present(x)";
    if (token_.text == "eq") return "; equality is '=='";
    if (token_.text == "ne") return "; inequality is '!='";
    if (token_.text == "?") return "; write 'if ... then ... else ...'";
    return {};
  }

  bool advance() {
    auto next = lexer_.next();
    if (!next) {
      error_ = lexer_.error();
      return false;
    }
    token_ = *next;
    return true;
  }

  bool is(std::string_view symbol) const {
    return token_.kind == Token::Kind::symbol && token_.text == symbol;
  }
  bool is_word(std::string_view word) const {
    return token_.kind == Token::Kind::word && token_.text == word;
  }
  bool take(std::string_view symbol) {
    if (!is(symbol)) return unexpected("'" + std::string(symbol) + "'");
    return advance();
  }
  bool take_word(std::string_view word) {
    if (!is_word(word)) return unexpected("'" + std::string(word) + "'");
    return advance();
  }

  bool expression(Node& node) {
    const Level level(*this);
    if (depth_ > deepest)
      return fail(token_.offset, "the expression is nested too deeply", "E-LIMIT");
    return disjunction(node) && steps(node);
  }

  bool wrapped_too_often() {
    return fail(token_.offset, "the expression has too many steps in a row", "E-LIMIT");
  }

  bool steps(Node& node) {
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
  bool ends_pipe() {
    for (const std::string_view symbol :
         {"??", "==", "!=", "<", "<=", ">", ">=", "~", "+", "-", "++"})
      if (is(symbol)) return not_behind_pipe();
    for (const std::string_view word : {"and", "or", "in", "not"})
      if (is_word(word)) return not_behind_pipe();
    return true;
  }

  bool not_behind_pipe() {
    const std::string symbol(token_.text);
    return fail(token_.offset, "'" + symbol + "' cannot follow '| f': put what is before it in " +
                                   "parentheses, (x | f) " + symbol + " ...");
  }

  bool disjunction(Node& node) { return chain(node, "or", &Parser::conjunction); }
  bool conjunction(Node& node) { return chain(node, "and", &Parser::negation); }

  bool chain(Node& node, std::string_view word, bool (Parser::*operand)(Node&)) {
    if (!(this->*operand)(node)) return false;
    int length = 0;
    while (is_word(word)) {
      if (++length > deepest) return wrapped_too_often();
      if (!combine(node, std::string(word), operand)) return false;
    }
    return true;
  }

  // node := node operator operand; the current token is (the last word of) the operator.
  bool combine(Node& node, std::string symbol, bool (Parser::*operand)(Node&)) {
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

  bool negation(Node& node) {
    if (!is_word("not")) return comparison(node);
    const Level level(*this);
    if (depth_ > deepest)
      return fail(token_.offset, "the expression is nested too deeply", "E-LIMIT");
    node.kind = Kind::negation;
    node.offset = token_.offset;
    node.children.emplace_back();
    return advance() && negation(node.children[0]);
  }

  bool comparison(Node& node) {
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

  bool unchained() {
    for (const std::string_view symbol : {"==", "!=", "<", "<=", ">", ">=", "~"}) {
      if (is(symbol))
        return fail(token_.offset, "comparisons cannot be chained; use 'and' or parentheses");
    }
    return true;
  }

  // Right of '~': a text here is raw, its braces belong to the expression.
  bool regular_expression(Node& node) {
    if (token_.kind == Token::Kind::quote) return literal_text(node, true);
    return fail(token_.offset, "right of '~' stands a regular expression in quotes", "E-RE");
  }

  bool coalesce(Node& node) {
    if (!sum(node)) return false;
    int length = 0;
    while (is("??")) {
      if (++length > deepest) return wrapped_too_often();
      if (!combine(node, "??", &Parser::sum)) return false;
    }
    return true;
  }

  bool sum(Node& node) {
    if (!primary(node)) return false;
    int length = 0;
    while (is("+") || is("-") || is("++")) {
      if (++length > deepest) return wrapped_too_often();
      if (!combine(node, std::string(token_.text), &Parser::primary)) return false;
    }
    return true;
  }

  bool primary(Node& node) {
    node.offset = token_.offset;
    switch (token_.kind) {
      case Token::Kind::number:
        return simple(node, Kind::integer, token_.number);
      case Token::Kind::duration:
        return simple(node, Kind::duration, token_.number);
      case Token::Kind::date:
        return simple(node, Kind::date, token_.number);
      case Token::Kind::quote:
        return literal_text(node, false);
      case Token::Kind::word:
        return word(node);
      case Token::Kind::symbol:
        return bracketed(node);
      case Token::Kind::end:
        return unexpected("a value");
    }
    return false;
  }

  bool bracketed(Node& node) {
    if (is("(")) {
      if (!advance() || !expression(node) || !take(")")) return false;
      return path(node);
    }
    if (is("-")) {
      if (!advance()) return false;
      if (token_.kind != Token::Kind::number) return unexpected("a number");
      return simple(node, Kind::integer, -token_.number);
    }
    if (!is("[")) return unexpected("a value");
    node.kind = Kind::list;
    if (!advance()) return false;
    while (!is("]")) {
      if (!node.children.empty() && !take(",")) return false;
      node.children.emplace_back();
      if (!expression(node.children.back())) return false;
    }
    return advance();
  }

  bool simple(Node& node, Kind kind, std::int64_t number) {
    node.kind = kind;
    node.number = number;
    return advance();
  }

  bool word(Node& node) {
    if (is_word("if")) return condition(node);
    if (is_word("switch")) return choice(node) && path(node);
    if (is_word("true")) return simple(node, Kind::boolean, 1);
    if (is_word("false")) return simple(node, Kind::boolean, 0);
    if (is_word("none")) return simple(node, Kind::none, 0);
    if (is_word("clear")) return simple(node, Kind::clear, 0);
    if (is_word("keep")) return simple(node, Kind::keep, 0);
    if (is_keyword(token_.text)) return unexpected("a value");
    node.text = token_.text;
    node.kind = Kind::name;
    if (!advance()) return false;
    if (is("(")) {
      node.kind = Kind::call;
      if (!(node.text == "attr" ? odd_name(node) : arguments(node))) return false;
    }
    return path(node);
  }

  // attr("postalCode;lang-de")
  bool odd_name(Node& node) {
    if (!advance()) return false;
    if (token_.kind != Token::Kind::quote) return unexpected("the attribute's name in quotes");
    Node text;
    if (!literal_text(text, false)) return false;
    if (text.kind != Kind::text || text.text.empty()) {
      return fail(text.offset, "the attribute's name must be a text without holes");
    }
    node.kind = Kind::name;
    node.text = std::move(text.text);
    node.raw = true;
    return take(")");
  }

  bool path(Node& node) {
    int length = 0;
    while (is(".") || is("[")) {
      if (++length > deepest) return wrapped_too_often();
      Node outer;
      outer.offset = token_.offset;
      outer.children.push_back(std::move(node));
      const bool field = is(".");
      if (!advance()) return false;
      if (field) {
        if (token_.kind != Token::Kind::word) return unexpected("a name");
        outer.kind = Kind::field;
        outer.offset = token_.offset;
        outer.text = token_.text;
        if (!advance()) return false;
        if (is("(")) return dotted_call(outer);
      } else {
        outer.kind = Kind::filter;
        outer.children.emplace_back();
        if (!expression(outer.children[1]) || !take("]")) return false;
      }
      node = std::move(outer);
    }
    return true;
  }

  // String.toLowerCase(x), x.toLowerCase(): elsewhere functions belong to classes and values.
  bool dotted_call(const Node& field) {
    auto ours = word_for_function(field.text);
    if (ours.empty()) ours = nearest(field.text, function_names());
    return fail(field.offset,
                "unknown function '" + print(field) + "'" +
                    (ours.empty() ? "." : "; did you mean '" + std::string(ours) + "'?") +
                    " A function stands alone: lower(x), or x | lower",
                "E-NAME");
  }

  static bool takes_regular_expression(std::string_view function) {
    return function == "replace_re" || function == "find_re";
  }

  // Somebody wrote another product's word, or misspelt ours. A fragment may have that name, so its
  // texts are templates as long as they can be.
  static bool means_regular_expression(std::string_view function) {
    const auto ours = word_for_function(function);
    return ours == "replace_re" || ours == "find_re" || ours.starts_with("x ~") ||
           !nearest(function, {"replace_re", "find_re"}).empty();
  }

  // A text that is no template is taken as a regular expression: what is wrong is the function.
  bool doubtful_pattern(Node& node) {
    const Token quote = token_;
    const auto behind = lexer_.position();
    if (expression(node)) return true;
    const auto before = error_;
    token_ = quote;
    lexer_.set_position(behind);
    node = {};
    if (literal_text(node, true)) return true;
    error_ = before;
    return false;
  }

  // The pattern is the second argument, counting one that a pipe brought.
  bool arguments(Node& call) {
    const bool expressions = takes_regular_expression(call.text);
    if (!advance()) return false;
    while (!is(")")) {
      const bool raw = expressions && call.children.size() == 1;
      const bool doubtful = !expressions && call.children.size() == 1 &&
                            token_.kind == Token::Kind::quote &&
                            means_regular_expression(call.text);
      call.children.emplace_back();
      if (doubtful) {
        if (!doubtful_pattern(call.children.back())) return false;
        if (!is(",")) break;
        if (!advance()) return false;
        continue;
      }
      if (!argument(call.children.back(), raw, expressions)) return false;
      if (!is(",")) break;
      if (!advance()) return false;
    }
    return take(")");
  }

  bool argument(Node& node, bool raw, bool raw_by_name) {
    if (raw && token_.kind == Token::Kind::quote) return literal_text(node, true);
    if (token_.kind != Token::Kind::word || is_keyword(token_.text)) return expression(node);
    // A name may open `name: value`, `name => body` or an ordinary expression: look one token
    // further.
    const Token name = token_;
    const auto behind = lexer_.position();
    if (!advance()) return false;
    if (!is(":") && !is("=>")) {
      token_ = name;
      lexer_.set_position(behind);
      return expression(node);
    }
    node.kind = is(":") ? Kind::named : Kind::lambda;
    node.offset = name.offset;
    node.text = name.text;
    node.children.emplace_back();
    const bool pattern = raw_by_name && node.kind == Kind::named && node.text == "pattern";
    if (!advance()) return false;
    if (pattern && token_.kind == Token::Kind::quote) return literal_text(node.children[0], true);
    return expression(node.children[0]);
  }

  bool condition(Node& node) {
    node.kind = Kind::condition;
    node.children.resize(3);
    return advance() && expression(node.children[0]) && take_word("then") &&
           expression(node.children[1]) && take_word("else") && expression(node.children[2]);
  }

  bool choice(Node& node) {
    node.kind = Kind::choice;
    node.children.emplace_back();
    if (!advance() || !take("(") || !expression(node.children[0])) return false;
    while (true) {
      if (!take(",")) return false;
      const bool last = is_word("else");
      if (last) {
        if (!advance()) return false;
      } else {
        node.children.emplace_back();
        if (!expression(node.children.back())) return false;
      }
      if (!take("=>")) return false;
      node.children.emplace_back();
      if (!expression(node.children.back())) return false;
      if (last) break;
    }
    if (node.children.size() < 4)
      return fail(node.offset, "switch needs at least one case before else");
    return take(")");
  }

  // The current token is the opening quote; afterwards it is the one behind the closing quote.
  bool literal_text(Node& node, bool raw) {
    const Level level(*this);
    if (depth_ > deepest)
      return fail(token_.offset, "the expression is nested too deeply", "E-LIMIT");
    const char quote = token_.text[0];
    const std::size_t start = token_.offset;
    Node whole;
    whole.kind = Kind::pattern;
    whole.offset = start;
    std::string literal;
    std::size_t at = start + 1;
    std::size_t literal_start = at;
    while (true) {
      if (at >= text_.size()) return fail(start, "this text has no closing quote");
      const char c = text_[at];
      if (c == quote) break;
      if (c == '\\') {
        if (!escape(at, literal, raw)) return false;
      } else if (c == '{' && !raw) {
        flush(whole, literal, literal_start);
        Node hole;
        Parser inside(text_, at + 1, error_, depth_);
        if (!inside.hole(hole)) return explain_brace();
        whole.children.push_back(std::move(hole));
        at = literal_start = inside.position();
      } else if (c == '}' && !raw) {
        return fail(at, "a brace that closes nothing; write \\} for a brace");
      } else {
        literal += c;
        ++at;
      }
    }
    if (whole.children.empty()) {
      node.kind = Kind::text;
      node.offset = start;
      node.raw = raw;
      node.text = raw || is_ascii(literal) || !is_utf8(literal) ? literal : nfc(literal);
    } else {
      flush(whole, literal, literal_start);
      node = std::move(whole);
    }
    lexer_.set_position(at + 1);
    return advance();
  }

  bool explain_brace() {
    constexpr std::string_view how = "write \\{ for a brace";
    if (error_.code == "E-SYNTAX" && error_.message.find(how) == std::string::npos)
      error_.message += "; '{' opens a hole in a text, " + std::string(how);
    return false;
  }

  static void flush(Node& whole, std::string& literal, std::size_t offset) {
    if (literal.empty()) return;
    Node part;
    part.kind = Kind::text;
    part.offset = offset;
    part.text = is_utf8(literal) ? nfc(literal) : literal;
    literal.clear();
    whole.children.push_back(std::move(part));
  }

  bool escape(std::size_t& at, std::string& literal, bool raw) {
    if (at + 1 >= text_.size()) return fail(at, "this text has no closing quote");
    const char c = text_[at + 1];
    at += 2;
    switch (c) {
      case '\\':
      case '"':
      case '\'':
        literal += c;
        return true;
      default:
        break;
    }
    if (raw) {
      literal += '\\';
      literal += c;
      return true;
    }
    switch (c) {
      case '{':
      case '}':
        literal += c;
        return true;
      case 'n':
        literal += '\n';
        return true;
      case 't':
        literal += '\t';
        return true;
      case 'r':
        literal += '\r';
        return true;
      default:
        return fail(at - 2,
                    "unknown escape '\\" + std::string(1, c) + "'; write \\\\ for a backslash");
    }
  }

  std::string_view text_;
  Lexer lexer_;
  SyntaxError& error_;
  Token token_ = {};
  int depth_ = 0;
};

}  // namespace

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
