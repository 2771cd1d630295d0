// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace muster::operations {

// etc/generic-mapping.yaml as it was at build time: what runs with no configuration.
extern const std::string_view generic_mapping;

// A mapping file to start from, of etc/presets.
struct Preset {
  std::string_view name;
  std::string_view text;
};

// By name.
std::span<const Preset> presets();

}  // namespace muster::operations
