// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <algorithm>

#include "core/text.h"
#include "mappings/language/compiler.h"
#include "mappings/language/natives.h"

namespace muster::mappings {
namespace {

using Kind = Type::Kind;

bool counted(Kind kind) {
  return kind == Kind::integer || kind == Kind::boolean || kind == Kind::date ||
         kind == Kind::duration;
}

}  // namespace

Compiler::Result Compiler::binary(const Node& node, bool tail) {
  const auto& symbol = node.text;
  if (symbol == "??") return coalesce(node, tail);
  if (symbol == "and" || symbol == "or") return logic(node);
  if (symbol == "==" || symbol == "!=") return equality(node, symbol == "!=");
  if (symbol == "~") return match(node);
  if (symbol == "in") return member(node);
  if (symbol == "++") return append(node);
  if (symbol == "+" || symbol == "-") return arithmetic(node);
  return compare(node);
}

Compiler::Result Compiler::coalesce(const Node& node, bool tail) {
  const auto at = top_;
  const auto left = expression(node.children[0]);
  const auto present = emit(Op::jump_present, 0, at, 0, 0, "??");
  release_to(at);
  const auto right = expression(node.children[1], tail);
  auto type = unify(node.children[1], left.type, right.type);
  type.optional = right.type.optional && left.type.optional;
  patch(present);
  return {type};
}

Compiler::Result Compiler::logic(const Node& node) {
  const auto at = top_;
  conditional(node.children[0]);
  const bool conjunction = node.text == "and";
  std::size_t decided = 0;
  if (conjunction) {
    decided = emit(Op::jump_unless, 0, at);
  } else {
    const auto go_on = emit(Op::jump_unless, 0, at);
    decided = emit(Op::jump, 0);
    patch(go_on);
  }
  release_to(at);
  conditional(node.children[1]);
  patch(decided);
  return {make_type(Kind::boolean)};
}

// Which comparison fits the two values in `at` and `at + 1`; converts a literal to the other side's
// type.
Op Compiler::equality_op(const Node& node, const Result& left, const Result& right,
                         std::uint16_t at) {
  const auto right_at = static_cast<std::uint16_t>(top_ - 1);
  auto a = left.type.kind;
  auto b = right.type.kind;
  if (a == Kind::nothing || b == Kind::nothing) return Op::equal_any;
  if (right.literal != nullptr && a != b && convert_literal(*right.literal, a, right_at)) b = a;
  if (left.literal != nullptr && a != b && convert_literal(*left.literal, b, at)) a = b;
  if (text_like(a) && text_like(b)) return Op::equal_text;
  if (counted(a) && a == b) return Op::equal_number;
  if (a == Kind::dn && b == Kind::dn) return Op::equal_dn;
  if (a == Kind::list && b == Kind::list && common(left.type, right.type)) return Op::equal_any;
  report(node.offset, "E-TYPE",
         name_of(left.type) + " and " + name_of(right.type) + " cannot be compared" +
             (a == Kind::dn || b == Kind::dn ? "; write dn(x)"
              : a == Kind::list              ? "; write 'x in list'"
                                             : ""));
  return Op::equal_any;
}

Compiler::Result Compiler::equality(const Node& node, bool negated) {
  const auto at = top_;
  const auto left = expression(node.children[0]);
  const auto right = expression(node.children[1]);
  for (const auto& child : node.children) {
    if (child.kind == Node::Kind::none) {
      report(child.offset, "E-TYPE", "nothing equals none; write absent(x) or present(x)");
    }
  }
  const auto op = equality_op(node, left, right, at);
  release_to(at);
  take();
  emit(op, at, at, static_cast<std::uint16_t>(at + 1), 0, negated ? "" : "==");
  if (negated) emit(Op::negate, at, at, 0, 0, "!=");
  return {make_type(Kind::boolean)};
}

Compiler::Result Compiler::compare(const Node& node) {
  const auto at = top_;
  auto left = expression(node.children[0]);
  auto right = expression(node.children[1]);
  const auto& symbol = node.text;
  const auto second = static_cast<std::uint16_t>(at + 1);
  if (left.type.kind == Kind::date && right.literal != nullptr &&
      convert_literal(*right.literal, Kind::date, second)) {
    right = {make_type(Kind::date)};
  }
  const auto a = left.type.kind;
  const auto b = right.type.kind;
  const bool same_kind =
      (counted(a) && a == b && a != Kind::boolean) || (text_like(a) && text_like(b));
  if (!same_kind && a != Kind::nothing && b != Kind::nothing) {
    report(node.offset, "E-TYPE",
           name_of(left.type) + " and " + name_of(right.type) + " have no order; '" + symbol +
               "' takes two numbers, dates, durations or texts");
  }
  const bool swapped = symbol == ">" || symbol == ">=";
  release_to(at);
  take();
  emit(symbol.size() == 2 ? Op::less_equal : Op::less, at, swapped ? second : at,
       swapped ? at : second, 0, symbol);
  return {make_type(Kind::boolean)};
}

Compiler::Result Compiler::match(const Node& node) {
  const auto at = top_;
  const auto value = expression(node.children[0]);
  if (!convert(node.children[0], value, text_type(), at)) {
    report(node.children[0].offset, "E-TYPE",
           "'~' compares a text, not " + name_of(value.type) +
               (value.type.kind == Kind::list ? "; write any(list, x => x ~ \"...\")" : ""));
  }
  CallSite site;
  regular_expression(node.children[1], site);
  emit(Op::match, at, at, 0, add_site(std::move(site)), "~");
  return {make_type(Kind::boolean)};
}

Compiler::Result Compiler::member(const Node& node) {
  const auto& container = node.children[1];
  if (container.kind == Node::Kind::name && !container.raw &&
      find_scope(container.text) == nullptr) {
    const auto& sets = environment_.library->sets;
    const auto set = sets.find(container.text);
    const bool attribute =
        !in_fragment() && environment_.record && environment_.record->find(container.text);
    if (set != sets.end() && !attribute) return member_of_set(node, set->second, set->first);
  }
  const auto at = top_;
  const auto value = expression(node.children[0]);
  const bool convertible = value.type.kind == Kind::email || value.type.kind == Kind::domain ||
                           value.type.kind == Kind::dn || value.type.kind == Kind::date;
  const auto element = as_required(value.type);
  const auto items = container.kind == Node::Kind::list && convertible ? list(container, &element)
                                                                       : expression(container);
  if (value.type.kind == Kind::list || value.type.kind == Kind::complex) {
    report(node.children[0].offset, "E-TYPE",
           "left of 'in' stands a single value, not " + name_of(value.type) +
               "; write any(list, x => x in ...)");
  } else if (items.type.kind != Kind::list && items.type.kind != Kind::nothing) {
    report(container.offset, "E-TYPE",
           "right of 'in' stands a list or a set, not " + name_of(items.type));
  } else if (items.type.kind == Kind::list && value.type.kind != Kind::nothing &&
             items.type.element->kind != Kind::nothing) {
    const auto& inner = items.type.element->kind;
    const bool converted = value.literal != nullptr && inner != value.type.kind &&
                           convert_literal(*value.literal, inner, at);
    if (!converted && !common(element, *items.type.element)) {
      report(node.offset, "E-TYPE",
             "a " + name_of(items.type) + " cannot hold " + name_of(value.type));
    }
  }
  if (value.literal != nullptr && is_sources(container)) known_tag(node.children[0]);
  release_to(at);
  take();
  emit(Op::member, at, at, static_cast<std::uint16_t>(at + 1), 0, "in");
  return {make_type(Kind::boolean)};
}

// "ldap" in sources
bool Compiler::is_sources(const Node& node) const {
  return node.kind == Node::Kind::name && !node.raw && node.text == "sources" &&
         environment_.sources && find_scope(node.text) == nullptr && !in_fragment();
}

void Compiler::known_tag(const Node& node) {
  std::vector<std::string> tags;
  for (const auto& from : environment_.from) tags.push_back(from.tag);
  if (std::find(tags.begin(), tags.end(), node.text) != tags.end()) return;
  report(node.offset, "E-NAME",
         "unknown source tag '" + node.text + "'" + did_you_mean(node.text, tags));
}

Compiler::Result Compiler::member_of_set(const Node& node, const NamedSet& set,
                                         const std::string& name) {
  const auto at = top_;
  const auto value = expression(node.children[0]);
  CallSite site;
  site.set = &set;
  site.strict = 1;
  site.predicate = true;
  bool good = false;
  if (std::holds_alternative<DomainSet>(set)) {
    site.native = natives::in_domains;
    good = convert(node, value, make_type(Kind::domain), at) ||
           convert(node, value, make_type(Kind::email), at);
  } else if (std::holds_alternative<DnSet>(set)) {
    site.native = natives::in_dns;
    good = convert(node, value, make_type(Kind::dn), at);
  } else {
    site.native = natives::in_texts;
    good = convert(node, value, text_type(), at);
  }
  if (!good) {
    report(
        node.offset, "E-TYPE",
        "the set '" + name + "' cannot hold " + name_of(value.type) +
            (std::holds_alternative<DomainSet>(set) ? "; write domain_in(x, " + name + ")" : ""));
  }
  code_->reads.sets.push_back(name);
  emit(Op::call, at, at, 1, add_site(std::move(site)), "in " + name);
  return {make_type(Kind::boolean)};
}

Compiler::Result Compiler::arithmetic(const Node& node) {
  const auto at = top_;
  const auto left = expression(node.children[0]);
  const bool minus = node.text == "-";
  if (left.type.kind == Kind::date && node.children[1].kind == Node::Kind::text) {
    auto result = add_literal_period(node, minus ? -1 : 1, at);
    result.type.optional = left.type.optional;
    return result;
  }
  const auto right = expression(node.children[1]);
  const auto a = left.type.kind;
  const auto b = right.type.kind;
  const bool optional = left.type.optional || right.type.optional;
  release_to(at);
  take();
  emit(minus ? Op::subtract : Op::add, at, at, static_cast<std::uint16_t>(at + 1), 0, node.text);
  if (a == Kind::nothing || b == Kind::nothing) return {make_type(Kind::nothing, optional)};
  if (a == Kind::integer && b == Kind::integer) return {make_type(Kind::integer, optional)};
  if (a == Kind::duration && b == Kind::duration) return {make_type(Kind::duration, optional)};
  if (a == Kind::date && b == Kind::duration) return {make_type(Kind::date, optional)};
  if (!minus && a == Kind::duration && b == Kind::date) return {make_type(Kind::date, optional)};
  if (minus && a == Kind::date && b == Kind::date) return {make_type(Kind::duration, optional)};
  const auto help = text_like(a) && text_like(b)         ? "; put texts together with \"{a}{b}\""
                    : a == Kind::list || b == Kind::list ? "; lists are joined with '++'"
                                                         : "";
  report(node.offset, "E-TYPE",
         "'" + node.text + "' cannot take " + name_of(left.type) + " and " + name_of(right.type) +
             help);
  return {};
}

// end + "P10M"
Compiler::Result Compiler::add_literal_period(const Node& node, int sign, std::uint16_t at) {
  const auto& text = node.children[1];
  const auto period = parse_period(text.text);
  if (!period) {
    report(text.offset, "E-DATE",
           "this is no period; write \"P10M\", \"P1Y\", \"P7D\" or a duration such as 7d");
    return {};
  }
  constant(number_datum(sign * period->months), make_type(Kind::integer));
  constant(number_datum(sign * period->milliseconds), make_type(Kind::integer));
  CallSite site;
  site.native = natives::move_date;
  site.strict = 7;
  release_to(at);
  take();
  emit(Op::call, at, at, 3, add_site(std::move(site)), node.text + " " + text.text);
  return {make_type(Kind::date)};
}

Compiler::Result Compiler::append(const Node& node) {
  const auto at = top_;
  const auto left = expression(node.children[0]);
  const auto right = expression(node.children[1]);
  release_to(at);
  take();
  emit(Op::append, at, at, static_cast<std::uint16_t>(at + 1), 0, "++");
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& type = (i == 0 ? left : right).type;
    if (type.kind == Kind::list || type.kind == Kind::nothing) continue;
    report(node.children[i].offset, "E-TYPE",
           "'++' joins lists, not " + name_of(type) +
               (text_like(type.kind) ? "; put texts together with \"{a}{b}\", or write [x]"
                                     : "; write [x]"));
    return {};
  }
  auto type = unify(node.children[1], left.type, right.type);
  type.optional = left.type.optional && right.type.optional;
  return {type};
}

}  // namespace muster::mappings
