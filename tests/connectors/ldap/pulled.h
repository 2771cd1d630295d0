// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/ldap/ldap_source.h"
#include "tests/support/slapd.h"

namespace muster::connectors::ldap {

// Everything that one pull brought.
struct Pulled {
  Result<Pull> result = Pull{};
  std::vector<SourceRecord> records = {};
  std::vector<ItemProblem> problems = {};
  std::size_t batches = 0;

  // The record whose DN starts with `dn`; fails the test when there is none.
  const SourceRecord& record(std::string_view dn) const;
  std::string text(std::string_view dn, std::string_view attribute) const;

  bool complete() const { return result && result->complete; }
  // The error, or why the pull is incomplete, or "complete".
  std::string sentence() const;
};

// The codes of the problems, in their order: "W-NEVER TOO_LONG".
std::string codes_of(const Pulled& pulled);

// Pulls; `on_batch` runs after each batch was taken.
Pulled pull(const LdapOptions& options, const std::function<void()>& on_batch = {},
            std::stop_token stop = {});

// People below ou=people of a server at `uri`, as the Slapd fixture's account; short time-outs.
LdapOptions people_at(const std::string& uri);

// LDIF of `count` people uid=u0, u1... below ou=people.
std::string people_ldif(int count);

}  // namespace muster::connectors::ldap
