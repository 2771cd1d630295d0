// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/cli/report.h"
#include "operations/documents/run.h"

namespace muster::gateway::cli {
namespace {

Result<ExitCode> list(const Globals& globals, const std::string& source, int count) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto runs, operations::latest_runs(runtime->installation(), source, count));
  RowWriter rows(globals.format, {{"id", "ID"},
                                  {"source", "SOURCE"},
                                  {"kind", "KIND"},
                                  {"state", "STATE"},
                                  {"actor", "BY"},
                                  {"started", "STARTED"},
                                  {"read", "READ"},
                                  {"created", "CREATED"},
                                  {"updated", "UPDATED"},
                                  {"deactivated", "DEACTIVATED"},
                                  {"held", "HELD"},
                                  {"problems", "PROBLEMS"},
                                  {"findings", "FINDINGS"}});
  for (const auto& run : runs) {
    rows.add({run.id, run.source, std::string(store::name_of(run.kind)),
              std::string(store::name_of(run.state)), run.actor, format_timestamp(run.started),
              std::to_string(run.counts.read), std::to_string(run.counts.created),
              std::to_string(run.counts.updated), std::to_string(run.counts.deactivated),
              std::to_string(run.counts.held), std::to_string(run.counts.problems),
              std::to_string(run.counts.findings)},
             operations::as_document(run));
  }
  rows.finish();
  return exit_ok;
}

// One row for each kind of finding, as an item of the action "finding", before the items.
void print_items(const store::RunRow& run, const std::vector<store::RunItem>& items) {
  RowWriter rows(Format::csv, {{"number", ""},
                               {"action", ""},
                               {"result", ""},
                               {"code", ""},
                               {"where", ""},
                               {"recordKey", ""},
                               {"identityId", ""},
                               {"message", ""}});
  for (const auto& group : run.findings) {
    const auto& shown = group.example;
    const auto place = group.places.empty() ? store::FindingPlace{} : group.places.front();
    rows.add({"", "finding", std::string(name_of(shown.severity)), shown.code, place.where,
              place.record_key, place.identity_id,
              shown.message + " (" + std::to_string(group.count) + " times)"});
  }
  for (const auto& item : items) {
    rows.add({std::to_string(item.number), item.action, item.result, item.code, item.where,
              item.record_key, item.identity_id, item.message});
  }
  rows.finish();
}

Result<ExitCode> show(const Globals& globals, const std::string& id) {
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto details,
             with_hint(operations::show_run(runtime->installation(), id), Fault::not_found,
                       "; `muster runs list` shows the latest"));
  if (globals.format == Format::table)
    print_run(details.run, details.items, false, details.items.size());
  else if (globals.format == Format::csv)
    print_items(details.run, details.items);
  else
    print_document(as_document(details));
  return exit_ok;
}

}  // namespace

void add_runs(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("runs", "What imports and synchronisations did");
  group->require_subcommand(1);

  auto* lister = group->add_subcommand("list", "The latest runs, newest first");
  auto source = std::make_shared<std::string>();
  auto count = std::make_shared<int>(20);
  lister->add_option("--source", *source, "Of this source only");
  lister->add_option("--count", *count, "How many")->check(CLI::Range(1, 10'000));
  when(lister, [&globals, source, count] { return list(globals, *source, *count); });

  auto* shower = group->add_subcommand("show", "One run with its items");
  auto id = std::make_shared<std::string>();
  shower->add_option("ID", *id, "Run id")->required();
  when(shower, [&globals, id] { return show(globals, *id); });
}

}  // namespace muster::gateway::cli
