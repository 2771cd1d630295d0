// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/log.h"
#include "core/result.h"
#include "core/secret.h"
#include "gateway/cron.h"
#include "operations/mapping/load.h"
#include "operations/sources/settings.h"

namespace muster::gateway {

struct ListenerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string certificate = {};  // PEM file; empty: clear text
  std::string private_key = {};
  std::string public_url = {};
  bool allow_clear_text = false;
};

// When a source is read by itself: every so often, or at the times of a cron expression; each time
// up to `jitter` later.
struct ScheduleConfig {
  std::optional<std::chrono::seconds> every = {};
  std::optional<Cron> cron = {};
  std::chrono::seconds jitter{0};
};

using operations::SourceKind;

struct SourceConfig : operations::SourceSettings {
  std::optional<ScheduleConfig> schedule = {};
};

// The program's configuration, complete: every value given or defaulted, every path absolute.
struct Config {
  std::string file = {};  // "" = the built-in default
  std::filesystem::path state_directory = {};
  std::string store_url = {};  // "sqlite:/abs/muster.db", "postgresql://..."
  Secret store_password = {};
  int store_cache_mib = 64;
  // How long a run may be silent before another process may take it for dead and begin anew.
  std::chrono::seconds store_lease{30};
  operations::MappingFile mapping = {};
  ListenerConfig scim = {.port = 8080};
  ListenerConfig management = {.port = 9180};
  log::Format log_format = log::Format::logfmt;
  log::Level log_level = log::Level::info;
  // How often `serve` looks for people whom time has changed; 0: never.
  std::chrono::seconds lifecycle_every = std::chrono::hours(1);
  std::vector<SourceConfig> sources = {};

  const SourceConfig* source(std::string_view name) const;
  // All of them, as operations want them.
  std::vector<operations::SourceSettings> source_settings() const;
};

struct LoadedConfig {
  std::optional<Config> config;  // absent when there are errors
  std::vector<Diagnostic> diagnostics;
};

// Reads a configuration file (format muster/v1). All problems are told, not just the first.
// Relative paths are relative to the file. Secrets come from files or the environment:
// `password_file:`, `password: ${env:NAME}`.
LoadedConfig load_config(const std::filesystem::path& file);

// What runs with no file at all: SQLite below the state directory ($STATE_DIRECTORY,
// $XDG_STATE_HOME/muster or
// ~/.local/state/muster), one SCIM source named `scim` with the built-in mapping, loopback
// listeners.
Config built_in_config();

}  // namespace muster::gateway
