// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace muster::connectors::csv {

// Remembers in which line each key came first, in 12 bytes a slot (48 MB for two million keys): the
// keys themselves are not kept, so two keys with equal 64-bit hashes pass for one.
class KeyIndex {
 public:
  KeyIndex();

  // The line where the key came first, 0 when it is new and now remembered. Lines start at 1.
  std::uint32_t first_line(std::string_view key, std::uint32_t line);

 private:
  std::size_t slot_of(std::uint64_t hash) const;
  void grow();

  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> lines_;  // 0 = free
  std::size_t count_ = 0;
};

}  // namespace muster::connectors::csv
