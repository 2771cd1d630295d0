// SPDX-License-Identifier: Apache-2.0
// The demo checks its own results; here it runs with the program of this build.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"

namespace muster::scenarios {
namespace {

TEST(Demo, EndsWithEveryResultAsExpected) {
  Installation folder;
  const auto ended =
      folder.run({MUSTER_SOURCE_DIR "/bin/demo", "--once", "--program", Installation::program()});
  EXPECT_EQ(ended.code, 0) << ended.said;
  EXPECT_TRUE(ended.has("demo: everything was as expected")) << ended.said;
}

}  // namespace
}  // namespace muster::scenarios
