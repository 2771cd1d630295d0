// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "gateway/cli/command.h"
#include "operations/documents/mapping.h"

namespace muster::gateway::cli {
namespace {

Result<ExitCode> list(const Globals& globals) {
  RowWriter rows(globals.format, {{"name", "NAME"}, {"about", "FOR"}});
  for (const auto& preset : operations::presets())
    rows.add_document(operations::as_document(preset));
  rows.finish();
  return exit_ok;
}

Result<ExitCode> print(const std::string& name) {
  MUSTER_TRY(const auto preset, with_hint(operations::find_preset(name), Fault::not_found,
                                          "; `muster map presets` shows all"));
  std::fwrite(preset.text.data(), 1, preset.text.size(), stdout);
  return exit_ok;
}

}  // namespace

void add_presets(CLI::App& map, const Globals& globals, const Register& when) {
  auto* verb = map.add_subcommand("presets", "Mapping files to start from; with a name, that file");
  auto name = std::make_shared<std::string>();
  verb->add_option("NAME", *name, "Which one to print");
  when(verb, [&globals, name] { return name->empty() ? list(globals) : print(*name); });
}

}  // namespace muster::gateway::cli
