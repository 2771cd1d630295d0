// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/member_index.h"

#include "core/text.h"

namespace muster::mappings {

std::uint32_t MemberIndex::add(const std::string& name, bool fold) {
  for (std::uint32_t i = 0; i < names_.size(); ++i)
    if (names_[i].text == name) return i;
  names_.push_back({name, fold});
  if (names_.size() * 4 > table_.size()) {
    table_.assign(table_.empty() ? 64 : table_.size() * 2, none);
    for (std::uint32_t i = 0; i + 1 < names_.size(); ++i) place(i);
  }
  const auto number = static_cast<std::uint32_t>(names_.size() - 1);
  place(number);
  return number;
}

void MemberIndex::place(std::uint32_t number) {
  auto at = hash(names_[number].text) & (table_.size() - 1);
  while (table_[at] != none) at = (at + 1) & (table_.size() - 1);
  table_[at] = number;
}

MemberIndex::Found MemberIndex::find_from(std::size_t at, std::string_view name) const {
  Found found;
  for (; table_[at] != none; at = (at + 1) & (table_.size() - 1)) {
    const auto& known = names_[table_[at]];
    if (known.text.size() != name.size()) continue;
    if (known.text == name) return {table_[at], true};
    if (known.fold && ascii_equal_fold(known.text, name)) found = {table_[at], false};
  }
  return found;
}

}  // namespace muster::mappings
