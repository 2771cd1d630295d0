// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/value.h"
#include "gateway/runtime.h"

namespace muster::gateway {

struct ReloadOutcome {
  bool ok = false;
  std::vector<Diagnostic> diagnostics = {};
  // Settings of the configuration file that changed and count from the next start on.
  std::vector<std::string> restart = {};
  std::string mapping = {};  // the file
  std::string sha256 = {};   // of what is in force now
  Timestamp at = {};
};

Value as_document(const ReloadOutcome& outcome);

// Takes a changed mapping file (and the log level) into a running service: everything is checked
// first, the mapping with its tests; what is in force stays when anything is wrong. What is under
// way ends with the rules it began with. One thread at a time; `runtime` must outlive it.
class Reloader {
 public:
  explicit Reloader(Runtime& runtime);
  ReloadOutcome reload();

 private:
  Runtime& runtime_;
  std::map<std::string, std::string> sections_;  // of the configuration file, as it was at start
};

}  // namespace muster::gateway
