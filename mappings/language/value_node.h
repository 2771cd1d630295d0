// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core/value.h"

namespace muster::mappings {

// A muster::Value with the face of a JsonNode, so that one reader serves both.
class ValueNode {
 public:
  explicit ValueNode(const Value& value) : value_(&value) {}

  bool is_none() const { return value_->is_none(); }
  bool is_bool() const { return value_->is_bool(); }
  bool is_int() const { return value_->is_int(); }
  bool is_double() const { return value_->is_double(); }
  bool is_text() const { return value_->is_text(); }
  bool is_list() const { return value_->is_list(); }
  bool is_object() const { return value_->is_object(); }

  bool as_bool() const { return value_->as_bool(); }
  std::int64_t as_int() const { return value_->as_int(); }
  double as_double() const { return value_->as_double(); }
  std::string_view as_text() const { return value_->as_text(); }

  template <class Visit>
  void each_member(Visit visit) const {
    for (const auto& member : value_->as_object())
      if (!visit(std::string_view(member.name), ValueNode(member.value))) return;
  }
  template <class Visit>
  void each_item(Visit visit) const {
    for (const auto& item : value_->as_list())
      if (!visit(ValueNode(item))) return;
  }
  std::size_t size() const {
    return value_->is_list() ? value_->as_list().size() : value_->as_object().size();
  }
  bool absent() const { return value_->absent(); }

  const Value& value() const { return *value_; }

 private:
  const Value* value_;
};

}  // namespace muster::mappings
