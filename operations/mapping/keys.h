// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "operations/installation.h"
#include "provision/runs/source_change.h"

namespace muster::operations {

// What the records of all sources are known by under these rules, as they are configured.
provision::KeyedBy keyed_by(const std::vector<SourceSettings>& sources,
                            const mappings::Engine& engine);

// The same under the rules of a mapping file that is in force; empty when there is none, or it
// cannot be used.
provision::KeyedBy keyed_by_in_force(const std::vector<SourceSettings>& sources,
                                     const std::filesystem::path& mapping);

}  // namespace muster::operations
