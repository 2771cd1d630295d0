// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "gateway/service_status.h"
#include "operations/documents/diagnostic.h"

namespace muster::gateway::cli {
namespace {

// All findings of the configuration and of the mapping file that it names.
Result<ExitCode> check(const Globals& globals, const std::string& file, bool json) {
  std::vector<Diagnostic> diagnostics;
  std::optional<Config> config;
  if (file.empty()) {
    config = built_in_config();
  } else {
    auto loaded = load_config(file);
    diagnostics = std::move(loaded.diagnostics);
    config = std::move(loaded.config);
  }
  if (config) {
    auto mapping = load_mapping(*config);
    diagnostics.insert(diagnostics.end(), mapping.diagnostics.begin(), mapping.diagnostics.end());
  }
  const bool bad = has_errors(diagnostics);
  if (json || globals.json_errors()) {
    Value::List list;
    for (const auto& one : diagnostics) list.push_back(operations::as_document(one));
    Value document;
    document.set("ok", !bad);
    document.set("diagnostics", std::move(list));
    print_document(document);
  } else {
    for (const auto& one : diagnostics) std::fprintf(stderr, "%s\n", describe(one).c_str());
    if (!bad)
      std::printf("%s is good\n", file.empty() ? "the built-in configuration" : file.c_str());
  }
  return bad ? exit_invalid : exit_ok;
}

Result<ExitCode> reload(const Globals& globals) {
  constexpr auto patience = std::chrono::seconds(60);
  MUSTER_TRY(const auto config, read_config(globals));
  auto status = ask_to_reload(config.state_directory, patience);
  if (!status) {
    if (status.error().fault != Fault::not_found) return fail(std::move(status).error());
    return fail(Fault::unavailable, status.error().detail + "; start it with `muster serve`",
                status.error().where);
  }
  const auto* outcome = status->find("reload");
  const bool ok = outcome->find("ok")->as_bool();
  if (globals.json_errors()) {
    print_document(*outcome);
    return ok ? exit_ok : exit_invalid;
  }
  for (const auto& one : outcome->find("diagnostics")->as_list())
    std::fprintf(stderr, "%s\n", printable(one.as_text()).c_str());
  for (const auto& one : outcome->find("restart")->as_list())
    std::fprintf(stderr, "muster: %s counts from the next start on\n", one.as_text().c_str());
  if (ok) {
    const auto warnings = outcome->find("warnings")->as_int();
    std::printf("reloaded: %s (%s)%s\n", outcome->find("mapping")->as_text().c_str(),
                outcome->find("config")->as_text().c_str(),
                warnings == 0 ? "" : ", with warnings: `muster config check` tells them");
    return exit_ok;
  }
  std::fprintf(stderr, "muster: not reloaded, the old configuration stays in force\n");
  return exit_invalid;
}

}  // namespace

void add_config(CLI::App& app, const Globals& globals, const Register& when) {
  auto* group = app.add_subcommand("config", "The configuration file");
  group->require_subcommand(1);
  auto* verb = group->add_subcommand(
      "check", "Read the configuration and the mapping file, run its tests, tell every problem");
  auto file = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  verb->add_option("FILE", *file, "Configuration file (default: --config)");
  verb->add_flag("--json", *json, "Findings as JSON");
  when(verb, [&globals, file, json] {
    return check(globals, file->empty() ? globals.config_file : *file, *json);
  });

  auto* reloader = group->add_subcommand(
      "reload", "Let the running service take the changed mapping file over, if it is good");
  when(reloader, [&globals] { return reload(globals); });
}

}  // namespace muster::gateway::cli
