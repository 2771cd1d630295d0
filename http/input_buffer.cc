// SPDX-License-Identifier: Apache-2.0
#include "http/input_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace muster::http {

char* InputBuffer::room(std::size_t size) {
  const std::size_t held = end_ - begin_;
  const bool far_too_big = held == 0 && capacity_ > 4 * size;
  if (capacity_ - end_ < size || far_too_big) {
    if (capacity_ < held + size || far_too_big) {
      const std::size_t capacity = std::max(held + size, far_too_big ? 0 : 2 * held);
      auto bigger = std::make_unique_for_overwrite<char[]>(capacity);
      if (held > 0) std::memcpy(bigger.get(), data_.get() + begin_, held);
      data_ = std::move(bigger);
      capacity_ = capacity;
    } else {
      std::memmove(data_.get(), data_.get() + begin_, held);
    }
    begin_ = 0;
    end_ = held;
  }
  return data_.get() + end_;
}

}  // namespace muster::http
