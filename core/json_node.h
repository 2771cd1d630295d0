// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "core/json.h"
#include "core/result.h"
#include "core/value.h"

namespace muster {

// A JSON text as it lies in memory when it has been read: one or two words an element, in the order
// of the text (the first byte of a word is the kind; simdjson, doc/tape.md), and the texts with
// their lengths.
struct JsonTape {
  const std::uint64_t* words = nullptr;
  const char* strings = nullptr;
};

// One value of a text that a JsonReader has read: read in place, nothing is built. A view, cheap to
// copy; valid until its reader reads the next text. A default one is null.
class JsonNode {
 public:
  JsonNode() = default;
  JsonNode(const JsonTape* tape, std::uint32_t at) : tape_(tape), at_(at) {}

  bool is_none() const { return kind() == 'n'; }
  bool is_bool() const { return kind() == 't' || kind() == 'f'; }
  bool is_int() const { return kind() == 'l'; }
  bool is_double() const { return kind() == 'd'; }
  bool is_text() const { return kind() == '"'; }
  bool is_list() const { return kind() == '['; }
  bool is_object() const { return kind() == '{'; }

  // Each needs the matching is_...() to hold.
  bool as_bool() const { return kind() == 't'; }
  std::int64_t as_int() const { return static_cast<std::int64_t>(tape_->words[at_ + 1]); }
  double as_double() const {
    double number = 0;
    std::memcpy(&number, tape_->words + at_ + 1, sizeof number);
    return number;
  }
  std::string_view as_text() const {
    const char* text = tape_->strings + (tape_->words[at_] & low_56_bits);
    std::uint32_t size = 0;
    std::memcpy(&size, text, sizeof size);
    return {text + sizeof size, size};
  }

  // Calls `visit(name, value)` for each member of an object until it returns false.
  template <class Visit>
  void each_member(Visit visit) const {
    const auto* const words = tape_->words;
    const std::uint32_t end = behind(words, at_) - 1;
    for (std::uint32_t at = at_ + 1; at < end; at = behind(words, at + 1))
      if (!visit(JsonNode(tape_, at).as_text(), JsonNode(tape_, at + 1))) return;
  }
  // The same for the items of a list: `visit(item)`.
  template <class Visit>
  void each_item(Visit visit) const {
    const auto* const words = tape_->words;
    const std::uint32_t end = behind(words, at_) - 1;
    for (std::uint32_t at = at_ + 1; at < end; at = behind(words, at))
      if (!visit(JsonNode(tape_, at))) return;
  }
  // The member of that name, of an object; null when there is none. `find_fold`: an exact name
  // comes before one that differs in the case of ASCII letters.
  JsonNode find(std::string_view name) const {
    JsonNode found;
    each_member([&](std::string_view written, JsonNode value) {
      if (!same_text(written, name)) return true;
      found = value;
      return false;
    });
    return found;
  }
  JsonNode find_fold(std::string_view name) const;
  // Members or items.
  std::size_t size() const;

  // As Value::absent.
  bool absent() const;
  Value value() const;

  // Where it stands: JsonNode(tape(), position()) is the same node.
  const JsonTape* tape() const { return tape_; }
  std::uint32_t position() const { return at_; }

 private:
  // Names are short: a call of memcmp would take longer than it compares.
  static bool same_text(std::string_view a, std::string_view b) {
    const auto size = a.size();
    if (size != b.size()) return false;
    const auto same = [&](std::size_t at, auto x, auto y) {
      std::memcpy(&x, a.data() + at, sizeof x);
      std::memcpy(&y, b.data() + at, sizeof y);
      return x == y;
    };
    constexpr std::uint32_t half = 0;
    constexpr std::uint64_t word = 0;
    if (size < sizeof half) return std::equal(a.begin(), a.end(), b.begin());
    if (size < sizeof word) return same(0, half, half) && same(size - sizeof half, half, half);
    for (std::size_t at = 0; at + sizeof word < size; at += sizeof word)
      if (!same(at, word, word)) return false;
    return same(size - sizeof word, word, word);
  }

  static constexpr std::uint64_t low_56_bits = (std::uint64_t{1} << 56) - 1;

  char kind() const { return tape_ == nullptr ? 'n' : static_cast<char>(tape_->words[at_] >> 56); }
  // The position of what follows the value at `at`.
  static std::uint32_t behind(const std::uint64_t* words, std::uint32_t at) {
    const auto word = words[at];
    const auto kind = static_cast<char>(word >> 56);
    if (kind == '{' || kind == '[') return static_cast<std::uint32_t>(word);
    const bool number = kind == 'l' || kind == 'u' || kind == 'd';
    return at + (number ? 2 : 1);
  }

  friend class JsonReader;
  const JsonTape* tape_ = nullptr;
  std::uint32_t at_ = 0;
};

// Reads JSON texts one after the other, without an allocation once it has grown. One per thread.
// It keeps about fourteen bytes per byte of the longest text of up to `usual_bytes` that it has
// read, and those of a longer one until the next.
class JsonReader {
 public:
  static constexpr std::size_t usual_bytes = 256 << 10;

  JsonReader();
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  // The whole document; refused as parse_json() refuses it. All earlier nodes end here.
  Result<JsonNode> read(std::string_view text, const JsonLimits& limits = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muster
