// SPDX-License-Identifier: Apache-2.0
#include "operations/mapping/check.h"

#include <algorithm>

namespace muster::operations {

CheckedMapping check_mapping(const std::filesystem::path& file, bool warnings_count) {
  CheckedMapping checked{.file = file, .loaded = mappings::Engine::load_file(file)};
  const auto& found = checked.loaded.diagnostics;
  const bool warned = std::any_of(found.begin(), found.end(), [](const auto& one) {
    return one.severity == Severity::warning;
  });
  checked.good = checked.loaded.engine && !(warnings_count && warned);
  return checked;
}

}  // namespace muster::operations
