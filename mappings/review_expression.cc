// SPDX-License-Identifier: Apache-2.0
#include "mappings/review_expression.h"

#include <algorithm>

#include "mappings/implication.h"
#include "mappings/language/ast.h"
#include "mappings/language/compiler.h"

namespace muster::mappings {
namespace {

using Kind = Node::Kind;

constexpr int deepest_fragment = 16;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "acme.example": a '.' between letters, neither escaped nor in brackets, that nothing repeats.
bool has_dot_between_letters(std::string_view pattern) {
  bool in_class = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\') {
      ++i;
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
    } else if (c == '.' && i > 0 && i + 1 < pattern.size() && is_word(pattern[i - 1]) &&
               is_word(pattern[i + 1])) {
      return true;
    }
  }
  return false;
}

class Review {
 public:
  Review(std::string_view text, const Place& place, const Library& library,
         std::vector<Diagnostic>& into)
      : text_(text), place_(place), library_(library), into_(into) {}

  void visit(const Node& node) {
    if (node.kind == Kind::call && !library_.fragments.contains(node.text)) call(node);
    if (node.kind == Kind::binary && node.text == "~") pattern(node.children[1], true);
    if (node.kind == Kind::choice) choice(node);
    if (node.kind == Kind::condition) condition(node);
    for (const auto& child : node.children) visit(child);
  }

 private:
  void warn(const Node& node, const char* code, std::string message) {
    auto found = diagnostic_at(place_, text_, node.offset, code, std::move(message));
    found.severity = Severity::warning;
    into_.push_back(std::move(found));
  }

  void call(const Node& node) {
    if ((node.text == "replace_re" || node.text == "find_re") && node.children.size() > 1)
      pattern(node.children[1], false);
    if (node.text != "date" || node.children.size() != 2) return;
    const auto& format = node.children[1];
    if (format.kind == Kind::text && format.text.find('X') == std::string::npos)
      warn(format, "W-DATE",
           "the pattern has no zone, so UTC is taken: name the zone that is meant, date(x, \"" +
               format.text + "\", \"Europe/Berlin\"), or \"UTC\"");
  }

  void pattern(const Node& node, bool whole) {
    if (node.kind != Kind::text || !has_dot_between_letters(node.text)) return;
    const bool open = whole && !node.text.ends_with('$');
    warn(node, "W-RE",
         std::string("'.' stands for any character here: write '\\.' for a dot") +
             (open ? ", and '$' where the text must end" : ""));
  }

  // switch(x, "a" => 1, "a" => 2, ...): (subject, key, value, key, value, ..., else)
  void choice(const Node& node) {
    for (std::size_t i = 3; i + 2 < node.children.size(); i += 2)
      for (std::size_t j = 1; j < i; j += 2)
        if (same(node.children[i], node.children[j])) {
          warn(node.children[i], "W-UNREACH", "this case is there before");
          break;
        }
  }

  // if a then ... else if a then ...
  void condition(const Node& node) {
    if (const auto truth = constant_truth(node.children[0]))
      warn(node.children[*truth ? 2 : 1], "W-UNREACH",
           std::string("the condition is always ") + (*truth ? "true" : "false"));
    const Node* next = &node.children[2];
    for (int i = 0; i < 64 && next->kind == Kind::condition; ++i, next = &next->children[2])
      if (!constant_truth(node.children[0]) &&
          implies(next->children[0], node.children[0], library_))
        warn(next->children[0], "W-UNREACH",
             "where this holds, " + print(node.children[0]) + " has held before");
  }

  std::string_view text_;
  const Place& place_;
  const Library& library_;
  std::vector<Diagnostic>& into_;
};

class Lookups {
 public:
  explicit Lookups(const Library& library) : library_(library) {}

  // Looks along the ways on which none becomes the result.
  std::optional<std::size_t> find(const Node& node, int depth) const {
    switch (node.kind) {
      case Kind::call:
        return in_call(node, depth);
      case Kind::binary:
        return node.text == "??" ? find(node.children[1], depth) : std::nullopt;
      case Kind::condition:
        return in_any(node, {1, 2}, depth);
      case Kind::choice: {
        std::vector<std::size_t> results;
        for (std::size_t i = 2; i < node.children.size(); i += 2) results.push_back(i);
        results.push_back(node.children.size() - 1);
        return in_any(node, results, depth);
      }
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<std::size_t> in_any(const Node& node, const std::vector<std::size_t>& children,
                                    int depth) const {
    for (const auto i : children)
      if (auto found = find(node.children[i], depth)) return found;
    return std::nullopt;
  }

  std::optional<std::size_t> in_call(const Node& node, int depth) const {
    const auto fragment = library_.fragments.find(node.text);
    if (fragment != library_.fragments.end()) {
      SyntaxError error;
      const auto body =
          depth < deepest_fragment ? parse(fragment->second.text, error) : std::nullopt;
      if (body && find(*body, depth + 1)) return node.offset;
    } else if (node.text == "lookup" && !node.children.empty()) {
      const auto table = library_.tables.find(node.children[0].text);
      if (table != library_.tables.end() && table->second.missing() == Table::Missing::absent)
        return node.offset;
    }
    for (const char* swallows : {"present", "absent", "required", "join", "count", "lookup"})
      if (node.text == swallows) return std::nullopt;
    return node.children.empty() ? std::nullopt : find(node.children[0], depth);
  }

  const Library& library_;
};

}  // namespace

void review_expression(std::string_view text, const Place& place, const Library& library,
                       std::vector<Diagnostic>& into) {
  SyntaxError error;
  if (const auto tree = parse(text, error)) Review(text, place, library, into).visit(*tree);
}

std::optional<std::size_t> lookup_without_default(std::string_view text, const Library& library) {
  SyntaxError error;
  const auto tree = parse(text, error);
  return tree ? Lookups(library).find(*tree, 0) : std::nullopt;
}

}  // namespace muster::mappings
