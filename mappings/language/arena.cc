// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/arena.h"

#include <algorithm>

namespace muster::mappings {

void Arena::open(std::size_t index) {
  block_ = index;
  current_ = next_ = blocks_[index].memory.get();
  size_ = left_ = blocks_[index].size;
}

void Arena::reset() {
  filled_ = 0;
  if (!blocks_.empty()) open(0);
}

char* Arena::take_from_next_block(std::size_t bytes) {
  const std::size_t before = used();
  if (before + bytes > limit) return nullptr;
  const std::size_t index = current_ == nullptr ? 0 : block_ + 1;
  if (index == blocks_.size() || blocks_[index].size < bytes) {
    // What is behind is too small for this record: replaced, so that the number of blocks stays
    // small.
    blocks_.resize(index);
    const std::size_t size =
        std::max<std::size_t>(bytes, std::size_t{16384} << std::min<std::size_t>(index, 5));
    blocks_.push_back({std::make_unique<char[]>(size), size});
  }
  filled_ = before;
  open(index);
  next_ += bytes;
  left_ -= bytes;
  return current_;
}

}  // namespace muster::mappings
