// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::mappings {

// The top-level members of a record that somebody reads, numbered, so that a record is gone through
// once: each of its members is looked up here, most of them in vain. Grows while a file is loaded.
class MemberIndex {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  // `fold`: names compare without ASCII case. The number of a name that is known already is its
  // old one.
  std::uint32_t add(const std::string& name, bool fold);

  struct Found {
    std::uint32_t number = none;
    bool exact = false;  // not only but for its case
  };
  Found find(std::string_view name) const {
    if (table_.empty()) return {};
    const auto at = hash(name) & (table_.size() - 1);
    return table_[at] == none ? Found{} : find_from(at, name);
  }

  std::size_t size() const { return names_.size(); }

 private:
  struct Name {
    std::string text = {};
    bool fold = false;
  };

  // Equal for names that differ by case only.
  static std::size_t hash(std::string_view name) {
    if (name.empty()) return 0;
    constexpr unsigned case_bit = 0x20;
    const auto letter = [&](std::size_t at) -> std::size_t {
      return static_cast<unsigned char>(name[at]) | case_bit;
    };
    return letter(0) * 7 + letter(name.size() - 1) * 29 + name.size() * 3;
  }
  Found find_from(std::size_t at, std::string_view name) const;
  void place(std::uint32_t number);

  std::vector<Name> names_ = {};
  std::vector<std::uint32_t> table_ = {};  // open addressing; a power of two
};

}  // namespace muster::mappings
