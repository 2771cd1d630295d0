// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/clock.h"
#include "core/identity.h"
#include "gateway/cli/command.h"
#include "store/reader.h"

namespace muster::gateway::cli {

// How many people a table shows when nobody says.
constexpr std::size_t shown_people = 20;

// An explanation takes at most so many bytes of JSON.
constexpr std::size_t explanation_size = 64 * 1024;

// The verbs of `muster map`, each in its own file.
void add_map_eval(CLI::App& group, const Globals& globals, const Register& when);
void add_map_simulate(CLI::App& group, const Globals& globals, const Register& when);
void add_map_apply(CLI::App& group, const Globals& globals, const Register& when);

// A run time that was given, or now.
Result<Timestamp> time_of(const std::string& text);

// By id or by user name, whichever was given; not_found otherwise.
Result<Identity> find_person(store::Reader& reader, const std::string& id);

}  // namespace muster::gateway::cli
