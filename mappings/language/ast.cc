// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/ast.h"

#include <chrono>

#include "core/clock.h"

namespace muster::mappings {
namespace {

// Escapes for a text literal in double quotes; a raw one keeps its braces.
void append_text(std::string& out, std::string_view text, bool raw) {
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        out += '\\';
        out += c;
        break;
      case '{':
      case '}':
        if (!raw) out += '\\';
        out += c;
        break;
      case '\n':
        out += raw ? "\n" : "\\n";
        break;
      case '\t':
        out += raw ? "\t" : "\\t";
        break;
      case '\r':
        out += raw ? "\r" : "\\r";
        break;
      default:
        out += c;
    }
  }
}

void append(std::string& out, const Node& node);

void append_all(std::string& out, const std::vector<Node>& nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) out += ", ";
    append(out, nodes[i]);
  }
}

// What stands left of a dot or bracket; a literal needs parentheses there.
void append_base(std::string& out, const Node& node) {
  using Kind = Node::Kind;
  const bool bare = node.kind == Kind::name || node.kind == Kind::field ||
                    node.kind == Kind::filter || node.kind == Kind::call ||
                    node.kind == Kind::condition || node.kind == Kind::binary ||
                    node.kind == Kind::negation;
  if (!bare) out += '(';
  append(out, node);
  if (!bare) out += ')';
}

void append_choice(std::string& out, const Node& node) {
  out += "switch(";
  append(out, node.children[0]);
  for (std::size_t i = 1; i + 1 < node.children.size(); i += 2) {
    out += ", ";
    append(out, node.children[i]);
    out += " => ";
    append(out, node.children[i + 1]);
  }
  out += ", else => ";
  append(out, node.children.back());
  out += ')';
}

void append_pattern(std::string& out, const Node& node) {
  out += '"';
  for (const auto& part : node.children) {
    if (part.kind == Node::Kind::text) {
      append_text(out, part.text, false);
    } else {
      append(out, part);
    }
  }
  out += '"';
}

void append_name(std::string& out, const Node& node) {
  if (!node.raw) {
    out += node.text;
    return;
  }
  out += "attr(\"";
  append_text(out, node.text, false);
  out += "\")";
}

// What has a word or a number of its own.
std::string literal_of(const Node& node) {
  using Kind = Node::Kind;
  switch (node.kind) {
    case Kind::integer:
      return std::to_string(node.number);
    case Kind::boolean:
      return node.number != 0 ? "true" : "false";
    case Kind::clear:
      return "clear";
    case Kind::keep:
      return "keep";
    case Kind::duration:
      return std::to_string(node.number / 1000) + "s";
    case Kind::date:
      return format_timestamp(Timestamp(std::chrono::milliseconds(node.number)));
    default:
      return "none";
  }
}

void append(std::string& out, const Node& node) {
  using Kind = Node::Kind;
  // Texts and nodes in turn.
  const auto put = [&out](const auto&... parts) {
    const auto one = [&out](const auto& part) {
      if constexpr (std::is_same_v<std::decay_t<decltype(part)>, Node>)
        append(out, part);
      else
        out += part;
    };
    (one(parts), ...);
  };
  const auto& inner = node.children;
  switch (node.kind) {
    case Kind::text:
      put('"');
      append_text(out, node.text, node.raw);
      return put('"');
    case Kind::pattern:
      return append_pattern(out, node);
    case Kind::hole:
      return put('{', inner[0], node.soft ? "?}" : "}");
    case Kind::integer:
    case Kind::boolean:
    case Kind::none:
    case Kind::clear:
    case Kind::keep:
    case Kind::duration:
    case Kind::date:
      return put(literal_of(node));
    case Kind::name:
      return append_name(out, node);
    case Kind::field:
      append_base(out, inner[0]);
      return put('.', node.text);
    case Kind::filter:
      append_base(out, inner[0]);
      return put('[', inner[1], ']');
    case Kind::call:
      put(node.text, '(');
      append_all(out, inner);
      return put(')');
    case Kind::named:
      return put(node.text, ": ", inner[0]);
    case Kind::lambda:
      return put(node.text, " => ", inner[0]);
    case Kind::list:
      put('[');
      append_all(out, inner);
      return put(']');
    case Kind::condition:
      return put("(if ", inner[0], " then ", inner[1], " else ", inner[2], ')');
    case Kind::choice:
      return append_choice(out, node);
    case Kind::binary:
      return put('(', inner[0], ' ', node.text, ' ', inner[1], ')');
    case Kind::negation:
      return put("(not ", inner[0], ')');
  }
}

}  // namespace

std::string print(const Node& node) {
  std::string out;
  append(out, node);
  return out;
}

bool same(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.number != b.number || a.raw != b.raw ||
      a.soft != b.soft || a.children.size() != b.children.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!same(a.children[i], b.children[i])) return false;
  }
  return true;
}

}  // namespace muster::mappings
