// SPDX-License-Identifier: Apache-2.0
// What several clients do at the same moment.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "tests/scim/scim_world.h"
#include "tests/support/temp_dir.h"

namespace muster::clients {
namespace {

using scim::ScimWorld;

constexpr int crowd = 64;

// Everybody begins at once; the statuses in order of the callers.
std::vector<int> all_at_once(const std::function<int(int)>& call) {
  std::vector<int> statuses(crowd);
  std::latch start(crowd);
  std::vector<std::thread> threads;
  for (int i = 0; i < crowd; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      statuses[static_cast<std::size_t>(i)] = call(i);
    });
  }
  for (auto& thread : threads) thread.join();
  return statuses;
}

std::int64_t total(const ScimWorld& world, const std::string& target) {
  return ScimWorld::json(world.call("entra", "GET", target)).find("totalResults")->as_int();
}

// On a file, as in service: many readers beside the writer.
class Race : public testing::Test {
 protected:
  support::TempDir folder;
  const ScimWorld world{"sqlite:" + (folder.path() / "store.db").string()};
};

// gravitee#8290, onyx#12966: 500 or two users.
TEST_F(Race, OfManyCreatesOfOneNameOneWins) {
  const auto statuses = all_at_once([&](int i) {
    const auto name = i % 2 == 0 ? "mara@acme.example" : "MARA@acme.example";
    return world.call("entra", "POST", "/Users", R"({"userName":")" + std::string(name) + "\"}")
        .status;
  });
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 201), 1);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 409), crowd - 1);
  EXPECT_EQ(total(world, "/Users"), 1);
}

// fleet#50724: members lost under concurrency.
TEST_F(Race, NoMemberOfAGroupIsLost) {
  const auto group =
      ScimWorld::id_of(world.call("entra", "POST", "/Groups", R"({"displayName":"all"})"));
  const auto statuses = all_at_once([&](int i) {
    if (i == crowd / 2) {
      return world
          .call("entra", "PATCH", "/Groups/" + group,
                R"({"Operations":[{"op":"replace","path":"displayName","value":"everybody"}]})")
          .status;
    }
    return world
        .call("entra", "PATCH", "/Groups/" + group,
              R"({"Operations":[{"op":"Add","path":"members","value":[{"value":"member-)" +
                  std::to_string(i) + "\"}]}]}")
        .status;
  });
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 204), crowd);
  const auto body = ScimWorld::json(world.call("entra", "GET", "/Groups/" + group));
  EXPECT_EQ(body.find("members")->as_list().size(), static_cast<std::size_t>(crowd - 1));
  EXPECT_EQ(body.find("displayName")->as_text(), "everybody");
}

TEST_F(Race, NoChangeOfAUserIsLost) {
  const auto user =
      ScimWorld::id_of(world.call("entra", "POST", "/Users", R"({"userName":"mara"})"));
  const std::vector<std::string> attributes = {"title",  "nickName", "displayName",
                                               "locale", "timezone", "userType"};
  const auto statuses = all_at_once([&](int i) {
    if (i >= static_cast<int>(attributes.size())) {
      return world.call("entra", "GET", "/Users/" + user).status;
    }
    return world
        .call("entra", "PATCH", "/Users/" + user,
              R"({"Operations":[{"op":"add","path":")" + attributes[static_cast<std::size_t>(i)] +
                  R"(","value":"set"}]})")
        .status;
  });
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), crowd);
  const auto body = ScimWorld::json(world.call("entra", "GET", "/Users/" + user));
  for (const auto& attribute : attributes) {
    ASSERT_NE(body.find(attribute), nullptr) << attribute;
    EXPECT_EQ(body.find(attribute)->as_text(), "set");
  }
}

// Of those who saw the same version one may write.
TEST_F(Race, OfManyWritersOfOneVersionOneWins) {
  const auto user =
      ScimWorld::id_of(world.call("entra", "POST", "/Users", R"({"userName":"mara"})"));
  const auto statuses = all_at_once([&](int i) {
    return world
        .call("entra", "PUT", "/Users/" + user,
              R"({"userName":"mara","title":")" + std::to_string(i) + "\"}",
              {{"If-Match", "W/\"1\""}})
        .status;
  });
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 200), 1);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 412), crowd - 1);
}

}  // namespace
}  // namespace muster::clients
