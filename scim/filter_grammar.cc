// SPDX-License-Identifier: Apache-2.0
#include "scim/filter_grammar.h"

#include <array>
#include <utility>

#include "core/clock.h"
#include "core/text.h"

namespace muster::scim {
namespace {

using Op = Filter::Op;

constexpr std::array<std::pair<std::string_view, Op>, 10> operators = {{{"eq", Op::eq},
                                                                        {"ne", Op::ne},
                                                                        {"co", Op::co},
                                                                        {"sw", Op::sw},
                                                                        {"ew", Op::ew},
                                                                        {"gt", Op::gt},
                                                                        {"ge", Op::ge},
                                                                        {"lt", Op::lt},
                                                                        {"le", Op::le},
                                                                        {"pr", Op::pr}}};

// Chains are one node with many operands, so that a long filter is not a deep one.
void append(Op op, Filter& out, Filter operand) {
  if (operand.op != op) {
    out.of.push_back(std::move(operand));
    return;
  }
  for (auto& inner : operand.of) out.of.push_back(std::move(inner));
}

Filter joined(Op op, Filter first, Filter second) {
  Filter out;
  out.op = op;
  append(op, out, std::move(first));
  append(op, out, std::move(second));
  return out;
}

bool is_comparison(const Filter& filter) {
  switch (filter.op) {
    case Op::eq:
    case Op::co:
    case Op::sw:
    case Op::ew:
    case Op::gt:
    case Op::ge:
    case Op::lt:
    case Op::le:
      return !filter.value.is_none();
    case Op::pr:
      return true;
    case Op::ne:
    case Op::all_of:
    case Op::any_of:
    case Op::negate:
    case Op::element:
      return false;
  }
  return false;
}

// emails[value eq "x"] as emails.value eq "x".
Filter outside_brackets(const Filter& inner, const Filter::Path& attribute) {
  Filter out = inner;
  out.path = {attribute.schema, attribute.attribute, inner.path.attribute};
  return out;
}

// One condition in brackets is the same as that condition outside. Among several, an equality with
// `value` is repeated outside: implied, and what an index can answer.
Filter element_of(Filter::Path attribute, Filter inner) {
  if (is_comparison(inner)) return outside_brackets(inner, attribute);
  Filter out;
  out.op = Op::element;
  out.path = std::move(attribute);
  out.type = Filter::Type::complex;
  const Filter* indexed = nullptr;
  if (inner.op == Op::all_of) {
    for (const auto& operand : inner.of) {
      const bool is_value = operand.op == Op::eq && operand.path.attribute == "value";
      if (is_value && is_comparison(operand)) indexed = &operand;
    }
  }
  if (indexed == nullptr) {
    out.of.push_back(std::move(inner));
    return out;
  }
  Filter first = outside_brackets(*indexed, out.path);
  out.of.push_back(std::move(inner));
  return joined(Op::all_of, std::move(first), std::move(out));
}

bool is_equality(Op op) { return op == Op::eq || op == Op::ne; }
bool is_part(Op op) { return op == Op::co || op == Op::sw || op == Op::ew; }

}  // namespace

Result<Filter> FilterGrammar::filter() { return any_of(); }

tl::unexpected<Error> FilterGrammar::too_deep() const {
  return scanner_.refuse("more than " + std::to_string(max_depth) +
                         " levels of parentheses: write the filter flatter");
}

Result<Filter> FilterGrammar::any_of() {
  MUSTER_TRY(Filter first, all_of());
  scanner_.skip_blanks();
  while (scanner_.take_word("or")) {
    MUSTER_TRY(Filter next, all_of());
    if (first.op == Op::any_of) {
      append(Op::any_of, first, std::move(next));
    } else {
      first = joined(Op::any_of, std::move(first), std::move(next));
    }
    scanner_.skip_blanks();
  }
  return first;
}

Result<Filter> FilterGrammar::all_of() {
  MUSTER_TRY(Filter first, operand());
  scanner_.skip_blanks();
  while (scanner_.take_word("and")) {
    MUSTER_TRY(Filter next, operand());
    if (first.op == Op::all_of) {
      append(Op::all_of, first, std::move(next));
    } else {
      first = joined(Op::all_of, std::move(first), std::move(next));
    }
    scanner_.skip_blanks();
  }
  return first;
}

Result<Filter> FilterGrammar::operand() {
  scanner_.skip_blanks();
  if (scanner_.at('(')) return parenthesised();
  if (!scanner_.take_word("not")) return expression();
  scanner_.skip_blanks();
  if (!scanner_.at('('))
    return scanner_.refuse("'(' is expected behind 'not'; " + scanner_.found());
  MUSTER_TRY(Filter inner, parenthesised());
  Filter out;
  out.op = Op::negate;
  out.of.push_back(std::move(inner));
  return out;
}

Result<Filter> FilterGrammar::parenthesised() {
  if (++depth_ > max_depth) return too_deep();
  scanner_.take('(');
  MUSTER_TRY(Filter inner, any_of());
  scanner_.skip_blanks();
  if (!scanner_.take(')')) {
    return scanner_.refuse("'and', 'or' or ')' is expected; " + scanner_.found());
  }
  --depth_;
  return inner;
}

Result<Filter> FilterGrammar::expression() {
  MUSTER_TRY(Term left, term());
  if (scanner_.at('[')) return value_path(std::move(left));
  return comparison(std::move(left));
}

Result<Filter> FilterGrammar::element_filter(const Attribute& attribute) {
  element_ = &attribute;
  in_brackets_ = true;
  auto inner = any_of();
  element_ = nullptr;
  in_brackets_ = false;
  if (!inner) return inner;
  scanner_.skip_blanks();
  if (!scanner_.take(']')) {
    return scanner_.refuse("'and', 'or' or ']' is expected; " + scanner_.found());
  }
  return inner;
}

// emails[type eq "work"], and with more behind it, which is outside the ABNF and what Entra sends:
// emails[type eq "work"].value eq "x".
Result<Filter> FilterGrammar::value_path(Term left) {
  static const Attribute any_attribute{.name = "value", .type = Type::complex};
  const Attribute* attribute = left.attribute != nullptr ? left.attribute : &any_attribute;
  if (in_brackets_) return scanner_.refuse("brackets cannot stand within brackets");
  if (left.sub != nullptr || !attribute->is_complex()) {
    return scanner_.refuse("'[' can only follow an attribute with sub-attributes");
  }
  scanner_.take('[');
  MUSTER_TRY(Filter inner, element_filter(*attribute));
  if (scanner_.take('.')) {
    element_ = attribute;
    in_brackets_ = true;
    auto right = expression();
    element_ = nullptr;
    in_brackets_ = false;
    if (!right) return right;
    inner = joined(Op::all_of, std::move(inner), *std::move(right));
  }
  return element_of(std::move(left.path), std::move(inner));
}

Result<FilterGrammar::Term> FilterGrammar::term() {
  scanner_.skip_blanks();
  const auto position = scanner_.position();
  const auto word = scanner_.word();
  if (word.empty()) return scanner_.refuse("an attribute is expected; " + scanner_.found());
  if (!type_) return free_term(word);
  return in_brackets_ ? element_term(word, position) : named_term(word, position);
}

FilterGrammar::Term FilterGrammar::free_term(std::string_view word) {
  Term out;
  const auto dot = word.find('.');
  out.path.attribute = word.substr(0, dot);
  if (dot != word.npos) out.path.sub_attribute = word.substr(dot + 1);
  out.typed = false;
  if (ascii_equal_fold(word, "meta.created") || ascii_equal_fold(word, "meta.lastModified")) {
    out.typed = true;
    out.type = Filter::Type::date_time;
  }
  return out;
}

Result<FilterGrammar::Term> FilterGrammar::named_term(std::string_view word, std::size_t position) {
  auto path = resolve_path(word, *type_);
  if (!path) return scanner_.refuse_at(position, path.error().detail);
  if (path->attribute == nullptr) {
    return scanner_.refuse_at(position, "the schema alone is no attribute; write URN:attribute");
  }
  const Attribute& leaf = path->leaf();
  if (leaf.returned == Returned::never) {
    return scanner_.refuse_at(position, "'" + std::string(leaf.name) + "' cannot be searched");
  }
  return Term{filter_path(*path), filter_type(leaf.type), leaf.case_exact, true, path->attribute,
              path->sub};
}

Result<FilterGrammar::Term> FilterGrammar::element_term(std::string_view word,
                                                        std::size_t position) {
  const Attribute* sub = element_->sub(word);
  if (sub == nullptr) {
    return scanner_.refuse_at(position, "'" + std::string(element_->name) +
                                            "' has no sub-attribute '" + std::string(word) + "'");
  }
  return Term{{"", std::string(sub->name), ""},
              filter_type(sub->type),
              sub->case_exact,
              true,
              sub,
              nullptr};
}

Result<Op> FilterGrammar::operator_word() {
  scanner_.skip_blanks();
  const auto position = scanner_.position();
  const auto word = scanner_.word();
  for (const auto& [name, op] : operators) {
    if (ascii_equal_fold(name, word)) return op;
  }
  return scanner_.refuse_at(
      position, "an operator is expected: eq ne co sw ew gt ge lt le pr" +
                    (word.empty() ? std::string() : "; '" + std::string(word) + "' was found"));
}

Result<Filter> FilterGrammar::comparison(Term left) {
  const auto position = scanner_.position();
  MUSTER_TRY(const Op op, operator_word());
  if (op == Op::pr) {
    Filter out;
    out.path = std::move(left.path);
    out.type = left.type;
    return out;
  }
  MUSTER_CHECK(use_default_value(left, position));
  return compared(left, op);
}

// A complex attribute stands for its `value` (RFC 7643, 2.4).
Status FilterGrammar::use_default_value(Term& term, std::size_t position) const {
  if (term.type != Filter::Type::complex || term.attribute == nullptr) return {};
  const Attribute* value = term.attribute->sub("value");
  if (value == nullptr) {
    return scanner_.refuse_at(position, "'" + std::string(term.attribute->name) +
                                            "' has sub-attributes: name the one to compare");
  }
  term.sub = value;
  term.path.sub_attribute = value->name;
  term.type = filter_type(value->type);
  term.case_exact = value->case_exact;
  return {};
}

Result<Filter> FilterGrammar::compared(const Term& term, Op op) {
  scanner_.skip_blanks();
  const auto position = scanner_.position();
  MUSTER_TRY(Value literal, scanner_.literal());
  Filter out;
  out.op = op;
  out.path = term.path;
  out.type = term.type;
  out.case_exact = term.case_exact;
  out.value = std::move(literal);
  if (!term.typed) {
    if (out.value.is_bool()) out.type = Filter::Type::boolean;
    if (out.value.is_int()) out.type = Filter::Type::integer;
    if (out.value.is_double()) out.type = Filter::Type::decimal;
  }
  MUSTER_CHECK(fit(term, out, position));
  return out;
}

// A literal that can never match is an error: an empty answer would make clients create duplicates.
Status FilterGrammar::fit(const Term& term, Filter& made, std::size_t position) const {
  const auto refuse = [&](std::string_view what) -> Status {
    return scanner_.refuse_at(position, "'" + dotted(term.path) + "' " + std::string(what));
  };
  if (made.value.is_none()) {
    return is_equality(made.op) ? Status() : refuse("can only be compared with null by eq and ne");
  }
  switch (made.type) {
    case Filter::Type::boolean: {
      // RFC 7644, table 3: booleans have no order and no parts.
      if (!is_equality(made.op)) return refuse("is true or false: only eq, ne and pr apply");
      if (made.value.is_bool()) return {};
      if (made.value.is_text() && ascii_equal_fold(made.value.as_text(), "true")) {
        made.value = true;
        return {};
      }
      if (made.value.is_text() && ascii_equal_fold(made.value.as_text(), "false")) {
        made.value = false;
        return {};
      }
      return refuse("is compared with true or false");
    }
    case Filter::Type::integer:
    case Filter::Type::decimal:
      if (is_part(made.op)) return refuse("is a number: it has no parts");
      return made.value.is_int() || made.value.is_double() ? Status()
                                                           : refuse("is compared with a number");
    case Filter::Type::date_time:
      if (is_part(made.op)) return refuse("is a time: it has no parts");
      return made.value.is_text() && parse_timestamp(made.value.as_text())
                 ? Status()
                 : refuse("is compared with a time such as \"2026-11-22T08:00:00Z\"");
    case Filter::Type::text:
    case Filter::Type::reference:
    case Filter::Type::complex:
      return made.value.is_text() ? Status() : refuse("is compared with a text in double quotes");
  }
  return {};
}

}  // namespace muster::scim
