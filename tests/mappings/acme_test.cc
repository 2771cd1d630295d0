// SPDX-License-Identifier: Apache-2.0
// The configuration of a company with three sources, as an administrator would write it.
#include <fstream>
#include <iterator>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

TEST(Acme, LoadsAndPassesItsTestsButForTheCreationOfGroups) {
  const std::string file = MUSTER_SOURCE_DIR "/tests/mappings/data/acme/mapping.yaml";
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::string create = ", create: true";
  ASSERT_NE(text.find(create), std::string::npos);
  text.erase(text.find(create), create.size());
  const auto loaded = Engine::load_text(text, file);
  EXPECT_FALSE(has_errors(loaded.diagnostics)) << printed(loaded.diagnostics);
  ASSERT_NE(loaded.engine, nullptr);
  EXPECT_EQ(loaded.sources, 3u);
  EXPECT_EQ(loaded.tests.run, 2u);
  EXPECT_EQ(loaded.tests.failed, 0u);
}

}  // namespace
}  // namespace muster::mappings
