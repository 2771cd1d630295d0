// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mappings/model.h"
#include "mappings/report.h"
#include "mappings/test_world.h"

namespace muster::mappings {

// Finds what nobody can fulfil in one `expect` or `because`: unknown names, wrong kinds of values.
void check_expected(Report& report, const Model& model, const YamlNode& expected);
void check_because(Report& report, const Model& model, const YamlNode& because);

// Compares one ending with its `expect`, and with its `because` when there is one; E-TEST for each
// difference: expected, actual, and why it came like that.
void compare_ending(Report& report, const Model& model, const std::string& test,
                    const Ending& ending, const YamlNode& expected, const YamlNode* because);

}  // namespace muster::mappings
