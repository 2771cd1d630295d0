// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::mappings {

// One node of a parsed expression. `a | f(b)` is kept as f(a, b), so a tree has one spelling per
// meaning.
struct Node {
  enum class Kind {
    text,     // text; raw = a regular expression
    pattern,  // a template: children are text and hole
    hole,     // child 0; soft
    integer,  // number
    boolean,  // number
    none,
    clear,
    keep,
    duration,   // number: milliseconds
    date,       // number: milliseconds since 1970
    name,       // text; raw = written attr("...")
    field,      // child 0 . text
    filter,     // child 0 [ child 1 ]
    call,       // text ( children )
    named,      // text : child 0, an argument by name
    lambda,     // text => child 0
    list,       // children
    condition,  // if child 0 then child 1 else child 2
    // switch (child 0, key => value, ..., else => value): children in that order, the last is
    // else's
    choice,
    binary,    // text: the operator, children 0 and 1
    negation,  // not child 0
  };

  Kind kind = Kind::none;
  std::size_t offset = 0;  // bytes from the start of the expression
  std::string text = {};
  std::int64_t number = 0;
  bool raw = false;
  bool soft = false;
  std::vector<Node> children = {};
};

// Same tree, places aside.
bool same(const Node& a, const Node& b);

// The expression as text that parses to the same tree.
std::string print(const Node& node);

struct SyntaxError {
  std::size_t offset = 0;
  std::string code = {};  // E-SYNTAX, E-LIMIT, E-DATE
  std::string message = {};
};

// Parses a whole expression (at most 4 KiB, depth at most 64).
std::optional<Node> parse(std::string_view text, SyntaxError& error);

// Parses the hole of an unquoted template that starts at `offset` (behind its brace). Gives the
// offset behind the closing brace.
std::optional<std::size_t> parse_hole(std::string_view text, std::size_t offset, Node& hole,
                                      SyntaxError& error);

bool is_keyword(std::string_view word);
bool is_name(std::string_view word);

}  // namespace muster::mappings
