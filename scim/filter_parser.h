// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/filter.h"
#include "core/record.h"
#include "core/result.h"

namespace muster::scim {

// Parses a filter (RFC 7644, 3.4.2.2, the whole grammar, `emails[type eq "work"].value eq "x"`
// included) over User or Group attributes. Errors: Fault::invalid, code "invalidFilter", `where` =
// "column N", with what was expected there.
Result<Filter> parse_filter(std::string_view text, ResourceType type);

// The same grammar over the people that administrators search: attribute names are taken as they
// stand.
Result<Filter> parse_people_filter(std::string_view text);

}  // namespace muster::scim
