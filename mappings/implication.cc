// SPDX-License-Identifier: Apache-2.0
#include "mappings/implication.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "core/dn.h"

namespace muster::mappings {
namespace {

using Kind = Node::Kind;

bool is_binary(const Node& node, std::string_view symbol) {
  return node.kind == Kind::binary && node.text == symbol;
}

const NamedSet* set_of(const Node& node, const Library& library) {
  if (node.kind != Kind::name || node.raw || library.broken.contains(node.text)) return nullptr;
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

// A set of one, for each of the set.
std::vector<NamedSet> members_of(const NamedSet& set) {
  std::vector<NamedSet> members;
  if (const auto* domains = std::get_if<DomainSet>(&set)) {
    for (const auto& domain : domains->domains()) {
      DomainSet one(domains->subdomains());
      if (one.add(domain)) members.emplace_back(std::move(one));
    }
  } else if (const auto* dns = std::get_if<DnSet>(&set)) {
    for (const auto& key : dns->keys()) {
      DnSet one;
      if (one.add(dn_text(key))) members.emplace_back(std::move(one));
    }
  } else if (const auto* texts = std::get_if<TextSet>(&set)) {
    for (const auto& text : texts->texts()) {
      TextSet one(texts->match());
      one.add(text);
      members.emplace_back(std::move(one));
    }
  }
  return members;
}

bool is_literal(const Node& node) {
  return (node.kind == Kind::text && !node.raw) || node.kind == Kind::integer ||
         node.kind == Kind::date || node.kind == Kind::boolean;
}

// A condition that asks whether one thing is among others: x == "a", x in ["a", "b"], x in vip,
// domain_in(x, ours), under_any(x, units), under(x, "ou=...").
struct Membership {
  const Node* subject = nullptr;
  std::string_view test = {};  // the word of the condition; values of different tests are strangers
  std::vector<const Node*> values = {};
  std::shared_ptr<const NamedSet> set = {};
};

bool within(const Membership& small, const Membership& large) {
  if (small.test != large.test || (small.set == nullptr) != (large.set == nullptr)) return false;
  if (small.set) return within(*small.set, *large.set);
  return std::all_of(small.values.begin(), small.values.end(), [&](const Node* value) {
    return std::any_of(large.values.begin(), large.values.end(),
                       [&](const Node* other) { return same(*value, *other); });
  });
}

std::optional<Membership> membership(const Node& node, const Library& library) {
  const bool call = node.kind == Kind::call;
  if (node.children.size() != 2 || (!call && node.kind != Kind::binary)) return std::nullopt;
  if (call && library.fragments.contains(node.text)) return std::nullopt;
  const Node& other = node.children[1];
  Membership found{.subject = &node.children[0]};
  if (call && node.text == "under" && other.kind == Kind::text) {
    DnSet one;
    if (!one.add(other.text)) return std::nullopt;
    found.test = "under_any";
    found.set = std::make_shared<const NamedSet>(std::move(one));
    return found;
  }
  if (call ? node.text == "domain_in" || node.text == "under_any" : node.text == "in") {
    if (const auto* set = set_of(other, library)) {
      found.test = node.text;
      found.set = std::shared_ptr<const NamedSet>(std::shared_ptr<void>(), set);
      return found;
    }
  }
  found.test = "==";
  if (is_binary(node, "==")) {
    found.values = {&other};
  } else if (is_binary(node, "in") && other.kind == Kind::list) {
    for (const auto& item : other.children) found.values.push_back(&item);
  } else {
    return std::nullopt;
  }
  const bool literal = std::all_of(found.values.begin(), found.values.end(),
                                   [](const Node* value) { return is_literal(*value); });
  return literal ? std::optional(std::move(found)) : std::nullopt;
}

// The same condition of each single value.
std::vector<Membership> split(const Membership& whole) {
  std::vector<Membership> parts;
  for (const auto* value : whole.values)
    parts.push_back({.subject = whole.subject, .test = whole.test, .values = {value}});
  if (whole.set)
    for (auto& member : members_of(*whole.set))
      parts.push_back({.subject = whole.subject,
                       .test = whole.test,
                       .set = std::make_shared<const NamedSet>(std::move(member))});
  return parts;
}

// What holds exactly where `node` does not, in one spelling: comparisons and tests are never none.
Node negated(Node node, const Library& library) {
  constexpr std::pair<std::string_view, std::string_view> opposites[] = {
      {"==", "!="}, {"!=", "=="}, {"present", "absent"}, {"absent", "present"}};
  if (node.kind == Kind::negation) return Node(node.children[0]);
  const bool function = node.kind == Kind::call && !library.fragments.contains(node.text);
  if (node.kind == Kind::binary || function)
    for (const auto& [word, opposite] : opposites)
      if (node.text == word) {
        node.text = opposite;
        return node;
      }
  Node outer;
  outer.kind = Kind::negation;
  outer.children.push_back(std::move(node));
  return outer;
}

// Two literals compared; nullopt where the types are not those of a comparison.
std::optional<bool> compared(const std::string& symbol, const Node& a, const Node& b) {
  if (!is_literal(a) || a.kind != b.kind || b.raw) return std::nullopt;
  const bool text = a.kind == Kind::text;
  if (symbol == "==") return text ? a.text == b.text : a.number == b.number;
  if (symbol == "!=") return text ? a.text != b.text : a.number != b.number;
  if (text) return std::nullopt;
  if (symbol == "<") return a.number < b.number;
  if (symbol == "<=") return a.number <= b.number;
  if (symbol == ">") return a.number > b.number;
  if (symbol == ">=") return a.number >= b.number;
  return std::nullopt;
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
    return narrower(second, first);
  }

 private:
  bool narrower(const Node& second, const Node& first) const {
    const auto small = membership(second, library_);
    const auto large = small ? membership(first, library_) : std::nullopt;
    return large && same(*small->subject, *large->subject) && within(*small, *large);
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
  if (condition.kind == Kind::binary && condition.children.size() == 2) {
    const auto& children = condition.children;
    if (const auto truth = compared(condition.text, children[0], children[1])) return truth;
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

struct Before::Claims {
  std::map<std::string, std::vector<Membership>> by_subject = {};
  std::set<std::string> held = {};  // conditions in one spelling
  std::deque<Node> conditions = {};
};

Before::Before(const Library& library) : library_(library), claims_(std::make_unique<Claims>()) {}
Before::~Before() = default;

void Before::add(const Node& condition) {
  if (condition.kind == Kind::binary && condition.text == "or") {
    for (const auto& side : condition.children) add(side);
    return;
  }
  const Node& kept = claims_->conditions.emplace_back(condition);
  if (auto found = membership(kept, library_))
    claims_->by_subject[print(*found->subject)].push_back(*std::move(found));
  Node opposite = negated(kept, library_);
  everybody_ = everybody_ || claims_->held.contains(print(opposite));
  claims_->held.insert(print(negated(std::move(opposite), library_)));
}

bool Before::leaves_nothing(const Node& condition) {
  if (everybody_ || claims_->held.contains(print(negated(negated(condition, library_), library_))))
    return true;
  if (is_binary(condition, "or"))
    return leaves_nothing(condition.children[0]) && leaves_nothing(condition.children[1]);
  if (is_binary(condition, "and"))
    return leaves_nothing(condition.children[0]) || leaves_nothing(condition.children[1]);
  const auto asked = membership(condition, library_);
  if (!asked) return false;
  const auto claims = claims_->by_subject.find(print(*asked->subject));
  if (claims == claims_->by_subject.end()) return false;
  const auto parts = split(*asked);
  return !parts.empty() && std::all_of(parts.begin(), parts.end(), [&](const Membership& part) {
    return std::any_of(claims->second.begin(), claims->second.end(), [&](const Membership& claim) {
      return --budget_ > 0 && within(part, claim);
    });
  });
}

}  // namespace muster::mappings
