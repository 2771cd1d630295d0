// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gateway/cli/command.h"

namespace muster::gateway::cli {

// `reviews retry`.
void add_reviews_retry(CLI::App& group, const Globals& globals, const Register& when);

}  // namespace muster::gateway::cli
