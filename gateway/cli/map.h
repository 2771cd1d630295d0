// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/clock.h"
#include "gateway/cli/command.h"

namespace muster::gateway::cli {

// How many people a table shows when nobody says.
constexpr std::size_t shown_people = 20;

// The verbs of `muster map`, each in its own file.
void add_map_eval(CLI::App& group, const Globals& globals, const Register& when);
void add_map_simulate(CLI::App& group, const Globals& globals, const Register& when);
void add_map_apply(CLI::App& group, const Globals& globals, const Register& when);

// A run time that was given, or now.
Result<Timestamp> time_of(const std::string& text);

// Where a person is named who is not there.
inline constexpr std::string_view person_hint = "; `muster users list` shows all";

}  // namespace muster::gateway::cli
