// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mappings/language/context.h"

// Functions that operators use; the others are found by name (function.h).
namespace muster::mappings::natives {

Datum in_domains(Context& context, std::span<const Datum> arguments);
Datum in_dns(Context& context, std::span<const Datum> arguments);
Datum in_dns_below(Context& context, std::span<const Datum> arguments);
Datum in_texts(Context& context, std::span<const Datum> arguments);

// A list, its primary elements, its elements of type "work".
Datum primary(Context& context, std::span<const Datum> arguments);

// Date, months, milliseconds.
Datum move_date(Context& context, std::span<const Datum> arguments);

}  // namespace muster::mappings::natives
