// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "operations/installation.h"
#include "provision/runs/lifecycle.h"
#include "provision/runs/reevaluate.h"
#include "provision/runs/sync_run.h"

namespace muster::operations {

// Which items of a run are wanted beside its counts.
struct WantedItems {
  std::size_t most = 0;  // 0: none, and nothing is read
  bool all = false;      // all kinds; otherwise those that went wrong or wait for somebody
};

struct RunOptions {
  bool dry_run = false;    // the same road over a rehearsal of the store
  std::string actor = {};  // "cli", "schedule"
  WantedItems items = {};
};

// One run as it ended, or what it would have done.
struct RunOutcome {
  provision::RunReport report = {};
  std::vector<store::RunItem> items = {};
  std::int64_t items_left_out = 0;  // of the kinds that were asked for; those of a run stand in it
  bool dry_run = false;
};

// Whether something became different, or waits for somebody.
bool changed_anything(const store::RunCounts& counts);

struct ReadRequest {
  std::string source = {};
  std::string file = {};               // csv: instead of the configured one
  std::optional<bool> snapshot = {};   // csv: instead of the configured mode
  std::optional<char> delimiter = {};  // csv: likewise
  std::function<void(const provision::RunProgress&)> on_progress = {};
};

// Reads a configured source once, now: an LDAP directory, or a CSV file. One run per source at a
// time: conflict, code "busy", otherwise. not_found: no such source; invalid: one that cannot be
// read, or a file for one that is not of kind csv. That the source could not be read is in the
// report.
Result<RunOutcome> read_source(const Installation& here, const ReadRequest& request,
                               const RunOptions& options, std::stop_token stop);

// What time has changed, in up to two runs (provision/runs/lifecycle.h).
struct LifecycleOutcome {
  std::vector<provision::RunReport> reports = {};  // empty: nobody is due
  std::vector<store::RunItem> items = {};          // of all of them
  std::int64_t items_left_out = 0;
  bool dry_run = false;
};
Result<LifecycleOutcome> run_lifecycle(const Installation& here, const RunOptions& options,
                                       std::stop_token stop);

// Records in review and quarantine, decided again (provision/runs/reevaluate.h). `names`: a
// review's id, a record's id or SOURCE/KEY each; none: all that wait.
Result<RunOutcome> retry(const Installation& here, const std::vector<std::string>& names,
                         const RunOptions& options, std::stop_token stop);

}  // namespace muster::operations
