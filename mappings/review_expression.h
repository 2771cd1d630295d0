// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "mappings/language/environment.h"

namespace muster::mappings {

// Warnings about one good expression: W-RE (a '.' that was meant as a dot), W-DATE (a date pattern
// without zone), W-UNREACH (a branch behind one that takes all of its cases). What follows
// `fragments` is not looked into: a fragment is reviewed where it is defined.
void review_expression(std::string_view text, const Place& place, const Library& library,
                       std::vector<Diagnostic>& into);

// The offset of a lookup whose missing key makes the whole expression none; nullopt when there is
// none.
std::optional<std::size_t> lookup_without_default(std::string_view text, const Library& library);

}  // namespace muster::mappings
