// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace muster::http {

// Bytes that have arrived and were not used yet, in one piece. One thread.
class InputBuffer {
 public:
  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }

  // Room for `size` more bytes behind view(); add() says how many of them came. room() ends the
  // life of view().
  char* room(std::size_t size);
  void add(std::size_t size) { end_ += size; }
  void use(std::size_t size) {
    begin_ += size;
    if (begin_ == end_) begin_ = end_ = 0;
  }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace muster::http
