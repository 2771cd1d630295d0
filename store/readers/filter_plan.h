// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/filter.h"

namespace muster::store {

// How an index holds what it indexes: as it is, as fold_key of it, or as "true" and "false".
enum class KeyForm { exact, folded, truth };

// An attribute that has an index: how a filter names it and which index that is. Earlier ones
// narrow more.
struct IndexedAttribute {
  std::string_view path = {};  // "emails.value"
  int index = 0;
  KeyForm form = KeyForm::folded;
};

// How a filter is answered: one `eq` on an indexed attribute, when there is one, finds candidates;
// `rest` is what they still have to satisfy.
struct FilterPlan {
  std::optional<IndexedAttribute> by = {};
  std::string key = {};  // for the index; of a boolean "true" or "false"
  std::optional<Filter> rest = {};
};

// Looks at the filter itself and at the operands of a top-level `and`. `emails eq` and
// `emails[value eq ..]` count as `emails.value eq`.
FilterPlan plan_filter(const std::optional<Filter>& filter,
                       std::span<const IndexedAttribute> indexed);

// Whether the filter looks at that attribute anywhere.
bool mentions(const Filter& filter, std::string_view attribute);

}  // namespace muster::store
