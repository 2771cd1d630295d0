// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace muster::operations {

// A whole file. not_found when it cannot be read.
Result<std::string> read_text(const std::filesystem::path& path);

// Replaces a file at once: a reader sees the old or the new content, and so does whoever looks
// after a power failure.
Status replace_file(const std::filesystem::path& path, std::string_view content);

}  // namespace muster::operations
