// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "mappings/engine.h"
#include "store/store.h"

namespace muster::provision {

// What stands about the records of a source and the people whom it owns; an empty name: of every
// source. In the order of source, severity (errors first) and code. What is counted for a tag that
// the engine does not know stands under the tag, when every source is asked for.
std::vector<store::StandingFindings> standing_of(const store::AllStanding& all,
                                                 const mappings::Engine& engine,
                                                 const std::string& source);

// The same, of the store as it is now.
Result<std::vector<store::StandingFindings>> standing_findings(store::Store& store,
                                                               const mappings::Engine& engine,
                                                               const std::string& source);

}  // namespace muster::provision
