// SPDX-License-Identifier: Apache-2.0
#include "store/readers/filter_plan.h"

#include <algorithm>

#include "core/text.h"

namespace muster::store {
namespace {

struct Choice {
  const IndexedAttribute* attribute = nullptr;
  const Filter* comparison = nullptr;
  bool whole = true;  // the index answers the operand completely
};

bool names(const Filter::Path& path, std::string_view indexed) {
  if (!path.schema.empty()) return false;
  std::string name = dotted(path);
  return ascii_equal_fold(name, indexed) ||
         (path.sub_attribute.empty() && indexed.ends_with(".value") &&
          ascii_equal_fold(name, indexed.substr(0, indexed.size() - 6)));
}

// Some clients send booleans as text ("True").
std::optional<bool> truth(const Value& value) {
  if (value.is_bool()) return value.as_bool();
  if (!value.is_text()) return std::nullopt;
  if (ascii_equal_fold(value.as_text(), "true")) return true;
  if (ascii_equal_fold(value.as_text(), "false")) return false;
  return std::nullopt;
}

bool usable(const Filter& comparison, const IndexedAttribute& attribute) {
  if (comparison.op != Filter::Op::eq) return false;
  return attribute.form == KeyForm::truth ? truth(comparison.value).has_value()
                                          : comparison.value.is_text();
}

// emails[value eq "x" and type eq "work"]: the index finds candidates, the element is still
// checked.
const Filter* value_inside(const Filter& element, std::string_view indexed) {
  if (!indexed.ends_with(".value") || element.of.empty() || !names(element.path, indexed))
    return nullptr;
  const Filter& inner = element.of.front();
  auto is_value = [](const Filter& one) {
    return one.op == Filter::Op::eq &&
           ascii_equal_fold(
               one.path.sub_attribute.empty() ? one.path.attribute : one.path.sub_attribute,
               "value");
  };
  if (is_value(inner)) return &inner;
  if (inner.op != Filter::Op::all_of) return nullptr;
  auto found = std::find_if(inner.of.begin(), inner.of.end(), is_value);
  return found == inner.of.end() ? nullptr : &*found;
}

Choice choose(const Filter& operand, std::span<const IndexedAttribute> indexed) {
  for (const auto& attribute : indexed) {
    if (operand.op == Filter::Op::element) {
      const Filter* inner = value_inside(operand, attribute.path);
      if (inner != nullptr && usable(*inner, attribute))
        return {&attribute, inner, inner == &operand.of.front()};
    } else if (names(operand.path, attribute.path) && usable(operand, attribute)) {
      return {&attribute, &operand, true};
    }
  }
  return {};
}

std::string key_of(const Choice& choice) {
  const Value& value = choice.comparison->value;
  if (choice.attribute->form == KeyForm::truth) return *truth(value) ? "true" : "false";
  return choice.attribute->form == KeyForm::folded ? fold_key(value.as_text()) : value.as_text();
}

}  // namespace

FilterPlan plan_filter(const std::optional<Filter>& filter,
                       std::span<const IndexedAttribute> indexed) {
  if (!filter) return {};
  bool conjunction = filter->op == Filter::Op::all_of;
  const Filter* first = conjunction ? filter->of.data() : &*filter;
  std::size_t count = conjunction ? filter->of.size() : 1;

  Choice best;
  std::size_t best_operand = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Choice choice = choose(first[i], indexed);
    if (choice.attribute == nullptr ||
        (best.attribute != nullptr && best.attribute <= choice.attribute))
      continue;
    best = choice;
    best_operand = i;
  }
  FilterPlan plan;
  if (best.attribute == nullptr) {
    plan.rest = filter;
    return plan;
  }
  plan.by = *best.attribute;
  plan.key = key_of(best);
  if (conjunction) {
    plan.rest = filter;
    if (best.whole)
      plan.rest->of.erase(plan.rest->of.begin() + static_cast<std::ptrdiff_t>(best_operand));
    if (plan.rest->of.empty()) plan.rest.reset();
  } else if (!best.whole) {
    plan.rest = filter;
  }
  return plan;
}

bool mentions(const Filter& filter, std::string_view attribute) {
  if (filter.path.schema.empty() && ascii_equal_fold(filter.path.attribute, attribute)) return true;
  return std::any_of(filter.of.begin(), filter.of.end(),
                     [&](const Filter& operand) { return mentions(operand, attribute); });
}

}  // namespace muster::store
