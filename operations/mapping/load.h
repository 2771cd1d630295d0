// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "mappings/engine.h"
#include "operations/sources/settings.h"

namespace muster::operations {

// The mapping file that an installation works by.
struct MappingFile {
  std::filesystem::path path = {};  // empty: the built-in generic mapping
  // A file that is to take its place: read as if it stood there already, except that its mistakes
  // are told where they can be corrected.
  struct Draft {
    std::filesystem::path file = {};
    std::string text = {};
  };
  std::optional<Draft> draft = {};
};

struct LoadedMapping {
  std::shared_ptr<const mappings::Engine> engine;  // null when there are errors
  std::vector<Diagnostic> diagnostics;
};

// A mapping file, loaded with its tests, and held against the configured sources: each has its
// rules under the same name and kind. `configuration` is the file that names the sources, for
// messages.
LoadedMapping load_mapping(const MappingFile& file, const std::vector<SourceSettings>& sources,
                           const std::string& configuration);

}  // namespace muster::operations
