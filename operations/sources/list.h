// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "operations/installation.h"
#include "operations/sources/refusals.h"
#include "store/reader.h"

namespace muster::operations {

// A configured source, what it holds, and how its last run ended.
struct SourceStatus {
  std::string name = {};
  std::string kind = {};
  std::string tag = {};
  store::SourceCounts counts = {};
  std::optional<store::RunRow> last = {};
  std::vector<store::StandingFindings> standing = {};  // what is found about it now
  std::optional<Refused> refused = {};                 // the directory's word about the credentials
  std::vector<std::string> never_seen = {};  // attributes that nobody had in the last whole read
};

// In the order of the configuration.
Result<std::vector<SourceStatus>> list_sources(const Installation& here);

}  // namespace muster::operations
