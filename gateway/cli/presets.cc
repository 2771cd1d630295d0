// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "core/text.h"
#include "gateway/cli/command.h"
#include "gateway/embedded.h"

namespace muster::gateway::cli {
namespace {

// What a preset is for: its first line, without the comment sign.
std::string about(const Preset& preset) {
  auto line = preset.text.substr(0, preset.text.find('\n'));
  line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
  return std::string(line);
}

Result<ExitCode> list(const Globals& globals) {
  RowWriter rows(globals.format, {{"name", "NAME"}, {"about", "FOR"}});
  for (const auto& preset : presets()) {
    Value document;
    document.set("name", std::string(preset.name));
    document.set("about", about(preset));
    rows.add({std::string(preset.name), about(preset)}, document);
  }
  rows.finish();
  return exit_ok;
}

Result<ExitCode> print(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& preset : presets()) {
    names.emplace_back(preset.name);
    if (preset.name != name) continue;
    std::fwrite(preset.text.data(), 1, preset.text.size(), stdout);
    return exit_ok;
  }
  return fail(Fault::not_found, "there is no preset '" + name + "'" + did_you_mean(name, names) +
                                    "; `muster map presets` shows all");
}

}  // namespace

void add_presets(CLI::App& map, const Globals& globals, const Register& when) {
  auto* verb = map.add_subcommand("presets", "Mapping files to start from; with a name, that file");
  auto name = std::make_shared<std::string>();
  verb->add_option("NAME", *name, "Which one to print");
  when(verb, [&globals, name] { return name->empty() ? list(globals) : print(*name); });
}

}  // namespace muster::gateway::cli
