// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/cli/report.h"
#include "gateway/signals.h"

namespace muster::gateway::cli {
namespace {

constexpr std::size_t shown_items = 1000;

void print(const Globals& globals, const std::vector<provision::RunReport>& reports,
           const std::vector<store::RunItem>& items, bool dry_run) {
  if (!globals.json_errors()) {
    if (reports.empty()) std::printf("nobody is due\n");
    // The items of both runs stand below the last one.
    for (const auto& report : reports)
      print_run(report.row, &report == &reports.back() ? items : std::vector<store::RunItem>{},
                dry_run, shown_items);
    return;
  }
  Value document{Value::Object{}};
  document.set("dryRun", dry_run);
  Value::List runs, list;
  for (const auto& report : reports) runs.push_back(as_document(report.row));
  for (const auto& item : items) list.push_back(as_document(item));
  document.set("runs", std::move(runs));
  document.set("items", std::move(list));
  print_document(document);
}

Result<ExitCode> run_now(const Globals& globals, bool dry_run) {
  Interrupt interrupt;
  MUSTER_TRY(auto runtime, open_runtime(globals));
  std::vector<store::RunItem> items;
  Runtime::RunOptions options;
  options.dry_run = dry_run;
  options.actor = "cli";
  options.items = &items;
  options.max_items = shown_items;
  options.all_items = true;
  MUSTER_TRY(const auto reports, runtime->run_lifecycle(options, interrupt.token()));
  print(globals, reports, items, dry_run);
  auto code = exit_ok;
  for (const auto& report : reports) {
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
