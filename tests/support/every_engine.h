// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace muster::support {

// Whether this process keeps its stores in PostgreSQL (MUSTER_TEST_STORE=postgresql, see
// store_url).
bool on_postgresql();

// Tests that run on PostgreSQL too: those of a suite ("Suite.*") or one ("Suite.Name"). Gives true.
bool repeat_on_postgresql(std::string tests);

// Called by main() when the stores are in PostgreSQL: lets only the tests run that are to be
// repeated. False after a message when there are none, or when a name stands for no test.
bool choose_repeated_tests();

}  // namespace muster::support

// Beside a fixture: its tests run once more with people in PostgreSQL. A renamed fixture does not
// compile.
#define MUSTER_ON_EVERY_ENGINE(Suite)                \
  [[maybe_unused]] const bool every_engine_##Suite = \
      sizeof(Suite) > 0 && ::muster::support::repeat_on_postgresql(#Suite ".*")

// The same for one test, behind it.
#define MUSTER_TEST_ON_EVERY_ENGINE(Suite, Name)              \
  [[maybe_unused]] const bool every_engine_##Suite##_##Name = \
      sizeof(GTEST_TEST_CLASS_NAME_(Suite, Name)) > 0 &&      \
      ::muster::support::repeat_on_postgresql(#Suite "." #Name)

// In a test of such a fixture that opens hundreds of stores.
#define MUSTER_SKIP_ON_POSTGRESQL()       \
  if (::muster::support::on_postgresql()) \
  GTEST_SKIP() << "opens hundreds of stores, and a database takes 0.2 s"
