// SPDX-License-Identifier: Apache-2.0
#include "core/filter.h"

#include <algorithm>
#include <compare>
#include <functional>
#include <optional>

#include "core/clock.h"
#include "core/text.h"

namespace muster {
namespace {

using Op = Filter::Op;
using Order = std::partial_ordering;

// ---- two values, in the way the attribute's type asks for ----

Order compare_ascii(std::string_view a, std::string_view b) {
  return std::lexicographical_compare_three_way(
      a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; };
        return lower(x) <=> lower(y);
      });
}

Order compare_text(std::string_view a, std::string_view b, bool case_exact) {
  if (case_exact) return a <=> b;
  if (is_ascii(a) && is_ascii(b)) return compare_ascii(a, b);
  return fold_key(a) <=> fold_key(b);
}

// Some clients send booleans as text ("True").
std::optional<bool> truth(const Value& value) {
  if (value.is_bool()) return value.as_bool();
  if (!value.is_text()) return std::nullopt;
  if (ascii_equal_fold(value.as_text(), "true")) return true;
  if (ascii_equal_fold(value.as_text(), "false")) return false;
  return std::nullopt;
}

// Booleans have no order: unequal ones are unordered (RFC 7644, table 3).
Order compare_truth(const Value& a, const Value& b) {
  const auto left = truth(a);
  const auto right = truth(b);
  return left && right && *left == *right ? Order::equivalent : Order::unordered;
}

Order compare_numbers(const Value& a, const Value& b) {
  if (a.is_int() && b.is_int()) return a.as_int() <=> b.as_int();
  // 64 bits of mantissa hold both kinds exactly.
  const auto number = [](const Value& value) -> std::optional<long double> {
    if (value.is_int()) return static_cast<long double>(value.as_int());
    if (value.is_double()) return static_cast<long double>(value.as_double());
    return std::nullopt;
  };
  const auto left = number(a);
  const auto right = number(b);
  return left && right ? *left <=> *right : Order::unordered;
}

Order compare_times(const Value& a, const Value& b) {
  if (!a.is_text() || !b.is_text()) return Order::unordered;
  const auto left = parse_timestamp(a.as_text());
  const auto right = parse_timestamp(b.as_text());
  return left && right ? Order(*left <=> *right) : Order::unordered;
}

Order compare(const Filter& filter, const Value& value) {
  const Value& literal = filter.value;
  if (filter.type == Filter::Type::date_time) return compare_times(value, literal);
  if (filter.type == Filter::Type::boolean || literal.is_bool())
    return compare_truth(value, literal);
  if (literal.is_text() && value.is_text()) {
    return compare_text(value.as_text(), literal.as_text(), filter.case_exact);
  }
  return compare_numbers(value, literal);
}

bool contains(const Filter& filter, const Value& value) {
  if (!value.is_text() || !filter.value.is_text()) return false;
  const bool has_text_parts = filter.type == Filter::Type::text ||
                              filter.type == Filter::Type::reference ||
                              filter.type == Filter::Type::complex;
  if (!has_text_parts) return false;
  const auto search = [&](std::string_view text, std::string_view part) {
    if (filter.op == Op::sw) return text.starts_with(part);
    if (filter.op == Op::ew) return text.ends_with(part);
    return text.find(part) != text.npos;
  };
  const auto& text = value.as_text();
  const auto& part = filter.value.as_text();
  return filter.case_exact ? search(text, part) : search(fold_key(text), fold_key(part));
}

bool compares(const Filter& filter, const Value& value) {
  switch (filter.op) {
    case Op::eq:
    case Op::ne:  // turned round by the caller
      return compare(filter, value) == 0;
    case Op::gt:
      return compare(filter, value) > 0;
    case Op::ge:
      return compare(filter, value) >= 0;
    case Op::lt:
      return compare(filter, value) < 0;
    case Op::le:
      return compare(filter, value) <= 0;
    case Op::co:
    case Op::sw:
    case Op::ew:
      return contains(filter, value);
    case Op::pr:
      return !value.absent();
    case Op::all_of:
    case Op::any_of:
    case Op::negate:
    case Op::element:
      return false;
  }
  return false;
}

// ---- the values that a path names ----

using Visit = std::function<bool(const Value&)>;

// Every operation below asks "is there one that...": whether `visit` is true for any element of
// `value`.
bool any_element(const Value* value, const Visit& visit) {
  if (value == nullptr) return false;
  if (!value->is_list()) return visit(*value);
  return std::any_of(value->as_list().begin(), value->as_list().end(), visit);
}

const Value* attribute_of(const Filter::Path& path, const Value& document) {
  const Value* owner = path.schema.empty() ? &document : document.find_fold(path.schema);
  return owner == nullptr ? nullptr : owner->find_fold(path.attribute);
}

bool any_value(const Filter::Path& path, const Value& document, const Visit& visit) {
  return any_element(attribute_of(path, document), [&](const Value& element) {
    if (path.sub_attribute.empty()) return visit(element);
    return any_element(element.find_fold(path.sub_attribute), visit);
  });
}

bool is_present(const Filter& filter, const Value& document) {
  return any_value(filter.path, document, [](const Value& value) { return !value.absent(); });
}

bool any_compares(const Filter& filter, const Value& document) {
  return any_value(filter.path, document, [&](const Value& value) {
    const Value* simple = value.is_object() ? value.find_fold("value") : &value;
    return simple != nullptr && compares(filter, *simple);
  });
}

// RFC 7644, 3.5.2: the filter in brackets is about one element at a time; a simple element stands
// for its `value`.
bool any_element_matches(const Filter& filter, const Value& document) {
  return any_element(attribute_of(filter.path, document), [&](const Value& element) {
    if (element.is_object()) return matches(filter.of.front(), element);
    Value wrapped;
    wrapped.set("value", element);
    return matches(filter.of.front(), wrapped);
  });
}

}  // namespace

std::string dotted(const Filter::Path& path) {
  return path.sub_attribute.empty() ? path.attribute : path.attribute + '.' + path.sub_attribute;
}

bool matches(const Filter& filter, const Value& document) {
  const auto operand_matches = [&](const Filter& operand) { return matches(operand, document); };
  switch (filter.op) {
    case Op::all_of:
      return std::all_of(filter.of.begin(), filter.of.end(), operand_matches);
    case Op::any_of:
      return std::any_of(filter.of.begin(), filter.of.end(), operand_matches);
    case Op::negate:
      return !matches(filter.of.front(), document);
    case Op::element:
      return any_element_matches(filter, document);
    case Op::pr:
      return is_present(filter, document);
    case Op::eq:
      return filter.value.is_none() ? !is_present(filter, document)
                                    : any_compares(filter, document);
    case Op::ne:
      return filter.value.is_none() ? is_present(filter, document)
                                    : !any_compares(filter, document);
    case Op::co:
    case Op::sw:
    case Op::ew:
    case Op::gt:
    case Op::ge:
    case Op::lt:
    case Op::le:
      return any_compares(filter, document);
  }
  return false;
}

}  // namespace muster
