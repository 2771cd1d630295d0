// SPDX-License-Identifier: Apache-2.0
#include "core/value.h"

#include <algorithm>

#include "core/text.h"

namespace muster {
namespace {

bool same_member(const Value::Member& a, const Value::Member& b) {
  return a.name == b.name && a.value == b.value;
}

// Most objects that are compared come from the same place and have the same order; the others are
// sorted by name.
bool same_members(const Value::Object& a, const Value::Object& b) {
  if (a.size() != b.size()) return false;
  auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(),
                                     [](const auto& x, const auto& y) { return x.name == y.name; });
  if (left == a.end()) return std::equal(a.begin(), a.end(), b.begin(), same_member);

  auto sorted = [](const Value::Object& object) {
    std::vector<const Value::Member*> members;
    members.reserve(object.size());
    for (const auto& member : object) members.push_back(&member);
    std::stable_sort(members.begin(), members.end(),
                     [](const auto* x, const auto* y) { return x->name < y->name; });
    return members;
  };
  auto members_a = sorted(a);
  auto members_b = sorted(b);
  return std::equal(members_a.begin(), members_a.end(), members_b.begin(),
                    [](const auto* x, const auto* y) { return same_member(*x, *y); });
}

}  // namespace

bool Value::absent() const {
  if (is_none()) return true;
  if (is_text()) return as_text().empty();
  if (is_list()) return as_list().empty();
  if (!is_object()) return false;
  return std::all_of(as_object().begin(), as_object().end(),
                     [](const Member& member) { return member.value.absent(); });
}

const Value* Value::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  for (const auto& member : as_object()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view name) {
  return const_cast<Value*>(std::as_const(*this).find(name));
}

const Value* Value::find_fold(std::string_view name) const {
  if (!is_object()) return nullptr;
  for (const auto& member : as_object()) {
    if (ascii_equal_fold(member.name, name)) return &member.value;
  }
  return nullptr;
}

Value* Value::find_fold(std::string_view name) {
  return const_cast<Value*>(std::as_const(*this).find_fold(name));
}

Value& Value::set(std::string_view name, Value value) {
  if (is_none()) data_ = Object{};
  if (Value* held = find(name)) {
    *held = std::move(value);
  } else {
    as_object().push_back(Member{std::string(name), std::move(value)});
  }
  return *this;
}

bool Value::erase(std::string_view name) {
  if (!is_object()) return false;
  auto& members = as_object();
  auto member = std::find_if(members.begin(), members.end(),
                             [&](const Member& candidate) { return candidate.name == name; });
  if (member == members.end()) return false;
  members.erase(member);
  return true;
}

bool operator==(const Value& a, const Value& b) {
  if (a.data_.index() != b.data_.index()) return false;
  if (a.is_object()) return same_members(a.as_object(), b.as_object());
  if (a.is_list()) return a.as_list() == b.as_list();
  if (a.is_text()) return a.as_text() == b.as_text();
  if (a.is_double()) return a.as_double() == b.as_double();
  if (a.is_int()) return a.as_int() == b.as_int();
  if (a.is_bool()) return a.as_bool() == b.as_bool();
  return true;
}

}  // namespace muster
