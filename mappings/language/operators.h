// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "mappings/language/context.h"
#include "mappings/language/datum.h"

namespace muster::mappings {

// The operators of the language on values that are there, as the interpreter calls them. They fail
// through the context beyond its limits.

// a + b, or a - b: numbers, dates and durations. none where one is none.
Datum arithmetic(Context& context, const Datum& a, const Datum& b, bool minus);

// a ++ b: lists.
Datum append(Context& context, const Datum& a, const Datum& b);

// A list of those that are not none.
Datum make_list(Context& context, const Datum* first, std::size_t count);

// The parts as one text; none where a part is none whose bit is in `strict`.
Datum concat(Context& context, const Datum* parts, std::size_t count, std::uint64_t strict);

// a < b, or a <= b: numbers and dates by size, texts by bytes. False where one is none.
bool before(const Datum& a, const Datum& b, bool or_equal);

// item in list.
bool has(const Datum& list, const Datum& item);

}  // namespace muster::mappings
