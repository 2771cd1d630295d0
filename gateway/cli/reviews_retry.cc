// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/report.h"
#include "gateway/cli/reviews.h"
#include "gateway/signals.h"
#include "operations/documents/run.h"

namespace muster::gateway::cli {
namespace {

constexpr std::size_t shown_items = 1000;

struct Flags {
  std::vector<std::string> names = {};
  bool dry_run = false;
};

void print(const Globals& globals, const operations::RunOutcome& outcome) {
  if (globals.json_errors()) return print_document(retry_document(outcome));
  const auto& run = outcome.report.row;
  print_run(run, outcome.items, outcome.dry_run, shown_items);
  const auto waiting = run.counts.review + run.counts.quarantined;
  if (waiting > 0)
    std::printf("  %lld of them still wait: `muster users explain SOURCE/KEY` says for what\n",
                static_cast<long long>(waiting));
}

Result<ExitCode> retry(const Globals& globals, const Flags& flags) {
  Interrupt interrupt;
  MUSTER_TRY(auto runtime, open_runtime(globals));
  const operations::RunOptions options{
      .dry_run = flags.dry_run, .actor = "cli", .items = {.most = shown_items, .all = true}};
  auto outcome =
      operations::retry(runtime->installation(), flags.names, options, interrupt.token());
  // Also a record that does not wait is a conflict.
  if (!outcome && outcome.error().code == "busy")
    return with_hint(Result<ExitCode>(fail(outcome.error())), Fault::conflict, busy_hint);
  if (!outcome) return fail(outcome.error());
  print(globals, *outcome);
  const auto& report = outcome->report;
  if (report.error) std::fprintf(stderr, "muster: %s\n", describe(*report.error).c_str());
  return report.error ? exit_code_of(report.error->fault) : exit_code_of(report.row.state);
}

}  // namespace

void add_reviews_retry(CLI::App& group, const Globals& globals, const Register& when) {
  auto flags = std::make_shared<Flags>();
  auto* verb = group.add_subcommand(
      "retry",
      "Decide records in review and quarantine again, by what their sources told last; `serve` "
      "does it by itself every hour");
  verb->add_option("ID", flags->names,
                   "Only these: a review's id, a record's id or SOURCE/KEY (default: all)");
  verb->add_flag("--dry-run", flags->dry_run, "Do everything but keep it");
  when(verb, [&globals, flags] { return retry(globals, *flags); });
}

}  // namespace muster::gateway::cli
