// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/cli/report.h"
#include "gateway/signals.h"
#include "operations/documents/run.h"

namespace muster::gateway::cli {
namespace {

constexpr std::size_t shown_items = 1000;

void print(const Globals& globals, const operations::LifecycleOutcome& outcome) {
  if (globals.json_errors()) return print_document(as_document(outcome));
  const auto& reports = outcome.reports;
  if (reports.empty()) std::printf("nobody is due\n");
  // The items of both runs stand below the last one.
  for (const auto& report : reports)
    print_run(
        report.row, &report == &reports.back() ? outcome.items : std::vector<store::RunItem>{},
        outcome.dry_run, shown_items, &report == &reports.back() ? outcome.items_left_out : 0);
}

Result<ExitCode> run_now(const Globals& globals, bool dry_run) {
  Interrupt interrupt;
  MUSTER_TRY(auto runtime, open_runtime(globals));
  const operations::RunOptions options{
      .dry_run = dry_run, .actor = "cli", .items = {.most = shown_items, .all = true}};
  MUSTER_TRY(const auto outcome, with_hint(operations::run_lifecycle(runtime->installation(),
                                                                     options, interrupt.token()),
                                           Fault::conflict, busy_hint));
  print(globals, outcome);
  auto code = exit_ok;
  for (const auto& report : outcome.reports) {
    if (report.error) std::fprintf(stderr, "muster: %s\n", describe(*report.error).c_str());
    const auto own =
        report.error ? exit_code_of(report.error->fault) : exit_code_of(report.row.state);
    if (code == exit_ok) code = own;
  }
  return code;
}

}  // namespace

void add_lifecycle(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("lifecycle", "What time does to people");
  group->require_subcommand(1);
  auto* verb = group->add_subcommand(
      "run",
      "Settle everybody again whose grace, hold, retention or contract is over; `serve` does "
      "it by itself");
  auto dry_run = std::make_shared<bool>(false);
  verb->add_flag("--dry-run", *dry_run, "Do everything but keep it");
  when(verb, [&globals, dry_run] { return run_now(globals, *dry_run); });
}

}  // namespace muster::gateway::cli
