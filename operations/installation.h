// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "operations/sources/settings.h"
#include "provision/provisioner.h"
#include "store/store.h"

namespace muster::operations {

// What every operation works on: the people and the rules in force (`provisioner`), the configured
// sources, and where an installation keeps what is not in the store. Cheap to copy; what it refers
// to must outlive it. Reading it is thread-safe.
//
// To try a mapping file that is not in force, give an installation whose provisioner has its
// engine.
struct Installation {
  provision::Provisioner& provisioner;
  std::vector<SourceSettings> sources = {};
  std::filesystem::path state_directory = {};
  // How long a run may be silent before another process may go on in its place.
  std::chrono::milliseconds lease = std::chrono::seconds(30);
  const Clock& clock = system_clock();

  store::Store& store() const { return provisioner.store(); }
};

}  // namespace muster::operations
