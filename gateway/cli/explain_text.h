// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/value.h"

namespace muster::gateway::cli {

// An explanation of a person or of a record as a person reads it, on standard output.
void print_explanation(const Value& document);

}  // namespace muster::gateway::cli
