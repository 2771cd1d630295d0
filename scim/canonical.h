// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "core/record.h"
#include "core/result.h"
#include "core/value.h"
#include "scim/client_quirks.h"
#include "scim/schema.h"

namespace muster::scim {

// The canonical form in which resources are stored and patched: names as the schema tables spell
// them, values of the attribute's type, lists for multi-valued attributes, nothing unassigned (RFC
// 7643, 2.5), nothing readOnly, no password. Unknown attributes are dropped.

// A value for `attribute`; none when it is unassigned. A wrong type is Fault::invalid with code
// invalidValue and `where` = `place`, the attribute as the client should see it named.
Result<Value> canonical_value(const Attribute& attribute, const Value& told, std::string_view place,
                              const ClientQuirks& quirks);

// One element of a multi-valued attribute.
Result<Value> canonical_element(const Attribute& attribute, const Value& told,
                                std::string_view place, const ClientQuirks& quirks);

// A whole document as a client sends it by POST or PUT, `schemas` first. Required attributes are
// present. Without id and meta.
Result<Value> canonical_document(const Value& told, ResourceType type, const ClientQuirks& quirks);

// Brings an edited document back into canonical form: empty extensions go, `schemas` is set from
// what is there. Missing required attributes are refused.
Status settle_document(Value& document, ResourceType type);

// Of one multi-valued attribute; members of groups are no part of the document and not counted.
inline constexpr std::size_t max_elements = 1000;
tl::unexpected<Error> too_many(std::string_view place);

// At most one element may be primary (RFC 7643, 2.4): the one at `kept` stays, or the first one.
void keep_one_primary(Value::List& elements, std::size_t kept);
bool is_primary(const Value& element);

// Written by clients: neither readOnly nor dropped.
bool is_kept(const Attribute& attribute);

}  // namespace muster::scim
