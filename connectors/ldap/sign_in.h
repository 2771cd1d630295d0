// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "connectors/ldap/message_gate.h"
#include "connectors/ldap/options.h"
#include "connectors/ldap/patient_socket.h"
#include "connectors/ldap/wire.h"

namespace muster::connectors::ldap {

// What is wrong with the options themselves: found before any connection is made (Fault::invalid).
Status check_options(const LdapOptions& options);

// A signed-in handle and what it stands on.
struct Connection {
  std::unique_ptr<PatientSocket> socket = {};
  std::unique_ptr<MessageGate> gate = {};
  Handle handle = {};  // ends first
};

// One server: connects, makes the connection safe (LDAPS, StartTLS), binds. `unavailable`: another
// URI may do better; any other fault is final, above all a refused password: trying it elsewhere
// would only lock the account.
Result<Connection> sign_in(const LdapOptions& options, const std::string& uri,
                           const Patience& patience);

}  // namespace muster::connectors::ldap
