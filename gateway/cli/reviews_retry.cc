// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/report.h"
#include "gateway/cli/reviews.h"
#include "gateway/signals.h"
#include "provision/runs/reevaluate.h"

namespace muster::gateway::cli {
namespace {

constexpr std::size_t shown_items = 1000;

struct Flags {
  std::vector<std::string> names = {};
  bool dry_run = false;
};

Result<ExitCode> retry(const Globals& globals, const Flags& flags) {
  Interrupt interrupt;
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto records, provision::waiting_records(runtime->provisioner(), flags.names));
  std::vector<store::RunItem> items;
  Runtime::RunOptions options;
  options.dry_run = flags.dry_run;
  options.actor = "cli";
  options.items = &items;
  options.max_items = shown_items;
  options.all_items = true;
  MUSTER_TRY(const auto report, runtime->retry(records, options, interrupt.token()));
  if (globals.json_errors()) {
    Value document{Value::Object{}};
    document.set("dryRun", flags.dry_run);
    document.set("run", as_document(report.row));
    Value::List list;
    for (const auto& item : items) list.push_back(as_document(item));
    document.set("items", std::move(list));
    print_document(document);
  } else {
    print_run(report.row, items, flags.dry_run, shown_items);
    const auto waiting = report.row.counts.review + report.row.counts.quarantined;
    if (waiting > 0)
      std::printf("  %lld of them still wait: `muster users explain SOURCE/KEY` says for what\n",
                  static_cast<long long>(waiting));
  }
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
