// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace muster::mappings {

// The members of one object of a record that somebody reads, numbered, so that it is gone through
// once: each of its members is looked up here, most of them in vain. Grows while a file is loaded.
class MemberIndex {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  MemberIndex() = default;
  MemberIndex(MemberIndex&&) noexcept = default;  // the table points into the names
  MemberIndex& operator=(MemberIndex&&) noexcept = default;

  // `fold`: names compare without ASCII case. The number of a name that is known already is its
  // old one.
  std::uint32_t add(const std::string& name, bool fold);

  struct Found {
    std::uint32_t number = none;
    bool exact = false;  // not only but for its case
  };
  Found find(std::string_view name) const {
    if (table_.empty()) return {};
    const auto head = head_of(name);
    const auto at = position(head);
    const auto& entry = table_.data()[at];
    if (entry.number == none) return {};
    if (entry.is(name, head)) return {entry.number, true};
    return find_from(at, name);
  }

  std::size_t size() const { return names_.size(); }

 private:
  // The beginning of a name, which decides about nearly all.
  using Head = std::uint64_t;

  struct Entry {
    Head head = 0;
    std::uint32_t number = none;
    std::uint32_t size = 0;
    const char* rest = nullptr;  // behind the head

    bool is(std::string_view name, Head its_head) const {
      return head == its_head && size == name.size() &&
             (size <= sizeof(Head) ||
              std::memcmp(rest, name.data() + sizeof(Head), size - sizeof(Head)) == 0);
    }
  };

  struct Name {
    std::string text = {};
    bool fold = false;
  };

  static Head head_of(std::string_view name) {
    Head head = 0;
    if (name.size() >= sizeof head) {
      std::memcpy(&head, name.data(), sizeof head);
    } else if (name.size() >= 4) {
      std::uint32_t tail = 0;
      std::memcpy(&head, name.data(), 4);
      std::memcpy(&tail, name.data() + name.size() - 4, 4);
      head |= Head{tail} << 32;
    } else {
      for (const char c : name) head = head << 8 | static_cast<unsigned char>(c);
    }
    return head;
  }

  // Equal for names that differ by case only.
  std::size_t position(Head head) const {
    constexpr Head case_bits = 0x2020202020202020ULL;
    constexpr Head scatter = 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>((head | case_bits) * scatter >> shift_);
  }

  Found find_from(std::size_t at, std::string_view name) const;
  void place(std::uint32_t number);

  std::vector<Name> names_ = {};
  std::vector<Entry> table_ = {};  // open addressing; a power of two
  unsigned shift_ = 64;            // leaves as many bits as count the table
};

}  // namespace muster::mappings
