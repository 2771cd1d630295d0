// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "gateway/cli/map.h"
#include "gateway/cli/report.h"
#include "gateway/cli/simulation.h"
#include "gateway/service_status.h"
#include "gateway/signals.h"
#include "operations/documents/simulation.h"
#include "operations/files.h"

namespace muster::gateway::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto reload_patience = std::chrono::seconds(60);

struct Flags {
  std::string file = {};
  std::optional<std::int64_t> accept_deactivations = {};
  std::vector<std::string> accept_sources = {};
  std::optional<std::size_t> limit = {};
  bool dry_run = false;
  bool timing = false;
};

// Lets the service of this state directory reload.
Result<std::optional<std::string>> follow(const fs::path& state_directory) {
  if (!service_runs(state_directory)) return std::optional<std::string>();
  MUSTER_TRY(const auto status, ask_to_reload(state_directory, reload_patience));
  const auto* reload = status.find("reload");
  const auto* ok = reload == nullptr ? nullptr : reload->find("ok");
  if (ok == nullptr || !ok->is_bool() || !ok->as_bool())
    return fail(Fault::invalid,
                "the running service refused the new mapping; the old one is in force and in "
                "place again. `muster config reload` tells why");
  constexpr std::string_view prefix = "sha256:";
  const auto* config = reload->find("config");
  const bool known =
      config != nullptr && config->is_text() && config->as_text().starts_with(prefix);
  return std::optional(known ? config->as_text().substr(prefix.size()) : std::string());
}

// The refusals with what accepts them at a command line.
std::string refused(const Flags& flags, const std::vector<operations::ApplyRefusal>& refusals) {
  using Reason = operations::ApplyRefusal::Reason;
  std::string text;
  for (const auto& one : refusals) {
    text += text.empty() ? "" : "\n";
    const auto leaving = std::to_string(one.leaving);
    if (one.reason == Reason::source)
      text += one.message + ". If it is meant: --accept-source " + one.source;
    else if (one.reason == Reason::count)
      text += leaving + " people would become inactive, not " +
              std::to_string(flags.accept_deactivations.value_or(0)) +
              " as --accept-deactivations says";
    else
      text += one.message +
              ". Look at them with `muster map simulate`; if it is right: "
              "--accept-deactivations " +
              leaving;
  }
  return text;
}

class Apply {
 public:
  Apply(const Globals& globals, const Flags& flags)
      : globals_(globals),
        flags_(flags),
        table_(globals.format == Format::table),
        report_(globals.format, limit()) {}

  Result<ExitCode> run() {
    Interrupt interrupt;
    MUSTER_TRY(const auto runtime, open());
    const auto& here = runtime->installation();
    auto outcome = operations::apply(
        here, request_, [&here] { return follow(here.state_directory); }, watch(),
        interrupt.token());
    end_progress(globals_.quiet);
    if (!outcome && !seen_ && interrupt.token().stop_requested()) return exit_interrupted;
    if (!outcome) return fail(in_words(std::move(outcome).error()));
    if (flags_.dry_run) return end_dry_run(*outcome);
    return outcome->refusals.empty() ? end(*outcome) : end_refused(*outcome);
  }

 private:
  // With the new file as the mapping of the installation.
  Result<std::unique_ptr<Runtime>> open() {
    MUSTER_TRY(auto config, read_config(globals_));
    if (config.mapping.path.empty())
      return fail(Fault::invalid,
                  "the configuration names no mapping file: give it one under `mapping:`, so that "
                  "there is something to replace",
                  config.file);
    request_ = {.active = config.mapping.path,
                .actor = "cli",
                .accept_deactivations = flags_.accept_deactivations,
                .accept_sources = flags_.accept_sources,
                .dry_run = flags_.dry_run};
    MUSTER_TRY(request_.text, operations::read_text(flags_.file));
    config.mapping.draft = {flags_.file, request_.text};
    return Runtime::open(std::move(config));
  }

  std::optional<std::size_t> limit() const {
    if (flags_.limit || globals_.format != Format::table) return flags_.limit;
    return shown_people;
  }

  operations::ApplyWatch watch() {
    operations::ApplyWatch watch;
    watch.simulation.on_progress = reevaluation_line(globals_.quiet || !table_);
    watch.on_progress = reevaluation_line(globals_.quiet);
    if (flags_.dry_run)
      watch.simulation.on_person = [this](const auto& person) { report_.add(person); };
    watch.on_seen = [this](const operations::ApplyOutcome& outcome) {
      seen_ = true;
      end_progress(globals_.quiet || !table_);
      if (table_ && !flags_.dry_run) print_summary(outcome.seen);
    };
    return watch;
  }

  static Error in_words(Error error) {
    if (error.code == "busy") error.detail = "another `map apply` is under way";
    return error;
  }

  Result<ExitCode> end_dry_run(const operations::ApplyOutcome& outcome) {
    report_.finish(outcome.seen, flags_.timing);
    if (!outcome.refusals.empty()) return exit_held;
    return outcome.seen.finds_changes() ? exit_changes_found : exit_ok;
  }

  Result<ExitCode> end_refused(const operations::ApplyOutcome& outcome) {
    const auto why = refused(flags_, outcome.refusals);
    if (!table_) print_document(as_document(outcome, request_.active.string(), why, flags_.timing));
    std::fprintf(stderr, "muster: refused, nothing was changed: %s\n", why.c_str());
    return exit_held;
  }

  Result<ExitCode> end(const operations::ApplyOutcome& outcome) {
    const auto& run = *outcome.run;
    const auto code = run.error ? exit_code_of(run.error->fault) : exit_code_of(run.row.state);
    if (table_) {
      std::printf("%s is in force\n", request_.active.c_str());
      print_run(run.row, outcome.troubles, false, shown_people);
    } else {
      print_document(as_document(outcome, request_.active.string(), {}, flags_.timing));
    }
    if (code == exit_interrupted && !globals_.quiet)
      std::fprintf(stderr, "muster: interrupted; the same command again goes on\n");
    if (run.error) std::fprintf(stderr, "muster: %s\n", describe(*run.error).c_str());
    return code;
  }

  const Globals& globals_;
  const Flags& flags_;
  const bool table_;
  operations::ApplyRequest request_ = {};
  SimulationReport report_;
  bool seen_ = false;
};

}  // namespace

void add_map_apply(CLI::App& group, const Globals& globals, const Register& when) {
  auto flags = std::make_shared<Flags>();
  auto* verb = group.add_subcommand(
      "apply", "Put a mapping file in force and evaluate everybody by it; nobody tells it again");
  verb->add_option("FILE", flags->file, "The new mapping file")->required();
  verb->add_flag("--dry-run", flags->dry_run, "As `map simulate`, from where the file will stand");
  verb->add_option("--accept-deactivations", flags->accept_deactivations,
                   "Exactly so many people may become inactive, whatever the guard says");
  verb->add_option(
      "--accept-source", flags->accept_sources,
      "This source may get another key or kind, or go, though people are known from it");
  verb->add_option("--limit", flags->limit, "Dry run: people to show");
  verb->add_flag("--timing", flags->timing, "Seconds, and how many of them the store took");
  when(verb, [&globals, flags] { return Apply(globals, *flags).run(); });
}

}  // namespace muster::gateway::cli
