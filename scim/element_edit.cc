// SPDX-License-Identifier: Apache-2.0
#include "scim/element_edit.h"

#include <algorithm>
#include <string>
#include <utility>

#include "scim/canonical.h"

namespace muster::scim {
namespace {

// Whether both name the same thing: an equal `value` (an equal `type` too, when both have one), or
// all that is given when there is no `value`.
bool is_same_thing(const Value& held, const Value& told) {
  const Value* value = told.find("value");
  if (value == nullptr) return held == told;
  const Value* held_value = held.find("value");
  if (held_value == nullptr || *held_value != *value) return false;
  const Value* type = told.find("type");
  const Value* held_type = held.find("type");
  return type == nullptr || held_type == nullptr || *type == *held_type;
}

// The attributes of an element for which the filter holds, when it says exactly that: eq, joined by
// and.
bool collect_equalities(const Filter& filter, Value& out) {
  if (filter.op == Filter::Op::eq && !filter.value.is_none()) {
    out.set(filter.path.attribute, filter.value);
    return true;
  }
  return filter.op == Filter::Op::all_of &&
         std::all_of(filter.of.begin(), filter.of.end(),
                     [&](const Filter& operand) { return collect_equalities(operand, out); });
}

}  // namespace

void merge_into(Value& held, const Attribute& attribute, const Value& told, const Value& made) {
  for (const auto& [name, value] : told.is_object() ? told.as_object() : Value::Object{}) {
    const Attribute* sub = attribute.sub(name);
    if (sub != nullptr && is_kept(*sub) && value.absent()) held.erase(sub->name);
  }
  if (!made.is_object()) return;
  for (const auto& [name, value] : made.as_object()) held.set(name, value);
}

std::vector<std::size_t> ElementEdit::matching(const Filter& filter) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (matches(filter, elements_[i])) out.push_back(i);
  }
  return out;
}

void ElementEdit::append(Value element) {
  const auto held = std::find_if(elements_.begin(), elements_.end(),
                                 [&](const Value& other) { return is_same_thing(other, element); });
  const auto index = static_cast<std::size_t>(held - elements_.begin());
  const bool primary = is_primary(element);
  if (held == elements_.end()) {
    elements_.push_back(std::move(element));
  } else if (held->is_object()) {
    for (const auto& [name, value] : element.as_object()) held->set(name, value);
  }
  if (primary) keep_one_primary(elements_, index);
}

// An element whose `value` was taken away is gone, whatever `type` or `primary` would stay behind.
void ElementEdit::drop_absent() {
  const bool needs_value = sub_ != nullptr && sub_->name == "value";
  std::erase_if(elements_, [&](const Value& element) {
    return element.absent() || (needs_value && element.find("value") == nullptr);
  });
}

Status ElementEdit::add(const Value& told) {
  if (sub_ != nullptr) return put_sub_everywhere(told);
  MUSTER_TRY(Value made, canonical_value(attribute_, told, place_, quirks_));
  if (made.absent()) return {};
  for (auto& element : made.as_list()) append(std::move(element));
  return {};
}

Status ElementEdit::replace(const Value& told) {
  if (sub_ != nullptr) return put_sub_everywhere(told);
  MUSTER_TRY(Value made, canonical_value(attribute_, told, place_, quirks_));
  elements_ = made.absent() ? Value::List{} : std::move(made.as_list());
  return {};
}

// A sub-attribute without a filter: of every element.
Status ElementEdit::put_sub_everywhere(const Value& told) {
  if (elements_.empty()) elements_.emplace_back(Value::Object{});
  for (std::size_t i = 0; i < elements_.size(); ++i) MUSTER_CHECK(put_into(i, told, false));
  drop_absent();
  return {};
}

Status ElementEdit::remove(const std::optional<Value>& told) {
  if (sub_ != nullptr) {
    for (auto& element : elements_) element.erase(sub_->name);
    drop_absent();
    return {};
  }
  if (!told || told->absent() || !quirks_.remove_listed_values) {
    elements_.clear();
    return {};
  }
  MUSTER_TRY(const Value made, canonical_value(attribute_, *told, place_, quirks_));
  if (made.absent()) return {};
  for (const auto& gone : made.as_list()) {
    std::erase_if(elements_, [&](const Value& held) { return is_same_thing(held, gone); });
  }
  return {};
}

// Nothing to remove is no error: clients repeat themselves (RFC 7644, 3.5.2.2 leaves it open).
Status ElementEdit::remove_matching(const Filter& filter) {
  for (const auto index : matching(filter)) {
    if (sub_ == nullptr) {
      elements_[index] = Value();
    } else {
      elements_[index].erase(sub_->name);
    }
  }
  drop_absent();
  return {};
}

Status ElementEdit::put_matching(const Filter& filter, const Value& told, bool replace) {
  auto indexes = matching(filter);
  if (indexes.empty()) {
    if (told.absent()) return {};
    MUSTER_TRY(const std::size_t made, make_element(filter));
    indexes.push_back(made);
    replace = false;  // what the filter says of the new element stays
  }
  for (const auto index : indexes) MUSTER_CHECK(put_into(index, told, replace));
  drop_absent();
  return {};
}

// RFC 7644, 3.5.2.3 wants noTarget; what a filter of equalities describes can be made instead.
Result<std::size_t> ElementEdit::make_element(const Filter& filter) {
  Value element{Value::Object{}};
  if (!quirks_.make_missing_elements || !collect_equalities(filter, element)) {
    return fail(Fault::invalid, "no value matches the filter", std::string(place_), "noTarget");
  }
  elements_.push_back(std::move(element));
  const auto index = elements_.size() - 1;
  if (is_primary(elements_.back())) keep_one_primary(elements_, index);
  return index;
}

Status ElementEdit::put_into(std::size_t index, const Value& told, bool replace) {
  Value& element = elements_[index];
  if (sub_ != nullptr) {
    MUSTER_TRY(Value made, canonical_value(*sub_, told, place_, quirks_));
    if (made.absent()) {
      element.erase(sub_->name);
    } else {
      element.set(sub_->name, std::move(made));
    }
  } else {
    const bool wrapped = told.is_list() && told.as_list().size() == 1;
    MUSTER_TRY(Value made, canonical_element(attribute_, wrapped ? told.as_list().front() : told,
                                             place_, quirks_));
    if (replace) {
      element = std::move(made);
    } else {
      merge_into(element, attribute_, told, made);
    }
  }
  if (is_primary(element)) keep_one_primary(elements_, index);
  return {};
}

}  // namespace muster::scim
