// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "gateway/cli/map.h"
#include "gateway/cli/report.h"
#include "gateway/cli/simulation.h"
#include "gateway/signals.h"

namespace muster::gateway::cli {
namespace {

struct Flags {
  std::string file = {};
  std::string person = {};
  std::string at = {};
  std::optional<std::size_t> limit = {};
  bool timing = false;
};

Result<std::string> id_of(store::Store& store, const std::string& person) {
  if (person.empty()) return std::string{};
  MUSTER_TRY(auto reader, store.reader());
  MUSTER_TRY(const auto found, find_person(*reader, person));
  return found.id;
}

Result<ExitCode> simulate(const Globals& globals, const Flags& flags) {
  Interrupt interrupt;
  MUSTER_TRY(auto config, read_config(globals));
  const auto in_force = keyed_by_in_force(config);
  config.mapping_file = std::filesystem::absolute(flags.file);
  MUSTER_TRY(auto runtime, Runtime::open(std::move(config)));
  MUSTER_TRY(const auto veil, Veil::open(runtime->config().state_directory));
  MUSTER_TRY(const auto run_time, time_of(flags.at));
  provision::SimulationRequest request;
  MUSTER_TRY(request.only, id_of(runtime->store(), flags.person));
  request.on_progress = reevaluation_line(globals.quiet || globals.format != Format::table);
  const auto engine = runtime->provisioner().engine();
  auto limit = flags.limit;
  if (!limit && globals.format == Format::table) limit = shown_people;
  SimulationReport report(globals.format, *engine, veil, limit);
  MUSTER_TRY(auto sources, changed_sources(*runtime, in_force));
  const bool strange = !sources.empty();
  report.set_sources(std::move(sources));
  auto done = provision::simulate(
      runtime->store(), *engine, run_time, request,
      [&report](const provision::PersonChange& change) -> Status {
        report.add(change);
        return {};
      },
      interrupt.token());
  end_progress(globals.quiet);
  if (interrupt.token().stop_requested()) return exit_interrupted;
  if (!done) return fail(std::move(done).error());
  report.finish(*done, flags.timing);
  return strange || done->changed > 0 || !done->moves.empty() ? exit_changes_found : exit_ok;
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
