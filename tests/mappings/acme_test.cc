// SPDX-License-Identifier: Apache-2.0
// The configuration of a company with three sources, as an administrator would write it.
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

TEST(Acme, LoadsAndPassesItsTests) {
  const auto loaded = Engine::load_file(MUSTER_SOURCE_DIR "/tests/mappings/data/acme/mapping.yaml");
  EXPECT_FALSE(has_errors(loaded.diagnostics)) << printed(loaded.diagnostics);
  ASSERT_NE(loaded.engine, nullptr);
  EXPECT_EQ(loaded.sources, 3u);
  EXPECT_EQ(loaded.tests.run, 2u);
  EXPECT_EQ(loaded.tests.failed, 0u);
}

}  // namespace
}  // namespace muster::mappings
