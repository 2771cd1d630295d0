// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "provision/provisioner.h"

namespace muster::provision {

// Gives a person another user name: the one way in which a name, once given, changes. The old name
// stays taken, and stays this person's: it may be given back. Stored with its audit row (action
// "user.rename", actor "cli:" + `by`) and the event that the platform hears. Refused: not_found (no
// such person), invalid (the profile or `username.reserved` forbids the name, or it is the name
// already), conflict (somebody else has or had it; says who).
Result<Identity> rename(Provisioner& provisioner, std::string_view identity_id,
                        std::string_view name, std::string_view by, Timestamp run_time);

}  // namespace muster::provision
