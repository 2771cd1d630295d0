// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace muster {

// What the platform must hear; one outbox row. Order per subject is the order of the store's
// sequence.
struct Event {
  // user.created user.updated user.deactivated user.reactivated user.deleted
  std::string kind = {};
  std::string subject = {};  // identity id
  std::string body = {};     // JSON of the identity as it is after the change
};

// Who did what to what, and what changed; one audit row, written in the change's transaction.
struct AuditEntry {
  std::string actor = {};    // "scim:entra token mst1_ab..", "cli:import", "schedule"
  std::string action = {};   // "user.create", "record.update", "token.revoke"
  std::string subject = {};  // identity, record or token id
  std::string run = {};      // run id or empty
  // JSON: names of changed attributes, the deciding reason; values are not repeated here.
  std::string detail = {};
};

}  // namespace muster
