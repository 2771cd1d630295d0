// SPDX-License-Identifier: Apache-2.0
// Replays what identity providers send, exchange by exchange, each story in a world of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/clients/exchange.h"
#include "tests/scim/scim_world.h"

namespace muster::clients {
namespace {

namespace fs = std::filesystem;

const fs::path& folder() {
  static const fs::path path = fs::path(MUSTER_SOURCE_DIR) / "tests" / "clients";
  return path;
}

// "entra/user", "okta/group": the client's name is the source's.
std::vector<std::string> stories() {
  std::vector<std::string> out;
  for (const auto& client : fs::directory_iterator(folder())) {
    if (!client.is_directory()) continue;
    for (const auto& story : fs::directory_iterator(client.path())) {
      out.push_back(fs::relative(story.path(), folder()).string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

class Story : public testing::TestWithParam<std::string> {};

TEST_P(Story, IsAnswered) {
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(folder() / GetParam())) files.push_back(file);
  std::sort(files.begin(), files.end());
  ASSERT_FALSE(files.empty());

  const scim::ScimWorld world;
  const auto source = GetParam().substr(0, GetParam().find('/'));
  Captured captured;
  for (const auto& file : files) {
    const auto exchange = Exchange::read(file, captured);
    SCOPED_TRACE(file.filename().string() + ": " + exchange.name());
    exchange.check(
        world.call(source, exchange.method(), exchange.path(), exchange.body(), exchange.headers()),
        captured);
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& story) {
  std::string name = story.param;
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Clients, Story, testing::ValuesIn(stories()), test_name);

}  // namespace
}  // namespace muster::clients
