// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/value.h"
#include "provision/provisioner.h"

namespace muster::provision {

// Why a person is as it is, from everything that its sources told and by the rules in force: see
// mappings::explain_identity. not_found when there is no such person.
Result<Value> explain(const Provisioner& provisioner, std::string_view identity_id,
                      Timestamp run_time);

}  // namespace muster::provision
