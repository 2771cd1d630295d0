// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/key_index.h"

#include <bit>

#include "core/content_hash.h"

namespace muster::connectors::csv {

KeyIndex::KeyIndex() : hashes_(1024), lines_(1024) {}

std::uint32_t KeyIndex::first_line(std::string_view key, std::uint32_t line) {
  if ((count_ + 1) * 4 > hashes_.size() * 3) grow();
  const auto hash = std::bit_cast<std::uint64_t>(content_hash(key));
  const std::size_t slot = slot_of(hash);
  if (lines_[slot] != 0) return lines_[slot];
  hashes_[slot] = hash;
  lines_[slot] = line;
  ++count_;
  return 0;
}

// Where the hash stands or would stand: open addressing, sizes are powers of two.
std::size_t KeyIndex::slot_of(std::uint64_t hash) const {
  std::size_t slot = hash & (hashes_.size() - 1);
  while (lines_[slot] != 0 && hashes_[slot] != hash) slot = (slot + 1) & (hashes_.size() - 1);
  return slot;
}

void KeyIndex::grow() {
  KeyIndex larger;
  larger.hashes_.assign(2 * hashes_.size(), 0);
  larger.lines_.assign(2 * lines_.size(), 0);
  for (std::size_t i = 0; i < hashes_.size(); ++i) {
    if (lines_[i] == 0) continue;
    const std::size_t slot = larger.slot_of(hashes_[i]);
    larger.hashes_[slot] = hashes_[i];
    larger.lines_[slot] = lines_[i];
  }
  larger.count_ = count_;
  *this = std::move(larger);
}

}  // namespace muster::connectors::csv
