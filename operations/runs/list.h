// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "operations/installation.h"

namespace muster::operations {

// The latest runs, newest first; an empty source is any.
Result<std::vector<store::RunRow>> latest_runs(const Installation& here, const std::string& source,
                                               int count);

struct RunDetails {
  store::RunRow run = {};
  std::vector<store::RunItem> items = {};  // all of them
};

// not_found: no such run.
Result<RunDetails> show_run(const Installation& here, const std::string& id);

}  // namespace muster::operations
