// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "core/text.h"
#include "mappings/language/foreign_words.h"
#include "mappings/language/function.h"
#include "mappings/language/parser.h"

namespace muster::mappings {
namespace {

using Kind = Node::Kind;

bool takes_regular_expression(std::string_view function) {
  const auto& names = expression_functions();
  return std::find(names.begin(), names.end(), function) != names.end();
}

// Somebody wrote another product's word, or misspelt ours. A fragment may have that name, so its
// texts are templates as long as they can be.
bool means_regular_expression(std::string_view function) {
  const auto ours = word_for_function(function);
  return takes_regular_expression(ours) || ours.starts_with("x ~") ||
         !nearest(function, expression_functions()).empty();
}

}  // namespace

bool Parser::primary(Node& node) {
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

bool Parser::bracketed(Node& node) {
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

bool Parser::simple(Node& node, Kind kind, std::int64_t number) {
  node.kind = kind;
  node.number = number;
  return advance();
}

bool Parser::word(Node& node) {
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
bool Parser::odd_name(Node& node) {
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

bool Parser::path(Node& node) {
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
bool Parser::dotted_call(const Node& field) {
  auto ours = word_for_function(field.text);
  if (ours.empty()) ours = nearest(field.text, function_names());
  return fail(field.offset,
              "unknown function '" + print(field) + "'" +
                  (ours.empty() ? "." : "; did you mean '" + std::string(ours) + "'?") +
                  " A function stands alone: lower(x), or x | lower",
              "E-NAME");
}

// A text that is no template is taken as a regular expression: what is wrong is the function.
bool Parser::doubtful_pattern(Node& node) {
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
bool Parser::arguments(Node& call) {
  const bool expressions = takes_regular_expression(call.text);
  if (!advance()) return false;
  while (!is(")")) {
    const bool raw = expressions && call.children.size() == 1;
    const bool doubtful = !expressions && call.children.size() == 1 &&
                          token_.kind == Token::Kind::quote && means_regular_expression(call.text);
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

bool Parser::argument(Node& node, bool raw, bool raw_by_name) {
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

bool Parser::condition(Node& node) {
  node.kind = Kind::condition;
  node.children.resize(3);
  return advance() && expression(node.children[0]) && take_word("then") &&
         expression(node.children[1]) && take_word("else") && expression(node.children[2]);
}

bool Parser::choice(Node& node) {
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

}  // namespace muster::mappings
