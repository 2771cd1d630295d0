// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "mappings/engine.h"

namespace muster::operations {

// A mapping file by itself, with its tests run; `good`: it may be used, and when warnings count,
// there are none.
struct CheckedMapping {
  std::filesystem::path file = {};
  mappings::Loaded loaded = {};
  bool good = false;
};
CheckedMapping check_mapping(const std::filesystem::path& file, bool warnings_count);

}  // namespace muster::operations
