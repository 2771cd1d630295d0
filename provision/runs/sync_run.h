// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "core/result.h"
#include "core/source.h"
#include "provision/provisioner.h"
#include "store/rows.h"

namespace muster::provision {

struct RunProgress {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;  // 0 = unknown
  std::uint64_t problems = 0;
  std::uint64_t applied = 0;   // after the read: what was new or changed, in the order of keys
  std::uint64_t to_apply = 0;  // 0 while reading
};

struct RunRequest {
  std::string source = {};
  store::RunKind kind = store::RunKind::sync;
  // The read names everybody: who is not in it has left. Otherwise absence says nothing (a delta
  // file).
  bool snapshot = true;
  std::string actor = {};
  // What the records are known by (source_change.h); a run by another key than so far is held.
  // Empty: the same as so far.
  std::string keyed_by = {};
  // Where what is new or changed waits for the end of the read, when it is much; empty: the
  // system's folder for temporary files.
  std::filesystem::path spool_directory = {};
  std::function<void(const RunProgress&)> on_progress = {};
};

struct RunReport {
  store::RunRow row = {};
  std::optional<Error> error =
      {};  // why the source could not be read at all, when the state is failed
};

// Reads a source from start to end and sends what is new or changed down the road in the order of
// its keys, people first: what comes of a run does not depend on the order of delivery. Absences
// count only after a complete read; what would deactivate people is collected and applied at the
// end, unless it is more than the guard allows: then exactly that part is held and the run says so.
// The run and its items are in the store whatever happens; the row is returned. An error means that
// not even the run could be written. One run per source at a time is the caller's business.
Result<RunReport> run_source(Provisioner& provisioner, Source& source, const RunRequest& request,
                             const Clock& clock, std::stop_token stop);

}  // namespace muster::provision
