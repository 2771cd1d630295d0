// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "connectors/ldap/options.h"
#include "core/source.h"

namespace muster::connectors::ldap {

// Reads the people and groups of an LDAP directory, users first, 500 records a batch, one message
// in memory. One thread at a time; a pull uses one connection to one server and closes it at its
// end.
//
// Records: key = the server's permanent id as text; attributes = "dn" and the requested ones in the
// requested spelling, text or (several values) a list sorted by bytes; `where` = the DN. Aliases:
// the canonical DN, for users also "uid:" + folded uid (memberUid). Groups have "displayName", and
// members named by those aliases.
//
// Errors before the first entry: invalid (configuration), denied (password or rights), not_found (a
// base), unavailable (no server could be used). Later ones end the pull as incomplete; so do server
// limits, references to other servers below a base, entries without a key and canaries that were
// not seen.
class LdapSource : public Source {
 public:
  explicit LdapSource(LdapOptions options);

  Result<Pull> pull(const Sink& sink, std::stop_token stop) override;

 private:
  LdapOptions options_;
};

}  // namespace muster::connectors::ldap
