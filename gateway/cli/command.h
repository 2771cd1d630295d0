// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/output.h"
#include "gateway/runtime.h"

namespace CLI {
class App;
}

namespace muster::gateway::cli {

// What every verb is given: the global flags, and ways to open what they name.
struct Globals {
  std::string config_file = {};  // --config, MUSTER_CONFIG; empty: the built-in default
  Format format = Format::table;
  bool quiet = false;
  bool json_errors() const { return format == Format::json || format == Format::jsonl; }
};

// The configuration that the flags name; every problem is printed. The exit code of a failure is
// the error's.
Result<Config> read_config(const Globals& globals);
Result<std::unique_ptr<Runtime>> open_runtime(const Globals& globals);

// The result; an error of that kind gets behind its detail what to do about it at a command line.
// Operations speak to every way in and name no verbs.
template <class T>
Result<T> with_hint(Result<T> result, Fault fault, std::string_view hint) {
  if (!result && result.error().fault == fault) result.error().detail += hint;
  return result;
}

// The same where another run is under way.
inline constexpr std::string_view busy_hint = "; `muster runs list` shows it";

// A verb does its work and says how it ended: an exit code, or an error that is printed.
using Action = std::function<Result<ExitCode>()>;

// Registers a verb's action; main runs the one that the command line names.
using Register = std::function<void(CLI::App*, Action)>;

void add_serve(CLI::App& app, const Globals& globals, const Register& when);
void add_config(CLI::App& app, const Globals& globals, const Register& when);
void add_import(CLI::App& app, const Globals& globals, const Register& when);
void add_sources(CLI::App& app, const Globals& globals, const Register& when);
void add_users(CLI::App& app, const Globals& globals, const Register& when);
void add_runs(CLI::App& app, const Globals& globals, const Register& when);
void add_tokens(CLI::App& app, const Globals& globals, const Register& when);
void add_reviews(CLI::App& app, const Globals& globals, const Register& when);
void add_lifecycle(CLI::App& app, const Globals& globals, const Register& when);
void add_map(CLI::App& app, const Globals& globals, const Register& when);
void add_presets(CLI::App& map, const Globals& globals, const Register& when);  // below `map`

// Parses the command line, runs the verb, returns the exit code.
int run(int argc, char** argv);

}  // namespace muster::gateway::cli
