// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

namespace muster::gateway::cli {
namespace {

const std::map<std::string, Format> formats = {{"table", Format::table},
                                               {"json", Format::json},
                                               {"jsonl", Format::jsonl},
                                               {"csv", Format::csv}};

void print_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  for (const auto& one : diagnostics) std::fprintf(stderr, "%s\n", describe(one).c_str());
}

void add_globals(CLI::App& app, Globals& globals) {
  app.add_option("--config", globals.config_file, "Configuration file (default: built-in settings)")
      ->envname("MUSTER_CONFIG")
      ->type_name("FILE");
  app.add_option("-o,--output", globals.format, "table, json, jsonl or csv")
      ->envname("MUSTER_OUTPUT")
      ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case))
      ->option_text("FORMAT (Env:MUSTER_OUTPUT)");
  app.add_flag("-q,--quiet", globals.quiet, "No progress and no remarks on standard error");
}

}  // namespace

Result<Config> read_config(const Globals& globals) {
  if (globals.config_file.empty()) {
    auto config = built_in_config();
    log::configure(config.log_format, globals.quiet ? log::Level::error : log::Level::warning);
    return config;
  }
  auto loaded = load_config(globals.config_file);
  if (!loaded.config) {
    print_diagnostics(loaded.diagnostics);
    return fail(Fault::invalid, "the configuration cannot be used, see above", globals.config_file,
                "configuration");
  }
  log::configure(loaded.config->log_format, log::Level::warning);
  return std::move(*loaded.config);
}

Result<std::unique_ptr<Runtime>> open_runtime(const Globals& globals) {
  MUSTER_TRY(auto config, read_config(globals));
  return Runtime::open(std::move(config));
}

int run(int argc, char** argv) {
  CLI::App app("Muster brings people and groups from SCIM, LDAP and CSV to the platform.",
               "muster");
  app.set_version_flag("--version", "muster " MUSTER_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  Globals globals;
  add_globals(app, globals);

  Action chosen;
  const Register when = [&chosen](CLI::App* verb, Action action) {
    verb->callback([&chosen, action = std::move(action)] { chosen = action; });
  };
  add_serve(app, globals, when);
  add_config(app, globals, when);
  add_import(app, globals, when);
  add_sources(app, globals, when);
  add_users(app, globals, when);
  add_runs(app, globals, when);
  add_tokens(app, globals, when);
  add_reviews(app, globals, when);
  add_lifecycle(app, globals, when);
  add_map(app, globals, when);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  const auto result = chosen();
  if (result) return *result;
  print_error(globals.format, result.error());
  return exit_code_of(result.error().fault);
}

}  // namespace muster::gateway::cli
