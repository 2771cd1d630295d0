// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "mappings/language/ast.h"
#include "mappings/language/environment.h"

namespace muster::mappings {

// The value of a condition that is the same for everybody; nullopt for all others and for those
// where it cannot be seen.
std::optional<bool> constant_truth(const Node& condition);

// Whether `second` can only hold where `first` holds: the same condition, a domain set within
// another, one of several alternatives ... Says no when it cannot be seen.
bool implies(const Node& second, const Node& first, const Library& library);

}  // namespace muster::mappings
