// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/map.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/cli/map_check.h"
#include "mappings/engine.h"

namespace muster::gateway::cli {

Result<Timestamp> time_of(const std::string& text) {
  if (text.empty()) return system_clock().now();
  auto time = parse_timestamp(text);
  if (time) return time;
  return fail(Fault::invalid, "not a time like 2026-11-22T08:00:00Z: '" + text + "'", "--at");
}

void add_map(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("map", "Mapping files");
  group->require_subcommand(1);
  add_presets(*group, globals, when);

  auto checked = std::make_shared<MapCheck>();
  auto* checker =
      group->add_subcommand("check", "Load a mapping file, run its tests, tell every problem");
  checker->add_option("FILE", checked->file, "Mapping file")->required();
  checker->add_flag("--json", checked->json, "Findings and summary as one JSON document");
  checker->add_flag("--strict", checked->strict, "Warnings fail too");
  when(checker, [checked, &globals] {
    checked->json = checked->json || globals.json_errors();
    return check_mapping(*checked);
  });

  add_map_eval(*group, globals, when);
  add_map_simulate(*group, globals, when);
  add_map_apply(*group, globals, when);
}

}  // namespace muster::gateway::cli
