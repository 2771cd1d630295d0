// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "operations/mapping/embedded.h"

namespace muster::operations {

// What a preset is for: its first line, without the comment sign.
std::string about(const Preset& preset);

// not_found; the detail has the nearest name.
Result<Preset> find_preset(const std::string& name);

}  // namespace muster::operations
