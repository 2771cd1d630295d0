// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace muster {

// A typed value as a source told it: none, boolean, integer, decimal, text, list, or complex (an
// object whose members keep the order of arrival). Plain value; text is UTF-8. Dates and DNs travel
// as text until the mapping engine types them.
class Value {
 public:
  struct Member;
  using List = std::vector<Value>;
  using Object = std::vector<Member>;

  Value() = default;
  Value(bool value);
  Value(std::int64_t value);
  Value(int value);
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);
  Value(List value);
  Value(Object value);

  bool is_none() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_double() const { return std::holds_alternative<double>(data_); }
  bool is_text() const { return std::holds_alternative<std::string>(data_); }
  bool is_list() const { return std::holds_alternative<List>(data_); }
  bool is_object() const { return std::holds_alternative<Object>(data_); }

  // Each needs the matching is_...() to hold.
  bool as_bool() const { return std::get<bool>(data_); }
  std::int64_t as_int() const { return std::get<std::int64_t>(data_); }
  double as_double() const { return std::get<double>(data_); }
  const std::string& as_text() const { return std::get<std::string>(data_); }
  const List& as_list() const { return std::get<List>(data_); }
  const Object& as_object() const { return std::get<Object>(data_); }
  std::string& as_text() { return std::get<std::string>(data_); }
  List& as_list() { return std::get<List>(data_); }
  Object& as_object() { return std::get<Object>(data_); }

  // The one kind of nothing: none, "", an empty list, an object without a present member (RFC
  // 7643, 2.5).
  bool absent() const;

  // The member of that name; nullptr when there is none or this is no object. `find` compares
  // exactly, `find_fold` as SCIM and LDAP compare attribute names: ASCII letters without case.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  const Value* find_fold(std::string_view name) const;
  Value* find_fold(std::string_view name);

  // Sets or appends a member; a none becomes an object first. Returns *this.
  Value& set(std::string_view name, Value value);

  // Removes the member of that exact name; false when there was none.
  bool erase(std::string_view name);

  // Equal type and content; objects compare member by member without regard to order.
  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> data_;
};

struct Value::Member {
  std::string name;
  Value value;
};

// Here, because a constructor needs Member to be complete.
inline Value::Value(bool value) : data_(value) {}
inline Value::Value(std::int64_t value) : data_(value) {}
inline Value::Value(int value) : data_(std::int64_t{value}) {}
inline Value::Value(double value) : data_(value) {}
inline Value::Value(std::string value) : data_(std::move(value)) {}
inline Value::Value(std::string_view value) : data_(std::string(value)) {}
inline Value::Value(const char* value) : data_(std::string(value)) {}
inline Value::Value(List value) : data_(std::move(value)) {}
inline Value::Value(Object value) : data_(std::move(value)) {}

}  // namespace muster
