// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "core/text.h"
#include "gateway/cli/command.h"
#include "gateway/cli/report.h"
#include "gateway/signals.h"

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

Result<const SourceConfig*> find_source(const Config& config, const std::string& name) {
  if (const auto* source = config.source(name)) return source;
  std::vector<std::string> names;
  std::string all;
  for (const auto& source : config.sources) {
    names.push_back(source.name);
    all += (all.empty() ? "" : ", ") + source.name;
  }
  const auto near = did_you_mean(name, names);
  return fail(Fault::not_found, "there is no source '" + name + "'" +
                                    (near.empty() ? "; configured are: " + all : near));
}

bool changed_anything(const store::RunCounts& counts) {
  return counts.created + counts.linked + counts.updated + counts.reactivated + counts.deactivated +
             counts.ended + counts.review + counts.quarantined + counts.held >
         0;
}

// People read the first items that went wrong or wait; the rest is in the run (`runs show`). A dry
// run leaves no run, so more are shown, of all kinds.
constexpr std::size_t shown_items = 20;
constexpr std::size_t shown_items_of_dry_run = 1000;

void print(const Globals& globals, const provision::RunReport& report,
           const std::vector<store::RunItem>& items, bool dry_run) {
  if (!globals.json_errors())
    return print_run(report.row, items, dry_run, dry_run ? shown_items_of_dry_run : shown_items);
  auto document = as_document(report.row);
  document.set("dryRun", dry_run);
  Value::List list;
  for (const auto& item : items) list.push_back(as_document(item));
  document.set("items", std::move(list));
  print_document(document);
}

Result<ExitCode> run_now(const Globals& globals, const RunFlags& flags) {
  Interrupt interrupt;
  MUSTER_TRY(auto runtime, open_runtime(globals));
  MUSTER_TRY(const auto* source, find_source(runtime->config(), flags.source));
  if (!flags.file.empty() && source->kind != SourceKind::csv) {
    return fail(Fault::invalid, "source '" + source->name +
                                    "' is not of kind csv: a file cannot be imported into it");
  }
  Runtime::RunOptions options;
  options.file = flags.file;
  if (!flags.mode.empty()) options.snapshot = flags.mode == "snapshot";
  if (!flags.delimiter.empty())
    options.delimiter = flags.delimiter == "tab" ? '\t' : flags.delimiter[0];
  options.dry_run = flags.dry_run;
  options.actor = "cli";
  options.on_progress = progress_line(globals.quiet);
  std::vector<store::RunItem> items;
  options.items = &items;
  options.all_items = flags.dry_run || globals.json_errors();
  auto report = runtime->run(*source, options, interrupt.token());
  end_progress(globals.quiet);
  if (!report) return fail(std::move(report).error());
  print(globals, *report, items, flags.dry_run);
  if (report->error) {
    std::fprintf(stderr, "muster: %s\n", describe(*report->error).c_str());
    return exit_code_of(report->error->fault);
  }
  const auto code = exit_code_of(report->row.state);
  if (code == exit_ok && flags.dry_run && flags.detailed_exit_code &&
      changed_anything(report->row.counts)) {
    return exit_changes_found;
  }
  return code;
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

  auto* list = group->add_subcommand(
      "list", "The configured sources with what they hold and their last run");
  when(list, [&globals]() -> Result<ExitCode> {
    MUSTER_TRY(auto runtime, open_runtime(globals));
    MUSTER_TRY(auto reader, runtime->store().reader());
    MUSTER_TRY(auto counts, reader->journal().counts());
    RowWriter rows(globals.format, {{"name", "NAME"},
                                    {"kind", "KIND"},
                                    {"tag", "TAG"},
                                    {"people", "PEOPLE"},
                                    {"groups", "GROUPS"},
                                    {"review", "REVIEW"},
                                    {"quarantined", "QUARANTINED"},
                                    {"lastRun", "LAST RUN"},
                                    {"lastState", "STATE"}});
    const auto engine = runtime->provisioner().engine();
    for (const auto& source : runtime->config().sources) {
      store::SourceCounts own;
      for (const auto& one : counts) {
        if (one.source == source.name) own = one;
      }
      MUSTER_TRY(auto runs, reader->runs().latest(source.name, 1));
      const auto* info = engine->source(source.name);
      rows.add({source.name, info->kind, info->tag, std::to_string(own.people),
                std::to_string(own.groups), std::to_string(own.review),
                std::to_string(own.quarantined),
                runs.empty() ? "never" : format_timestamp(runs[0].started),
                runs.empty() ? "" : std::string(store::name_of(runs[0].state))});
    }
    rows.finish();
    return exit_ok;
  });
}

}  // namespace muster::gateway::cli
