// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/source.h"
#include "mappings/engine.h"
#include "operations/sources/settings.h"

namespace muster::operations {

// What reads a configured source; `file` replaces the configured one of a csv source. invalid for
// a scim source, which nobody reads: it pushes; and for a csv source without a file.
Result<std::unique_ptr<Source>> make_source(const SourceSettings& source,
                                            const mappings::Engine& engine,
                                            const std::string& file = {});

}  // namespace muster::operations
