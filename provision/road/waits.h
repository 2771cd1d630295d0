// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/identity.h"
#include "core/result.h"
#include "store/transaction.h"

namespace muster::provision {

// What a record asked about other people when it was put in quarantine; nothing for one that is not
// there (any more).
struct Wait {
  std::string record_id = {};
  std::vector<Reference> asked = {};
};

// Keeps what these records wait for, in the place of what they waited for so far; the wave decides
// them again when it changes.
Status keep_waits(store::Transaction& tx, std::span<const Wait> waits);

}  // namespace muster::provision
