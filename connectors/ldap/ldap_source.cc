// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/ldap_source.h"

#include "connectors/ldap/run.h"
#include "connectors/ldap/sign_in.h"

namespace muster::connectors::ldap {
LdapSource::LdapSource(LdapOptions options) : options_(std::move(options)) {}

Result<Pull> LdapSource::pull(const Sink& sink, std::stop_token stop) {
  MUSTER_CHECK(check_options(options_));
  Run run(options_, sink, std::move(stop));
  return run.execute();
}

}  // namespace muster::connectors::ldap
