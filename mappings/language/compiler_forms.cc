// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "core/text.h"
#include "mappings/language/compiler.h"
#include "mappings/language/natives.h"

namespace muster::mappings {
namespace {

constexpr std::uint16_t map_mode = 0;
constexpr std::uint16_t filter_mode = 1;
constexpr std::uint16_t any_mode = 2;
constexpr std::uint16_t all_mode = 3;

}  // namespace

// list, x => body
Compiler::Result Compiler::loop(const Node& node) {
  if (node.children.size() != 2 || node.children[1].kind != Node::Kind::lambda ||
      node.children[0].kind == Node::Kind::named || node.children[0].kind == Node::Kind::lambda) {
    return poison(node, "E-TYPE",
                  node.text + " takes a list and 'x => ...': list | " + node.text + "(x => ...)");
  }
  const auto& lambda = node.children[1];
  const auto mode = node.text == "map"      ? map_mode
                    : node.text == "filter" ? filter_mode
                    : node.text == "any"    ? any_mode
                                            : all_mode;
  const auto at = top_;
  const auto base = expression(node.children[0]);
  const bool empty = base.type.kind == Kind::nothing;
  if (!empty && base.type.kind != Kind::list) {
    release_to(at);
    return poison(
        node.children[0], "E-TYPE",
        node.text + " takes a list, not " + name_of(base.type) + "; write [x] for a list of one");
  }
  if (lambdas_ == 2) {
    release_to(at);
    return poison(lambda, "E-LIMIT", "'x => ...' can be nested twice at most");
  }
  take();  // position
  take();  // output
  const auto element = take();
  const auto start = emit(Op::loop, at, 0, mode);
  scopes_.push_back(
      {.name = lambda.text, .type = empty ? Type{} : *base.type.element, .at = element});
  ++lambdas_;
  const auto body = here();
  const auto value_at = top_;
  Result value;
  if (mode == map_mode) {
    value = expression(lambda.children[0]);
  } else {
    conditional(lambda.children[0]);
  }
  --lambdas_;
  scopes_.pop_back();
  constexpr std::array<Op, 4> steps = {Op::next_map, Op::next_filter, Op::next_any, Op::next_all};
  emit(steps[mode], at, value_at, 0, body, node.text);
  patch(start);
  release_to(static_cast<std::uint16_t>(at + 1));
  if (mode == any_mode || mode == all_mode) return {make_type(Kind::boolean)};
  if (mode == filter_mode) return {as_optional(base.type)};
  return {list_of(value.type, base.type.optional || value.type.optional)};
}

// deref(reference, "attribute")
Compiler::Result Compiler::dereference(const Node& node) {
  const auto* people = environment_.people.get();
  if (in_fragment() || people == nullptr)
    return poison(node, "E-NAME",
                  "deref cannot stand here: other people are known in the maps of sources and in "
                  "the rules behind the user name");
  if (node.children.size() != 2 || node.children[1].kind != Node::Kind::text)
    return poison(node, "E-TYPE",
                  "deref takes a reference and the name of an attribute: deref(manager, "
                  "\"displayName\")");
  const auto at = top_;
  const auto reference = expression(node.children[0]);
  const bool mistaken = reference.type.kind == Kind::nothing && !reference.type.optional;
  if (!mistaken && !convert(node.children[0], reference, make_type(Kind::ref), at))
    report(node.children[0].offset, "E-TYPE",
           "deref takes a reference, not " + name_of(reference.type) + "; write ref(x)");
  release_to(at);
  const auto& attribute = node.children[1];
  const auto position = people->find(attribute.text);
  if (!position) {
    std::vector<std::string> names;
    for (const auto& field : people->fields) names.push_back(field.name);
    return poison(attribute, "E-NAME",
                  "unknown attribute '" + attribute.text + "' of the identity" +
                      did_you_mean(attribute.text, names));
  }
  const auto& field = people->fields[*position];
  code_->reads.deref.push_back(field.name);
  take();
  emit(Op::person, at, at);
  emit(Op::field, at, at, 0, add_field(field, people->fold_names), print(node));
  return {as_optional(field.type)};
}

// The element that speaks for a SCIM list (RFC 7643, 2.4): the primary one, else the one of type
// "work", else the first. The list is read three times; a slot is decoded only once.
Compiler::Result Compiler::primary_element(const Node& node) {
  if (node.children.size() != 1 || node.children[0].kind == Node::Kind::named ||
      node.children[0].kind == Node::Kind::lambda) {
    return poison(node, "E-TYPE", "primary takes one list: primary(emails).value");
  }
  const auto at = top_;
  const auto list = expression(node.children[0]);
  if (list.type.kind == Kind::nothing) return list;
  const auto* fields = list.type.kind == Kind::list ? list.type.element->fields.get() : nullptr;
  if (fields == nullptr || !fields->find("primary") || !fields->find("type")) {
    release_to(at);
    return poison(
        node.children[0], "E-TYPE",
        "primary takes a list whose elements have 'primary' and 'type', not " + name_of(list.type));
  }
  for (const char* condition : {"primary", "fold(type) == \"work\""}) {
    Node filtered;
    filtered.kind = Node::Kind::filter;
    filtered.offset = node.offset;
    filtered.children.push_back(node.children[0]);
    SyntaxError error;
    filtered.children.push_back(*parse(condition, error));
    filter(filtered);
  }
  CallSite site;
  site.native = natives::primary;
  site.one_of_several = true;
  site.strict = 1;
  release_to(at);
  take();
  emit(Op::call, at, at, 3, add_site(std::move(site)), "primary");
  auto element = *list.type.element;
  element.optional = list.type.optional;
  return {element};
}

}  // namespace muster::mappings
