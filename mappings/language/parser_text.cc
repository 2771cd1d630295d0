// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/text.h"
#include "mappings/language/parser.h"

namespace muster::mappings {
namespace {

using Kind = Node::Kind;

}  // namespace

// The current token is the opening quote; afterwards it is the one behind the closing quote.
bool Parser::literal_text(Node& node, bool raw) {
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

bool Parser::explain_brace() {
  constexpr std::string_view how = "write \\{ for a brace";
  if (error_.code == "E-SYNTAX" && error_.message.find(how) == std::string::npos)
    error_.message += "; '{' opens a hole in a text, " + std::string(how);
  return false;
}

void Parser::flush(Node& whole, std::string& literal, std::size_t offset) {
  if (literal.empty()) return;
  Node part;
  part.kind = Kind::text;
  part.offset = offset;
  part.text = is_utf8(literal) ? nfc(literal) : literal;
  literal.clear();
  whole.children.push_back(std::move(part));
}

bool Parser::escape(std::size_t& at, std::string& literal, bool raw) {
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

}  // namespace muster::mappings
