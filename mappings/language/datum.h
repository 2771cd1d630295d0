// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/json_node.h"
#include "core/value.h"

namespace muster::mappings {

struct DnDatum;

// A value while it is evaluated: 16 bytes, a view into the record, a program or a machine's arena.
// Valid until the machine starts its next record. Text is NFC; blanks only are none.
struct Datum {
  enum class Tag : std::uint8_t {
    none,
    boolean,
    integer,
    date,
    duration,
    text,
    email,
    domain,
    ref,
    dn,
    list,
    complex,
    clear,
    keep,
  };

  union {
    const char* chars;      // text, email, domain, ref
    std::int64_t number;    // boolean, integer, date and duration (milliseconds)
    const Datum* items_;    // list
    const DnDatum* dn_;     // dn
    const Value* object;    // complex of a Value
    const JsonTape* tape_;  // complex of a JSON text, at position `size`
  };
  std::uint32_t size = 0;  // bytes, items
  Tag tag = Tag::none;
  bool in_json = false;  // which of the two a complex is
  // A Datum without a gap is copied as two words; one with a gap in overlapping pieces, and each
  // copy of one that was just written waits until it has reached the cache.
  std::uint16_t unused = 0;

  Datum() : number(0) {}

  bool is_none() const { return tag == Tag::none; }
  bool truth() const { return tag == Tag::boolean && number != 0; }
  // text, email, domain, ref, and a DN as written; empty for the others.
  std::string_view text() const;
  std::span<const Datum> items() const {
    return tag == Tag::list ? std::span<const Datum>(items_, size) : std::span<const Datum>();
  }
  // Of a complex that is `in_json`.
  JsonNode node() const { return {tape_, size}; }
  // The compare form of a DN (Dn::key); empty for the others.
  std::string_view dn_key() const;
};

// A DN inside a machine: see Dn.
struct DnDatum {
  std::string_view written;
  std::string_view key;
  std::string_view first_value;
};

inline std::string_view Datum::text() const {
  if (tag == Tag::text) return {chars, size};
  switch (tag) {
    case Tag::text:
    case Tag::email:
    case Tag::domain:
    case Tag::ref:
      return {chars, size};
    case Tag::dn:
      return dn_->written;
    case Tag::none:
    case Tag::boolean:
    case Tag::integer:
    case Tag::date:
    case Tag::duration:
    case Tag::list:
    case Tag::complex:
    case Tag::clear:
    case Tag::keep:
      return {};
  }
  return {};
}

inline std::string_view Datum::dn_key() const {
  return tag == Tag::dn ? dn_->key : std::string_view();
}

static_assert(sizeof(Datum) == 16);

// As contributions and identities keep it: none, bool, int, text, list. A date becomes "2026-11-22"
// at midnight UTC and RFC 3339 otherwise, a duration "PT90S", a DN its text as written. `clear` and
// `keep` become none.
Value to_value(const Datum& datum);

// Whether that is what to_value() gives.
bool is_value(const Datum& datum, const Value& value);

// Equality as `==` has it: DNs by their compare form, lists as sets.
bool equal(const Datum& a, const Datum& b);

}  // namespace muster::mappings
