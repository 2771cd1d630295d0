// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/member_index.h"

#include "core/text.h"

namespace muster::mappings {

std::uint32_t MemberIndex::add(const std::string& name, bool fold) {
  for (std::uint32_t i = 0; i < names_.size(); ++i)
    if (names_[i].text == name) return i;
  constexpr std::size_t smallest = 16;
  constexpr unsigned smallest_bits = 4;
  constexpr std::size_t room = 4;  // places for each name: most look-ups are in vain
  names_.push_back({name, fold});
  if (names_.size() * room > table_.size()) {
    shift_ = table_.empty() ? 64 - smallest_bits : shift_ - 1;
    table_.assign(table_.empty() ? smallest : table_.size() * 2, {});
  } else {
    table_.assign(table_.size(), {});
  }
  for (std::uint32_t i = 0; i < names_.size(); ++i) place(i);  // `rest` has moved with its name
  return static_cast<std::uint32_t>(names_.size() - 1);
}

void MemberIndex::place(std::uint32_t number) {
  const std::string_view name = names_[number].text;
  const auto head = head_of(name);
  auto at = position(head);
  while (table_[at].number != none) at = (at + 1) & (table_.size() - 1);
  table_[at] = {head, number, static_cast<std::uint32_t>(name.size()),
                name.size() > sizeof(Head) ? name.data() + sizeof(Head) : nullptr};
}

MemberIndex::Found MemberIndex::find_from(std::size_t at, std::string_view name) const {
  Found found;
  for (; table_[at].number != none; at = (at + 1) & (table_.size() - 1)) {
    const auto& known = names_[table_[at].number];
    if (known.text.size() != name.size()) continue;
    if (known.text == name) return {table_[at].number, true};
    if (known.fold && ascii_equal_fold(known.text, name)) found = {table_[at].number, false};
  }
  return found;
}

}  // namespace muster::mappings
