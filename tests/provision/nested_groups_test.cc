// SPDX-License-Identifier: Apache-2.0
// Groups that are members of groups, by rules with and without `flatten`.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/provision/world.h"

namespace muster::provision {
namespace {

using Paths = std::vector<std::string>;

constexpr std::string_view group_rules = R"yaml(
groups:
  managed: ["/org/"]
  rules:
    - { id: own, for: 'from.idp.groups.display', to: '"/org/own-{item | slug}"' }
    - { id: all, for: 'from.idp.groups.display', to: '"/org/all-{item | slug}"', flatten: true }
    - { id: root, for: 'from.idp.groups.value | filter(g => g == "x-42")', to: '"/org/operators"', create: true, flatten: true }
)yaml";

class NestedGroups : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    use(std::string(company) + std::string(group_rules));
  }

  static SourceRecord ann(const std::string& key = "a") {
    return record(
        "idp", key,
        R"({"externalId":"x-)" + key +
            R"(","name":{"givenName":"Ann","familyName":"Lee"},"emails":[{"type":"work")" +
            R"(,"value":")" + key + R"(@acme.example"}]})");
  }

  static SourceRecord group(const std::string& key, std::vector<Member> members,
                            const std::string& external_id = "") {
    auto one = record("idp", key, R"({"displayName":")" + key + R"("})");
    one.key.type = ResourceType::group;
    one.members = std::move(members);
    one.search.external_id = external_id;
    return one;
  }

  static Member of_type_group(const std::string& key) { return {key, ResourceType::group, ""}; }
  static Member of_type_user(const std::string& key) { return {key, ResourceType::user, ""}; }

  void must_put(SourceRecord one) {
    const auto outcome = put(std::move(one));
    ASSERT_TRUE(outcome) << describe(outcome.error());
  }

  Paths paths(const std::string& key = "a") {
    Paths found;
    for (const auto& one : people()) {
      if (one.email != key + "@acme.example") continue;
      for (const auto& membership : one.groups) found.push_back(membership.path);
    }
    return found;
  }
};

TEST_F(NestedGroups, WhoIsInAGroupInAGroupIsInBothForRulesThatFlatten) {
  must_put(ann());
  must_put(group("inner", {of_type_user("a")}));
  must_put(group("outer", {of_type_group("inner")}));
  EXPECT_EQ(paths(), (Paths{"/org/all-inner", "/org/all-outer", "/org/own-inner"}));
}

TEST_F(NestedGroups, AChangedNestingReachesThePeopleBelow) {
  must_put(ann());
  must_put(group("inner", {of_type_user("a")}));
  must_put(group("outer", {of_type_group("inner")}));
  must_put(group("top", {of_type_group("outer")}));
  EXPECT_EQ(paths(), (Paths{"/org/all-inner", "/org/all-outer", "/org/all-top", "/org/own-inner"}));
  must_put(group("outer", {}));
  EXPECT_EQ(paths(), (Paths{"/org/all-inner", "/org/own-inner"}));
  must_put(group("outer", {of_type_group("inner")}));
  EXPECT_EQ(paths(), (Paths{"/org/all-inner", "/org/all-outer", "/org/all-top", "/org/own-inner"}));
  ASSERT_TRUE(gone({"idp", ResourceType::group, "outer"}));
  EXPECT_EQ(paths(), (Paths{"/org/all-inner", "/org/own-inner"}));
}

TEST_F(NestedGroups, GroupsThatContainEachOtherEnd) {
  must_put(ann());
  must_put(group("one", {of_type_user("a"), of_type_group("two"), of_type_group("one")}));
  must_put(group("two", {of_type_group("one")}));
  EXPECT_EQ(paths(), (Paths{"/org/all-one", "/org/all-two", "/org/own-one"}));
  must_put(group("one", {of_type_group("two")}));
  EXPECT_EQ(paths(), Paths{});
}

TEST_F(NestedGroups, PrivilegesFollowTheExternalIdAndTheEventAsksForTheGroup) {
  must_put(ann());
  must_put(group("x-42", {of_type_user("a")}, "x-41"));
  EXPECT_EQ(paths(), (Paths{"/org/all-x-42", "/org/own-x-42"})) << "a name gives nothing";
  must_put(group("admins", {of_type_group("x-42")}, "x-42"));
  EXPECT_EQ(paths(),
            (Paths{"/org/all-admins", "/org/all-x-42", "/org/operators", "/org/own-x-42"}));
  const auto rows = (*store_->reader())->journal().outbox(0, 100);
  ASSERT_TRUE(rows);
  const auto body = parse_json(rows->back().body);
  ASSERT_TRUE(body);
  for (const auto& one : body->find("groups")->as_list())
    EXPECT_EQ(one.find("create") != nullptr, one.find("path")->as_text() == "/org/operators");
}

TEST_F(NestedGroups, AnyOrderOfArrivalGivesTheSameGroups) {
  std::vector<int> order = {0, 1, 2, 3};
  int round = 0;
  do {
    const auto n = std::to_string(++round);
    for (int which : order) {
      if (which == 0) must_put(ann("a" + n));
      if (which == 1) must_put(group("inner" + n, {of_type_user("a" + n)}));
      if (which == 2) must_put(group("outer" + n, {of_type_group("inner" + n)}));
      if (which == 3) must_put(group("top" + n, {of_type_group("outer" + n)}));
    }
    EXPECT_EQ(paths("a" + n), (Paths{"/org/all-inner" + n, "/org/all-outer" + n, "/org/all-top" + n,
                                     "/org/own-inner" + n}))
        << testing::PrintToString(order);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(NestedGroups, ANewcomerWhomARuleWantsInAGroupComesWithTheMembership) {
  auto rules = std::string(company) + std::string(group_rules);
  const std::string check = "  - { id: need-mail,";
  rules.replace(rules.find(check), 0,
                "  - { id: staff, check: 'any(from.idp.groups.display, g => g == \"staff\")' }\n");
  use(rules);
  must_put(ann());
  EXPECT_TRUE(people().empty());
  must_put(group("staff", {of_type_user("a")}));
  EXPECT_EQ(people().size(), 1u);
  // The other way round: the group names somebody who comes later.
  must_put(group("staff", {of_type_user("a"), of_type_user("b")}));
  must_put(ann("b"));
  EXPECT_EQ(people().size(), 2u);
}

}  // namespace
}  // namespace muster::provision
