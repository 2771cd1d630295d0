// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/filter.h"
#include "core/record.h"
#include "core/result.h"
#include "scim/attribute_path.h"
#include "scim/client_quirks.h"

namespace muster::scim {

// Where a PATCH operation applies (RFC 7644, 3.5.2: attrPath / valuePath [subAttr]).
struct PatchPath {
  AttributePath target = {};
  std::optional<Filter> filter = {};  // over the elements of target.attribute
  std::string text = {};              // in canonical spelling, without the filter; for messages
};

// Errors: code invalidPath, or invalidFilter for what stands in brackets, `where` = "column N".
Result<PatchPath> parse_patch_path(std::string_view text, ResourceType type,
                                   const ClientQuirks& quirks);

}  // namespace muster::scim
