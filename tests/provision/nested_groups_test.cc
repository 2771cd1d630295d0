// SPDX-License-Identifier: Apache-2.0
// Groups that are members of groups, by rules with and without `flatten`.
#include <gtest/gtest.h>

#include <algorithm>

#include "provision/runs/reevaluation.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

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

// Counts how often groups are asked for.
class CountingMemberships : public store::MembershipTable {
 public:
  explicit CountingMemberships(store::MembershipTable& base) : base_(base) {}
  Result<store::MembershipChange> replace(std::string_view id,
                                          std::span<const Member> members) override {
    return base_.replace(id, members);
  }
  Result<store::MembershipChange> change(std::string_view id, std::span<const Member> add,
                                         std::span<const std::string> remove) override {
    return base_.change(id, add, remove);
  }
  Result<std::vector<std::string>> member_records(std::string_view id) override {
    return base_.member_records(id);
  }
  Result<std::vector<std::vector<store::GroupRow>>> groups_of(
      std::span<const std::string> ids) override {
    ++asked;
    return base_.groups_of(ids);
  }
  store::MembershipNews take_news() override { return base_.take_news(); }

  int asked = 0;

 private:
  store::MembershipTable& base_;
};

class CountingTransaction : public store::Transaction {
 public:
  explicit CountingTransaction(store::Transaction& base)
      : base_(base), memberships_(base.memberships()) {}
  store::RecordTable& records() override { return base_.records(); }
  store::RecordWalks& walks() override { return base_.walks(); }
  store::IdentityTable& identities() override { return base_.identities(); }
  store::MembershipTable& memberships() override { return memberships_; }
  store::ReferenceTable& references() override { return base_.references(); }
  store::Journal& journal() override { return base_.journal(); }
  store::RunTable& runs() override { return base_.runs(); }
  store::TokenTable& tokens() override { return base_.tokens(); }
  store::ReviewTable& reviews() override { return base_.reviews(); }
  store::LeaseTable& leases() override { return base_.leases(); }
  Timestamp now() const override { return base_.now(); }

  int asked() const { return memberships_.asked; }

 private:
  store::Transaction& base_;
  CountingMemberships memberships_;
};

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
    one.search.display = key;
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

MUSTER_ON_EVERY_ENGINE(NestedGroups);

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
  MUSTER_SKIP_ON_POSTGRESQL();
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

TEST_F(NestedGroups, TheGroupsOfManyPeopleAreAskedForOncePerLevel) {
  std::vector<Member> members;
  for (int i = 0; i < 25; ++i) {
    const auto key = "a" + std::to_string(i);
    must_put(ann(key));
    must_put(group("own" + key, {of_type_user(key)}));
    members.push_back(of_type_group("own" + key));
  }
  must_put(group("outer", std::move(members)));
  auto rules = std::string(group_rules);
  rules.replace(rules.find("/org/own-"), 9, "/org/of-");
  use(std::string(company) + rules);
  int asked = 0;
  Reevaluation again(
      *engine_, system_clock().now(), {.actor = "test"},
      [&](const store::Store::Work& work) {
        return store_->write([&](store::Transaction& tx) -> Status {
          CountingTransaction counting(tx);
          auto done = work(counting);
          asked += counting.asked();
          return done;
        });
      },
      [](store::Transaction&, std::span<const Result<Outcome>>) { return Status{}; });
  ASSERT_TRUE(again.pass(false, [] { return true; }));
  EXPECT_EQ(paths("a7"), (Paths{"/org/all-outer", "/org/all-owna7", "/org/of-owna7"}));
  // Of the records, of the groups they are in, of the group that those are in.
  EXPECT_EQ(asked, 3);
}

// Whoever follows is followed in turn: a group moves its member, the member is a manager, and the
// reports look at what the manager is.
class GroupsAndManagers : public NestedGroups {
 protected:
  void SetUp() override {
    NestedGroups::SetUp();
    auto mapping = std::string(company);
    const auto put_in = [&mapping](std::string_view before, std::string_view text) {
      mapping.insert(mapping.find(before), text);
    };
    put_in("    kind: { type: text", "    manager: ref\n");
    put_in("      enabled: 'active ?? true'", "      manager: 'ref(enterprise.manager.value)'\n");
    put_in("    - { id: contractor", R"(    - id: lead
      class: internal
      when: 'from.idp.groups.display | any(g => g == "leads")'
    - { id: other, class: external, when: 'true' }
)");
    use(mapping + R"yaml(
groups:
  managed: ["/led/"]
  rules:
    - { id: led, to: 'if deref(manager, "external") ?? true then "/led/elsewhere" else "/led/here"' }
)yaml");
  }

  static SourceRecord person_led_by(const std::string& key, const std::string& manager) {
    return record("idp", key,
                  R"({"emails":[{"type":"work","value":")" + key +
                      R"(@acme.example"}],"name":{"givenName":")" + key +
                      R"(","familyName":"Lee"},)" +
                      R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":)" +
                      R"({"manager":{"value":")" + manager + R"("}}})");
  }
};

TEST_F(GroupsAndManagers, AGroupThatMovesAManagerMovesTheReports) {
  must_put(person_led_by("boss", "nobody"));
  must_put(person_led_by("a", "boss"));
  EXPECT_EQ(paths("a"), Paths{"/led/elsewhere"});
  must_put(group("leads", {of_type_user("boss")}));
  EXPECT_EQ(paths("a"), Paths{"/led/here"});
  must_put(group("leads", {}));
  EXPECT_EQ(paths("a"), Paths{"/led/elsewhere"});
}

// The group was there before its member: the member is followed when it comes.
TEST_F(GroupsAndManagers, AManagerWhoComesIntoAGroupMovesTheReports) {
  must_put(person_led_by("a", "boss"));
  must_put(group("leads", {of_type_user("boss")}));
  must_put(person_led_by("boss", "nobody"));
  EXPECT_EQ(paths("a"), Paths{"/led/here"});
}

}  // namespace
}  // namespace muster::provision
