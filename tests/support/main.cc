// SPDX-License-Identifier: Apache-2.0
// main() of every test program.
#include <gtest/gtest.h>

#include "tests/support/every_engine.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  using namespace muster::support;
  if (on_postgresql() && !choose_repeated_tests()) return 2;
  return RUN_ALL_TESTS();
}
