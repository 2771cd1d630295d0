// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/map.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "mappings/engine.h"

namespace muster::gateway::cli {
namespace {

mappings::Loaded load(const std::string& file) {
  auto loaded = mappings::Engine::load_file(file);
  for (const auto& one : loaded.diagnostics) std::fprintf(stderr, "%s\n", describe(one).c_str());
  return loaded;
}

Result<ExitCode> check(const std::string& file) {
  const auto loaded = load(file);
  if (!loaded.engine) return exit_invalid;
  std::printf("%s is good: %zu source(s)\n", file.c_str(), loaded.engine->sources().size());
  return exit_ok;
}

}  // namespace

Result<Timestamp> time_of(const std::string& text) {
  if (text.empty()) return system_clock().now();
  auto time = parse_timestamp(text);
  if (time) return time;
  return fail(Fault::invalid, "not a time like 2026-11-22T08:00:00Z: '" + text + "'", "--at");
}

void add_map(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("map", "Mapping files");
  group->require_subcommand(1);
  auto file = std::make_shared<std::string>();

  auto* checker =
      group->add_subcommand("check", "Load a mapping file, run its tests, tell every problem");
  checker->add_option("FILE", *file, "Mapping file")->required();
  when(checker, [file] { return check(*file); });

  add_map_eval(*group, globals, when);
  add_map_simulate(*group, globals, when);
  add_map_apply(*group, globals, when);
}

}  // namespace muster::gateway::cli
