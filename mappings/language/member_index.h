// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace muster::mappings {

// The members of one object of a record that somebody reads, with a number each, so that it is gone
// through once: each of its members is looked up here. Grows while a file is loaded.
class MemberIndex {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  MemberIndex() = default;
  MemberIndex(MemberIndex&&) noexcept = default;  // the table points into the names
  MemberIndex& operator=(MemberIndex&&) noexcept = default;

  // `fold`: names compare without ASCII case. Gives the number of the name: `number` when it is
  // new, else its old one.
  std::uint32_t add(const std::string& name, bool fold, std::uint32_t number);

  // The number of a name, or `none`. `exact`: it is spelled so, case included.
  std::uint32_t find(std::string_view name, bool& exact) const {
    exact = true;
    if (table_.empty()) return none;
    const auto head = head_of(name);
    const auto at = position(head);
    const auto& entry = table_.data()[at];
    if (entry.number == none || entry.is(name, head)) return entry.number;
    return find_from(at, name, exact);
  }

 private:
  // The beginning of a name or its end: both together are most names.
  using Word = std::uint64_t;

  struct Name {
    std::string text = {};
    bool fold = false;
    std::uint32_t number = 0;
  };

  struct Entry {
    Word head = 0;
    Word tail = 0;
    std::uint32_t number = none;
    std::uint32_t size = 0;
    const Name* name = nullptr;

    bool is(std::string_view text, Word its_head) const {
      if (head != its_head || size != text.size()) return false;
      if (size <= sizeof head) return true;
      return tail == tail_of(text) && (size <= 2 * sizeof head || name->text == text);
    }
  };

  static Word head_of(std::string_view name) {
    Word head = 0;
    if (name.size() >= sizeof head) {
      std::memcpy(&head, name.data(), sizeof head);
    } else if (name.size() >= 4) {
      std::uint32_t tail = 0;
      std::memcpy(&head, name.data(), 4);
      std::memcpy(&tail, name.data() + name.size() - 4, 4);
      head |= Word{tail} << 32;
    } else {
      for (const char c : name) head = head << 8 | static_cast<unsigned char>(c);
    }
    return head;
  }

  // Of a name that is longer than a word.
  static Word tail_of(std::string_view name) {
    Word tail = 0;
    std::memcpy(&tail, name.data() + name.size() - sizeof tail, sizeof tail);
    return tail;
  }

  // Equal for names that differ by case only.
  std::size_t position(Word head) const {
    constexpr Word case_bits = 0x2020202020202020ULL;
    constexpr Word scatter = 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>((head | case_bits) * scatter >> shift_);
  }

  std::uint32_t find_from(std::size_t at, std::string_view name, bool& exact) const;
  void place(const Name& name);

  std::vector<Name> names_ = {};
  std::vector<Entry> table_ = {};  // open addressing; a power of two
  unsigned shift_ = 64;            // leaves as many bits as count the table
};

}  // namespace muster::mappings
