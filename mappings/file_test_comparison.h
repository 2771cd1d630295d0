// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mappings/model.h"
#include "mappings/report.h"
#include "mappings/test_world.h"

namespace muster::mappings {

// Compares where somebody ended with one `expect`; differences are E-TEST.
void compare_ending(Report& report, const Model& model, const std::string& test,
                    const Ending& ending, const YamlNode& expected);

// Compares the rules that decided with one `because`.
void compare_reasons(Report& report, const Model& model, const std::string& test,
                     const Ending& ending, const YamlNode& rules);

}  // namespace muster::mappings
