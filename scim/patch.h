// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/record.h"
#include "core/result.h"
#include "core/value.h"
#include "scim/client_quirks.h"
#include "scim/patch_path.h"

namespace muster::scim {

// One step of a PATCH, its path resolved and path-less forms taken apart into one operation per
// attribute. `value` is as told; nullopt when the client sent none.
struct PatchOperation {
  enum class Verb { add, replace, remove };

  Verb verb = Verb::add;
  PatchPath path = {};
  std::optional<Value> value = {};
};

// Reads a PatchOp message (RFC 7644, 3.5.2). In path-less values, attributes that a client cannot
// write or that no schema knows are passed over; a path that names one is an error. Codes:
// invalidSyntax, invalidPath, invalidFilter, noTarget, mutability, invalidValue.
Result<std::vector<PatchOperation>> read_patch(const Value& body, ResourceType type,
                                               const ClientQuirks& quirks);

// Applies the operations in their order to a canonical document. An error leaves it half-edited:
// give a copy.
Status apply_patch(std::span<const PatchOperation> operations, ResourceType type,
                   const ClientQuirks& quirks, Value& document);

}  // namespace muster::scim
