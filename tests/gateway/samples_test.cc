// SPDX-License-Identifier: Apache-2.0
// The configurations that come with the program load, with secrets standing in.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "gateway/config.h"
#include "gateway/runtime.h"
#include "tests/support/temp_dir.h"

namespace muster::gateway {
namespace {

namespace fs = std::filesystem;

std::string errors_of(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& one : diagnostics) text += describe(one) + "\n";
  return text;
}

class Samples : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::copy(MUSTER_SOURCE_DIR "/etc", folder_.path() / "etc", fs::copy_options::recursive);
  }

  void expect_good(const std::string& name) {
    const auto loaded = load_config(folder_.path() / "etc" / name);
    ASSERT_TRUE(loaded.config) << errors_of(loaded.diagnostics);
    EXPECT_EQ(errors_of(loaded.diagnostics), "");
    const auto mapping = load_mapping(*loaded.config);
    EXPECT_TRUE(mapping.engine);
    EXPECT_EQ(errors_of(mapping.diagnostics), "");
  }

  support::TempDir folder_;
};

TEST_F(Samples, TheFullExampleIsGood) {
  ::setenv("MUSTER_LDAP_PASSWORD", "stands in", 1);
  expect_good("muster.yaml");
  ::unsetenv("MUSTER_LDAP_PASSWORD");
}

TEST_F(Samples, TheDemoIsGood) {
  fs::permissions(folder_.write("etc/demo/ldap-password", "stands in"), fs::perms::owner_read);
  expect_good("demo/muster.yaml");
}

TEST_F(Samples, TheBuiltInOneIsGood) {
  const auto mapping = load_mapping(built_in_config());
  EXPECT_TRUE(mapping.engine) << errors_of(mapping.diagnostics);
}

}  // namespace
}  // namespace muster::gateway
