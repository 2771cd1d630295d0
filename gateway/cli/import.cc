// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/cli/report.h"
#include "gateway/signals.h"
#include "operations/documents/run.h"
#include "operations/documents/source.h"

namespace muster::gateway::cli {
namespace {

struct RunFlags {
  std::string source = {};
  std::string file = {};
  std::string mode = {};
  std::string delimiter = {};
  bool dry_run = false;
  bool detailed_exit_code = false;
};

// People read the first items that went wrong or wait; the rest is in the run (`runs show`). A dry
// run leaves no run, so more are shown, of all kinds.
constexpr std::size_t shown_items = 20;
constexpr std::size_t shown_items_of_dry_run = 1000;
constexpr std::size_t most_items = 1000;

void print(const Globals& globals, const operations::RunOutcome& outcome) {
  if (globals.json_errors()) return print_document(as_document(outcome));
  print_run(outcome.report.row, outcome.items, outcome.dry_run,
            outcome.dry_run ? shown_items_of_dry_run : shown_items, outcome.items_left_out);
}

Result<operations::ReadRequest> request_of(const Globals& globals, const RunFlags& flags) {
  operations::ReadRequest request{.source = flags.source, .file = flags.file};
  if (!flags.mode.empty()) request.snapshot = flags.mode == "snapshot";
  auto delimiter = operations::parse_delimiter(flags.delimiter);
  if (!delimiter)
    return fail(Fault::invalid, std::move(delimiter).error().detail, "--delimiter", "E-VALUE");
  request.delimiter = *delimiter;
  request.on_progress = progress_line(globals.quiet);
  return request;
}

// Whether what is asked for is a csv source for which nobody has named a file.
bool lacks_file(const Config& config, const RunFlags& flags) {
  const auto* source = config.source(flags.source);
  return source != nullptr && source->kind == SourceKind::csv && source->file.empty() &&
         flags.file.empty();
}

Result<ExitCode> run_now(const Globals& globals, const RunFlags& flags) {
  Interrupt interrupt;
  MUSTER_TRY(const auto request, request_of(globals, flags));
  MUSTER_TRY(auto runtime, open_runtime(globals));
  operations::RunOptions options{.dry_run = flags.dry_run, .actor = "cli"};
  options.items = {.most = most_items, .all = flags.dry_run || globals.json_errors()};
  auto outcome =
      operations::read_source(runtime->installation(), request, options, interrupt.token());
  end_progress(globals.quiet);
  if (!outcome && lacks_file(runtime->config(), flags))
    return with_hint(Result<ExitCode>(fail(outcome.error())), Fault::invalid,
                     ": muster import FILE --source " + flags.source);
  MUSTER_TRY(const auto done, with_hint(std::move(outcome), Fault::conflict, busy_hint));
  print(globals, done);
  if (const auto& error = done.report.error) {
    std::fprintf(stderr, "muster: %s\n", describe(*error).c_str());
    return exit_code_of(error->fault);
  }
  const auto code = exit_code_of(done.report.row.state);
  if (code == exit_ok && flags.dry_run && flags.detailed_exit_code &&
      operations::changed_anything(done.report.row.counts)) {
    return exit_changes_found;
  }
  return code;
}

Result<ExitCode> list(const Globals& globals) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto sources, operations::list_sources(runtime->installation()));
  RowWriter rows(globals.format, {{"name", "NAME"},
                                  {"kind", "KIND"},
                                  {"tag", "TAG"},
                                  {"people", "PEOPLE"},
                                  {"groups", "GROUPS"},
                                  {"review", "REVIEW"},
                                  {"quarantined", "QUARANTINED"},
                                  {"findings", "FINDINGS"},
                                  {"lastRun", "LAST RUN"},
                                  {"lastState", "STATE"},
                                  {"remarks", "REMARKS"}});
  for (const auto& source : sources) rows.add_document(as_document(source));
  rows.finish();
  return exit_ok;
}

void add_dry_run(CLI::App* verb, RunFlags& flags) {
  verb->add_flag("--dry-run", flags.dry_run, "Do everything but keep it");
  verb->add_flag("--detailed-exit-code", flags.detailed_exit_code,
                 "Exit 10 when a dry run found changes");
}

}  // namespace

void add_import(CLI::App& app, const Globals& globals, const Register& when) {
  auto* verb = app.add_subcommand("import", "Import a CSV file of people");
  auto flags = std::make_shared<RunFlags>();
  verb->add_option("FILE", flags->file, "The file")->required();
  verb->add_option("--source", flags->source, "The csv source that it belongs to")->required();
  verb->add_option("--mode", flags->mode,
                   "delta: absence says nothing; snapshot: who is not in the file has left")
      ->check(CLI::IsMember({"delta", "snapshot"}));
  verb->add_option("--delimiter", flags->delimiter,
                   "One character or the word tab; found by itself when not given");
  add_dry_run(verb, *flags);
  when(verb, [&globals, flags] { return run_now(globals, *flags); });
}

void add_sources(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("sources", "Where people come from");
  group->require_subcommand(1);

  auto* sync = group->add_subcommand(
      "sync", "Read an LDAP directory (or the configured file of a csv source) now");
  auto flags = std::make_shared<RunFlags>();
  sync->add_option("NAME", flags->source, "The source")->required();
  add_dry_run(sync, *flags);
  when(sync, [&globals, flags] { return run_now(globals, *flags); });

  auto* lister = group->add_subcommand(
      "list", "The configured sources with what they hold and their last run");
  when(lister, [&globals] { return list(globals); });
}

}  // namespace muster::gateway::cli
