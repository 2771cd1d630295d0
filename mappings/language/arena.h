// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace muster::mappings {

// Memory for the data of one record: taken in order, given back all at once. Keeps what it has
// grown to, so that the next record needs no allocation. At most `limit` bytes per record.
class Arena {
 public:
  static constexpr std::size_t limit = 1 << 20;

  // 8-byte aligned; nullptr beyond the limit.
  char* take(std::size_t bytes) {
    bytes = (bytes + 7) & ~std::size_t{7};
    if (bytes <= left_) {
      char* memory = next_;
      next_ += bytes;
      left_ -= bytes;
      return memory;
    }
    return take_from_next_block(bytes);
  }

  // Gives back the end of the last take(): it used only `used` of its `taken` bytes.
  void shrink(std::size_t taken, std::size_t used) {
    const auto back = ((taken + 7) & ~std::size_t{7}) - ((used + 7) & ~std::size_t{7});
    next_ -= back;
    left_ += back;
  }

  void reset();
  std::size_t used() const { return filled_ + (current_ == nullptr ? 0 : size_ - left_); }

 private:
  struct Block {
    std::unique_ptr<char[]> memory;
    std::size_t size = 0;
  };

  char* take_from_next_block(std::size_t bytes);
  void open(std::size_t index);

  std::vector<Block> blocks_;
  std::size_t block_ = 0;
  std::size_t filled_ = 0;  // bytes of the blocks before the current one
  // Not nullptr, which would be "beyond the limit" for the empty text that comes first.
  static inline char nothing_ = 0;
  char* current_ = nullptr;
  char* next_ = &nothing_;
  std::size_t size_ = 0;
  std::size_t left_ = 0;
};

}  // namespace muster::mappings
