// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/record.h"
#include "core/value.h"

namespace muster {

// What a mapping line says when it says something (saying nothing is the absence of an offer): a
// value, the authoritative "empty", or "leave the target as it is".
enum class Flow { value, clear, keep };

struct Offer {
  std::string attribute = {};  // of the identity
  Flow flow = Flow::value;
  Value value = {};

  friend bool operator==(const Offer&, const Offer&) = default;
};

// A value that the record gave and does not give any more, and since when; kept only for as long
// as a rule may still want it.
struct Lapsed {
  std::string attribute = {};
  Value value = {};
  Timestamp since = {};

  friend bool operator==(const Lapsed&, const Lapsed&) = default;
};

// What we understood of one source record: attribute -> value | clear | keep. Made by a mapping
// engine, stored per (identity, source, key). Offers are sorted by attribute, each at most once;
// `lapsed` likewise, and never about an attribute with a value or `clear` among the offers.
struct Contribution {
  SourceKey key = {};
  std::string tag = {};  // the data-source tag, as `merge` and administrators name it
  std::vector<Offer> offers = {};
  std::vector<Lapsed> lapsed = {};
  Value rank = {};  // the source's `primary:`: which of its accounts speaks first for a person

  const Offer* find(std::string_view attribute) const;
  const Lapsed* find_lapsed(std::string_view attribute) const;
};

}  // namespace muster
