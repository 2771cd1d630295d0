// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace muster {

// A distinguished name (RFC 4514), parsed once. Equality and ancestry work on `key`: the RDNs from
// the root down, each closed by a NUL byte; attribute types lower-case with the common OIDs mapped
// to their names, values decoded, blanks trimmed and collapsed, NFC and case-folded, the parts of a
// multi-valued RDN sorted. So an ancestor's key is a prefix.
struct Dn {
  std::string written = {};      // as it arrived
  std::string key = {};          // compare form, not for people
  std::string first_value = {};  // value of the first RDN as written, unescaped
  int rdns = 0;

  friend bool operator==(const Dn& a, const Dn& b) { return a.key == b.key; }
};

// Refused (Fault::invalid, code E-DN): anything but RFC 4514's string form. The empty DN is valid
// (the root).
Result<Dn> parse_dn(std::string_view text);

// `dn` equals `base` or lies below it, RDN by RDN; both are keys.
inline bool dn_under(std::string_view dn, std::string_view base) { return dn.starts_with(base); }

// The compare form as text: "cn=anna b,ou=staff,dc=acme,dc=example". Special characters of values
// are escaped in one way, '=' among them, so that parse_dn() of it gives the same key.
std::string dn_text(std::string_view key);

// Whether the DN's own RDN, the one written first, has a part of that type with that value, as DNs
// compare. `value` is not escaped.
bool rdn_has(const Dn& dn, std::string_view type, std::string_view value);

// dn_text of `dn`: how directories' references are looked up. A hint, never an identity: that is
// the entry's UUID. nullopt: not a DN.
std::optional<std::string> canonical_dn(std::string_view dn);

// Whether a canonical DN is the canonical base or lies below it. Everything lies below "".
bool is_under(std::string_view dn, std::string_view base);

}  // namespace muster
