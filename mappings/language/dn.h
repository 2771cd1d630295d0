// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace muster::mappings {

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

// The compare form as text for people and for other tables: "cn=anna
// b,ou=staff,dc=acme,dc=example".
std::string dn_text(std::string_view key);

}  // namespace muster::mappings
