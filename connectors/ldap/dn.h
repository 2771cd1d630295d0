// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::connectors::ldap {

// The form in which distinguished names are compared: attribute types in lower case (OIDs of common
// types by name), parts of a multi-valued RDN sorted, values decoded, blanks squeezed, case folded,
// special characters escaped again in one way. A hint, never an identity: that is the entry's UUID.
// nullopt: not a DN (RFC 4514, 3).
std::optional<std::string> canonical_dn(std::string_view dn);

// Whether a canonical DN is the canonical base or lies below it. Everything lies below "".
bool is_under(std::string_view dn, std::string_view base);

}  // namespace muster::connectors::ldap
