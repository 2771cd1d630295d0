// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <span>
#include <string_view>

#include "core/clock.h"
#include "mappings/language/arena.h"
#include "mappings/language/datum.h"

namespace muster::mappings {

struct CallSite;  // code.h
class Preference;

constexpr std::size_t longest_text = 64 * 1024;
// Of W-TRIMMED.
constexpr std::string_view trimmed_message =
    "blanks or invisible characters around the value were left out; remove them at the source";
constexpr std::size_t longest_list = 100'000;

inline Datum text_datum(std::string_view text, Datum::Tag tag = Datum::Tag::text) {
  Datum datum;
  if (text.empty()) return datum;
  datum.chars = text.data();
  datum.size = static_cast<std::uint32_t>(text.size());
  datum.tag = tag;
  return datum;
}
inline Datum number_datum(std::int64_t number, Datum::Tag tag = Datum::Tag::integer) {
  Datum datum;
  datum.number = number;
  datum.tag = tag;
  return datum;
}
inline Datum truth_datum(bool truth) { return number_datum(truth ? 1 : 0, Datum::Tag::boolean); }
inline Datum list_datum(const Datum* items, std::size_t size) {
  Datum datum;
  if (size == 0) return datum;
  datum.items_ = items;
  datum.size = static_cast<std::uint32_t>(size);
  datum.tag = Datum::Tag::list;
  return datum;
}

// What a function of the language sees of the machine while it runs.
class Context {
 public:
  explicit Context(Arena& arena) : arena_(arena) {}

  // The constant arguments of this call (table, set, regular expression, formats).
  const CallSite& site() const { return *site_; }
  Timestamp run_time() const { return run_time_; }
  // The attribute whose line of the map runs; empty: another program does.
  std::string_view line() const { return line_; }
  void set_line(std::string_view line) { line_ = line; }
  // nullptr: nothing stood before, or nobody knows.
  Preference* preference() const { return preference_; }
  void set_preference(Preference* preference) { preference_ = preference; }

  // Ends the evaluation with an error; returns none. Both texts must be literals (static storage).
  Datum fail(std::string_view code, std::string_view message) {
    if (code_.empty()) {
      code_ = code;
      message_ = message;
    }
    return {};
  }
  // The same with a message that is kept for the record.
  Datum fail_with(std::string_view code, std::string_view message);
  // Turns the failure into something that is only worth mentioning: the evaluation goes on.
  void note() {
    note_code_ = code_;
    note_message_ = message_;
    restart();
  }
  std::string_view note_code() const { return note_code_; }
  std::string_view note_message() const { return note_message_; }
  void forget_note() { note_code_ = {}; }
  bool failed() const { return !code_.empty(); }
  // Whether it is a conversion that failed: neither a limit nor what the file demands (required,
  // `missing: error`).
  bool failed_to_convert() const {
    return failed() && code_ != "W-LIMIT" && code_ != "W-REQUIRED" && code_ != "W-LOOKUP";
  }
  std::string_view code() const { return code_; }
  std::string_view message() const { return message_; }

  // Memory for `bytes`; nullptr (and failed) beyond the limits of a text or a record.
  char* room(std::size_t bytes) {
    if (bytes > longest_text) {
      fail("W-LIMIT", "a text is longer than 64 KiB");
      return nullptr;
    }
    return raw_room(bytes);
  }
  Datum* list_room(std::size_t items) {
    if (items > longest_list) {
      fail("W-LIMIT", "a list has more than 100,000 elements");
      return nullptr;
    }
    return reinterpret_cast<Datum*>(raw_room(items * sizeof(Datum)));
  }
  void shrink(std::size_t taken, std::size_t used) { arena_.shrink(taken, used); }

  Datum copy(std::string_view text, Datum::Tag tag = Datum::Tag::text) {
    if (text.empty()) return {};
    char* memory = room(text.size());
    if (memory == nullptr) return {};
    std::memcpy(memory, text.data(), text.size());
    return text_datum({memory, text.size()}, tag);
  }

  // A text of at most `most` bytes that `write` fills, from char* to its end.
  template <class Write>
  Datum build(std::size_t most, Write write) {
    char* memory = room(most);
    if (memory == nullptr) return {};
    const auto used = static_cast<std::size_t>(write(memory) - memory);
    shrink(most, used);
    return text_datum({memory, used});
  }

  void begin(const CallSite* site) { site_ = site; }
  // Each on its own: a copy of what was just written would wait for it.
  void restart() {
    code_ = {};
    message_ = {};
  }
  void set_run_time(Timestamp time) { run_time_ = time; }

 private:
  char* raw_room(std::size_t bytes) {
    char* memory = arena_.take(bytes);
    if (memory == nullptr) fail("W-LIMIT", "this record needs more than 1 MiB of working memory");
    return memory;
  }

  Arena& arena_;
  const CallSite* site_ = nullptr;
  Timestamp run_time_ = {};
  std::string_view line_;
  Preference* preference_ = nullptr;
  std::string_view code_;
  std::string_view message_;
  std::string_view note_code_;
  std::string_view note_message_;
};

// One function of the language. Arguments that a strict parameter takes are never none. An empty
// text or list counts as none.
using Native = Datum (*)(Context&, std::span<const Datum> arguments);

// The case-insensitive compare form (fold_key).
std::string_view folded(Context& context, std::string_view text);

// Conversions that reading a record and functions share. none + failed() when it is none of that
// type.
Datum to_email(Context& context, std::string_view text);
Datum to_domain(Context& context, std::string_view text);
Datum to_dn(Context& context, std::string_view text);
Datum to_integer(Context& context, std::string_view text);
Datum to_boolean(Context& context, std::string_view text);

}  // namespace muster::mappings
