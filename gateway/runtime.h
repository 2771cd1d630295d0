// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "core/result.h"
#include "gateway/config.h"
#include "operations/installation.h"
#include "operations/mapping/load.h"
#include "provision/provisioner.h"
#include "store/store.h"

namespace muster::gateway {

// The mapping that a configuration names, held against its sources.
operations::LoadedMapping load_mapping(const Config& config);

// The parts that do the work, assembled from a configuration: what `serve` and the administrator's
// verbs have in common. Thread-safe once open.
class Runtime {
 public:
  // Errors: invalid (mapping file; the detail has one line per finding), unavailable (store).
  static Result<std::unique_ptr<Runtime>> open(Config config);

  const Config& config() const { return config_; }
  store::Store& store() { return *store_; }
  provision::Provisioner& provisioner() { return *provisioner_; }
  // What operations work on.
  const operations::Installation& installation() const { return *installation_; }

 private:
  explicit Runtime(Config config) : config_(std::move(config)) {}

  Config config_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<provision::Provisioner> provisioner_;
  std::optional<operations::Installation> installation_;
};

}  // namespace muster::gateway
