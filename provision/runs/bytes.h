// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/record.h"

namespace muster::provision {

// What is put aside for this process alone (native byte order), piece by piece; read back in the
// same order.

template <class T>
void append_raw(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void append_size(std::string& out, std::size_t size);
void append_text(std::string& out, std::string_view text);
void append_texts(std::string& out, const std::vector<std::string>& texts);

template <class List, class One>
void append_each(std::string& out, const List& list, One one) {
  append_size(out, list.size());
  for (const auto& element : list) one(element);
}

// Reads what was appended; after bytes that end too early everything is empty and `good` is false.
class Reading {
 public:
  explicit Reading(std::string_view bytes) : left_(bytes) {}

  bool good() const { return good_; }

  template <class T>
  T raw() {
    T value{};
    const auto bytes = take(sizeof(T));
    if (bytes.size() == sizeof(T)) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

  std::size_t size() { return raw<std::uint32_t>(); }
  std::string text() { return std::string(take(size())); }

  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (auto count = size(); count > 0 && good_; --count) all.push_back(text());
    return all;
  }

 private:
  std::string_view take(std::size_t count) {
    if (count > left_.size()) {
      good_ = false;
      left_ = {};
      return {};
    }
    const auto bytes = left_.substr(0, count);
    left_.remove_prefix(count);
    return bytes;
  }

  std::string_view left_;
  bool good_ = true;
};

template <class Element, class One>
std::vector<Element> read_each(Reading& reading, One one) {
  std::vector<Element> all;
  const auto count = reading.size();
  for (std::size_t i = 0; i < count && reading.good(); ++i) all.push_back(one());
  return all;
}

void append_search(std::string& out, const SearchKeys& search);
SearchKeys read_search(Reading& reading);

}  // namespace muster::provision
