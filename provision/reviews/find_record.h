// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "store/view.h"

namespace muster::provision {

// A person's record as people name it: SOURCE/KEY in any
// spelling of the key (core/key_match.h), its id, or the id of a review about it. nullopt:
// there is none.
Result<std::optional<store::RecordRow>> find_record(store::View& view, const std::string& name);

}  // namespace muster::provision
