// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/ldap/ldap_source.h"
#include "core/result.h"

namespace muster::operations {

enum class SourceKind { scim, ldap, csv };

std::string_view name_of(SourceKind kind);

// A source as it is configured: what it takes to read it.
struct SourceSettings {
  std::string name = {};
  SourceKind kind = SourceKind::scim;
  connectors::ldap::LdapOptions ldap = {};  // kind ldap
  std::string file = {};                    // kind csv: what is read when nobody brings another
  std::optional<char> delimiter = {};       // kind csv; none: found by itself
  bool snapshot = true;                     // csv: a file names everybody; ldap: always
  int line = 0;                             // in the configuration file, for messages
};

// not_found; the detail has the nearest name, or all.
Result<const SourceSettings*> find_source(const std::vector<SourceSettings>& sources,
                                          const std::string& name);

// What separates the cells of a file, as people write it: one character, or the word tab; nothing
// for an empty text. invalid: anything else.
Result<std::optional<char>> parse_delimiter(std::string_view text);

}  // namespace muster::operations
