// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

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
};

// What we understood of one source record: attribute -> value | clear | keep. Made by a mapping
// engine, stored per (identity, source, key). Offers are sorted by attribute, each at most once.
struct Contribution {
  SourceKey key = {};
  std::string tag = {};  // the data-source tag, as `merge` and administrators name it
  std::vector<Offer> offers = {};

  const Offer* find(std::string_view attribute) const;
};

}  // namespace muster
