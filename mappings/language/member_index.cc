// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/member_index.h"

#include <algorithm>

#include "core/text.h"

namespace muster::mappings {

std::uint32_t MemberIndex::add(const std::string& name, bool fold, std::uint32_t number) {
  for (const auto& known : names_)
    if (known.text == name) return known.number;
  constexpr std::size_t smallest = 16;
  constexpr unsigned smallest_bits = 4;
  constexpr std::size_t room = 4;  // places for each name
  names_.push_back({name, fold, number});
  if (names_.size() * room > table_.size()) {
    shift_ = table_.empty() ? 64 - smallest_bits : shift_ - 1;
    table_.resize(table_.empty() ? smallest : table_.size() * 2);
  }
  std::fill(table_.begin(), table_.end(), Entry());  // the names have moved
  for (const auto& known : names_) place(known);
  return number;
}

void MemberIndex::place(const Name& name) {
  const auto head = head_of(name.text);
  const auto tail = name.text.size() > sizeof(Word) ? tail_of(name.text) : 0;
  auto at = position(head);
  while (table_[at].number != none) at = (at + 1) & (table_.size() - 1);
  table_[at] = {head, tail, name.number, static_cast<std::uint32_t>(name.text.size()), &name};
}

std::uint32_t MemberIndex::find_from(std::size_t at, std::string_view name, bool& exact) const {
  auto found = none;
  for (; table_[at].number != none; at = (at + 1) & (table_.size() - 1)) {
    const auto& known = *table_[at].name;
    if (known.text.size() != name.size()) continue;
    if (known.text == name) return known.number;
    if (known.fold && ascii_equal_fold(known.text, name)) found = known.number;
  }
  exact = false;
  return found;
}

}  // namespace muster::mappings
