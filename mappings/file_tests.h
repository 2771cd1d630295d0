// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mappings/engine.h"
#include "mappings/report.h"

namespace muster::mappings {

// Takes the people of the file's `tests:` through the whole road in memory. What differs from
// `expect` and `because` is E-TEST with the place of the expectation; every test runs, whatever
// becomes of the others. When all have run, rules that none of them
// exercises are W-COVER.
TestSummary run_file_tests(Report& report, const YamlNode& tests, const Engine& engine);

// For a file that cannot run its tests: what is wrong with the way they are written, and W-COVER
// for sources that none of them gives a record.
void check_file_tests(Report& report, const YamlNode& tests, const Engine& engine);

}  // namespace muster::mappings
