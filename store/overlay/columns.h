// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace muster::store {

// A row that is put aside: its columns one behind the other, for this process alone (native byte
// order). Lists in it are texts of the store's codec (codec.h), as in the tables.

class ColumnWriter {
 public:
  explicit ColumnWriter(std::string& out) : out_(out) {}

  ColumnWriter& number(std::int64_t value) {
    char bytes[sizeof(value)];
    std::memcpy(bytes, &value, sizeof(value));
    out_.append(bytes, sizeof(value));
    return *this;
  }
  ColumnWriter& text(std::string_view text) {
    number(static_cast<std::int64_t>(text.size()));
    out_.append(text);
    return *this;
  }
  template <class Enum>
  ColumnWriter& code(Enum value) {
    return number(static_cast<std::int64_t>(value));
  }
  ColumnWriter& time(const std::optional<Timestamp>& time) {
    number(time.has_value());
    return number(time ? time->time_since_epoch().count() : 0);
  }

 private:
  std::string& out_;
};

// Reads the columns in the order in which they were written; behind the end everything is empty and
// `good` is false. Texts are parts of `row`.
class ColumnReader {
 public:
  explicit ColumnReader(std::string_view row) : left_(row) {}

  bool good() const { return good_; }

  std::int64_t number() {
    std::int64_t value = 0;
    const auto bytes = take(sizeof(value));
    if (good_) std::memcpy(&value, bytes.data(), sizeof(value));
    return value;
  }
  std::string_view view() { return take(static_cast<std::size_t>(number())); }
  std::string text() { return std::string(view()); }
  bool flag() { return number() != 0; }
  template <class Enum>
  Enum code() {
    return static_cast<Enum>(number());
  }
  std::optional<Timestamp> time() {
    const bool known = flag();
    const Timestamp time{Timestamp::duration(number())};
    return known ? std::optional(time) : std::nullopt;
  }

 private:
  std::string_view take(std::size_t count) {
    good_ = good_ && count <= left_.size();
    if (!good_) return {};
    const auto bytes = left_.substr(0, count);
    left_.remove_prefix(count);
    return bytes;
  }

  std::string_view left_;
  bool good_ = true;
};

}  // namespace muster::store
