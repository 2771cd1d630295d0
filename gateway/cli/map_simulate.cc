// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "gateway/cli/map.h"
#include "gateway/cli/report.h"
#include "gateway/cli/simulation.h"
#include "gateway/signals.h"
#include "operations/mapping/keys.h"

namespace muster::gateway::cli {
namespace {

struct Flags {
  std::string file = {};
  std::string person = {};
  std::string at = {};
  std::optional<std::size_t> limit = {};
  bool timing = false;
};

Result<ExitCode> simulate(const Globals& globals, const Flags& flags) {
  Interrupt interrupt;
  MUSTER_TRY(auto config, read_config(globals));
  operations::SimulationRequest request{.person = flags.person};
  request.in_force = operations::keyed_by_in_force(config.source_settings(), config.mapping.path);
  config.mapping.path = std::filesystem::absolute(flags.file);
  MUSTER_TRY(auto runtime, Runtime::open(std::move(config)));
  MUSTER_TRY(request.at, time_of(flags.at));
  auto limit = flags.limit;
  if (!limit && globals.format == Format::table) limit = shown_people;
  SimulationReport report(globals.format, limit);
  operations::SimulationWatch watch;
  watch.on_person = [&report](const auto& person) { report.add(person); };
  watch.on_progress = reevaluation_line(globals.quiet || globals.format != Format::table);
  auto outcome = operations::simulate(runtime->installation(), request, watch, interrupt.token());
  end_progress(globals.quiet);
  if (interrupt.token().stop_requested()) return exit_interrupted;
  MUSTER_TRY(const auto seen, with_hint(std::move(outcome), Fault::not_found, person_hint));
  report.finish(seen, flags.timing);
  return seen.finds_changes() ? exit_changes_found : exit_ok;
}

}  // namespace

void add_map_simulate(CLI::App& group, const Globals& globals, const Register& when) {
  auto flags = std::make_shared<Flags>();
  auto* verb = group.add_subcommand(
      "simulate", "What a mapping file would do to everybody; writes nothing, exit 10 if anything");
  verb->add_option("FILE", flags->file, "The new mapping file")->required();
  verb->add_option("--person", flags->person, "Only this person: id or user name");
  verb->add_option("--at", flags->at, "Run time, e.g. 2026-11-22T08:00:00Z (default: now)");
  verb->add_option("--limit", flags->limit, "People to show (default: 20 in a table, else all)");
  verb->add_flag("--timing", flags->timing, "Seconds, and how many of them the store took");
  when(verb, [&globals, flags] { return simulate(globals, *flags); });
}

}  // namespace muster::gateway::cli
