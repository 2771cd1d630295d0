// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace muster::gateway {

// etc/generic-mapping.yaml as it was at build time: what runs with no configuration.
extern const std::string_view generic_mapping;

}  // namespace muster::gateway
