// SPDX-License-Identifier: Apache-2.0
#include "mappings/implication.h"

#include <algorithm>

namespace muster::mappings {
namespace {

using Kind = Node::Kind;

bool is_binary(const Node& node, std::string_view symbol) {
  return node.kind == Kind::binary && node.text == symbol;
}

const NamedSet* set_of(const Node& node, const Library& library) {
  if (node.kind != Kind::name || node.raw) return nullptr;
  const auto found = library.sets.find(node.text);
  return found == library.sets.end() ? nullptr : &found->second;
}

bool within(const DomainSet& small, const DomainSet& large) {
  const bool as_deep = large.subdomains() || !small.subdomains();
  const auto& domains = small.domains();
  return as_deep && std::all_of(domains.begin(), domains.end(),
                                [&](const auto& domain) { return large.contains(domain); });
}

bool within(const DnSet& small, const DnSet& large) {
  const auto& keys = small.keys();
  return std::all_of(keys.begin(), keys.end(), [&](const auto& key) { return large.covers(key); });
}

bool within(const TextSet& small, const TextSet& large) {
  const auto& texts = small.texts();
  return small.match() == large.match() &&
         std::all_of(texts.begin(), texts.end(),
                     [&](const auto& text) { return large.contains_folded(text); });
}

bool within(const NamedSet& small, const NamedSet& large) {
  return std::visit(
      [](const auto& a, const auto& b) {
        if constexpr (std::is_same_v<decltype(a), decltype(b)>) {
          return within(a, b);
        } else {
          return false;
        }
      },
      small, large);
}

// The literals that a condition compares one thing with: x == "a", x in ["a", "b"].
struct Alternatives {
  const Node* subject = nullptr;
  std::vector<const Node*> values = {};
};

std::optional<Alternatives> alternatives(const Node& node) {
  Alternatives found;
  if (is_binary(node, "==")) {
    found.subject = &node.children[0];
    found.values = {&node.children[1]};
  } else if (is_binary(node, "in") && node.children[1].kind == Kind::list) {
    found.subject = &node.children[0];
    for (const auto& item : node.children[1].children) found.values.push_back(&item);
  } else {
    return std::nullopt;
  }
  const bool literal = std::all_of(found.values.begin(), found.values.end(), [](const Node* value) {
    return value->kind == Kind::text || value->kind == Kind::integer;
  });
  return literal ? std::optional(found) : std::nullopt;
}

class Implication {
 public:
  explicit Implication(const Library& library) : library_(library) {}

  bool holds(const Node& second, const Node& first) {
    if (--budget_ <= 0) return false;
    if (same(second, first) || constant_truth(first) == true || constant_truth(second) == false)
      return true;
    if (is_binary(second, "or"))
      return holds(second.children[0], first) && holds(second.children[1], first);
    if (is_binary(first, "and"))
      return holds(second, first.children[0]) && holds(second, first.children[1]);
    if (is_binary(second, "and") &&
        (holds(second.children[0], first) || holds(second.children[1], first)))
      return true;
    if (is_binary(first, "or") &&
        (holds(second, first.children[0]) || holds(second, first.children[1])))
      return true;
    return narrower_set(second, first) || narrower_list(second, first);
  }

 private:
  // domain_in(x, small) behind domain_in(x, large); under_any and `in` likewise.
  bool narrower_set(const Node& second, const Node& first) const {
    const bool calls = second.kind == Kind::call && first.kind == Kind::call &&
                       (second.text == "domain_in" || second.text == "under_any");
    if (!calls && !(is_binary(second, "in") && is_binary(first, "in"))) return false;
    if (second.text != first.text || second.children.size() != 2 || first.children.size() != 2)
      return false;
    const auto* small = set_of(second.children[1], library_);
    const auto* large = set_of(first.children[1], library_);
    return small && large && same(second.children[0], first.children[0]) && within(*small, *large);
  }

  // x == "a" behind x in ["a", "b"].
  static bool narrower_list(const Node& second, const Node& first) {
    const auto small = alternatives(second);
    const auto large = alternatives(first);
    if (!small || !large || !same(*small->subject, *large->subject)) return false;
    return std::all_of(small->values.begin(), small->values.end(), [&](const Node* value) {
      return std::any_of(large->values.begin(), large->values.end(),
                         [&](const Node* other) { return same(*value, *other); });
    });
  }

  const Library& library_;
  int budget_ = 10'000;  // conditions of many alternatives are not worth more
};

}  // namespace

std::optional<bool> constant_truth(const Node& condition) {
  if (condition.kind == Kind::boolean) return condition.number != 0;
  if (condition.kind == Kind::negation) {
    const auto inner = constant_truth(condition.children[0]);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  const bool both = is_binary(condition, "and");
  if (!both && !is_binary(condition, "or")) return std::nullopt;
  const auto left = constant_truth(condition.children[0]);
  const auto right = constant_truth(condition.children[1]);
  if (left == !both || right == !both) return !both;
  return left && right ? std::optional(both) : std::nullopt;
}

bool implies(const Node& second, const Node& first, const Library& library) {
  return Implication(library).holds(second, first);
}

}  // namespace muster::mappings
