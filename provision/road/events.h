// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/event.h"
#include "core/identity.h"
#include "provision/decision.h"
#include "provision/provisioner.h"

namespace muster::provision {

// What the platform must hear of a change; nothing when all it would hear is what it heard before.
// `generated` are the values that the platform must have of somebody new, and none otherwise.
std::optional<Event> event_of(const Identity* before, const Identity& after,
                              const Value& generated);

// The audit row of a decision that was carried out.
AuditEntry audit_of(const Decision& decision, const std::string& record_id,
                    const SubmitContext& context);

// The JSON that an event carries: who the person is for the platform now.
std::string event_body(const Identity& identity, const Value& generated);

}  // namespace muster::provision
