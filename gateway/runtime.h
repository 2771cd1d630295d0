// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/source.h"
#include "gateway/config.h"
#include "mappings/engine.h"
#include "provision/provisioner.h"
#include "provision/runs/lifecycle.h"
#include "provision/runs/run_lease.h"
#include "provision/runs/source_change.h"
#include "provision/runs/sync_run.h"
#include "store/store.h"

namespace muster::gateway {

// The mapping that a configuration names (or the built-in one), loaded, and held against the
// configured sources.
struct LoadedMapping {
  std::shared_ptr<const mappings::Engine> engine;  // null when there are errors
  std::vector<Diagnostic> diagnostics;
};
LoadedMapping load_mapping(const Config& config);

// What the records of the configured sources are known by under these rules.
provision::KeyedBy keyed_by(const Config& config, const mappings::Engine& engine);
// The same under the rules that the configuration names; empty when they cannot be used.
provision::KeyedBy keyed_by_in_force(const Config& config);

// The parts that do the work, assembled from a configuration: what `serve` and the administrator's
// verbs have in common. Thread-safe once open.
class Runtime {
 public:
  // Errors: invalid (mapping file; the detail has one line per finding), unavailable (store).
  static Result<std::unique_ptr<Runtime>> open(Config config);

  const Config& config() const { return config_; }
  store::Store& store() { return *store_; }
  provision::Provisioner& provisioner() { return *provisioner_; }

  // What reads a configured source; `file` replaces the configured one of a csv source. invalid for
  // a scim source, which nobody reads: it pushes.
  Result<std::unique_ptr<Source>> make_source(const SourceConfig& source,
                                              const std::string& file = {}) const;

  struct RunOptions {
    std::string file = {};              // csv
    std::optional<bool> snapshot = {};  // overrides the configured mode of a csv source
    std::optional<char> delimiter = {};
    bool dry_run = false;  // the same road over a rehearsal of the store
    std::string actor = {};
    std::function<void(const provision::RunProgress&)> on_progress = {};
    // Filled with the run's items for a report: at most `max_items`, all kinds or only those that
    // went wrong or wait for somebody.
    std::vector<store::RunItem>* items = nullptr;
    std::size_t max_items = 1000;
    bool all_items = false;
  };
  // The right to a run (provision/runs/run_lease.h), for as long as store.lease says.
  Result<std::unique_ptr<provision::RunLease>> take_lease(const std::string& name,
                                                          std::stop_token stop);

  // Reads a source once, now. One run per source at a time, over all processes of the store:
  // conflict, code "busy", otherwise.
  Result<provision::RunReport> run(const SourceConfig& source, const RunOptions& options,
                                   std::stop_token stop);
  // What time has changed, now (provision/lifecycle.h); no report when there was nothing to do. Of
  // the options `dry_run`, `actor` and the items count. One at a time, as above.
  Result<std::vector<provision::RunReport>> run_lifecycle(const RunOptions& options,
                                                          std::stop_token stop);
  // Records that wait, decided again (provision/reevaluate.h); `records` are ids, none: all. As
  // above.
  Result<provision::RunReport> retry(const std::vector<std::string>& records,
                                     const RunOptions& options, std::stop_token stop);

 private:
  // What a run works on: the store, with a lease on it, or a rehearsal.
  struct Stage;
  Result<Stage> set_stage(const RunOptions& options, std::stop_token stop);

  explicit Runtime(Config config) : config_(std::move(config)) {}

  Config config_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<provision::Provisioner> provisioner_;
};

}  // namespace muster::gateway
