// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

using Ids = std::vector<std::string>;

class MembershipTableTest : public StoreTest {
 protected:
  static Ids sorted(Ids ids) {
    std::sort(ids.begin(), ids.end());
    return ids;
  }
  MembershipChange replace(const RecordRow& group, std::vector<Member> members) {
    MembershipChange change;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(change, tx.memberships().replace(group.head.id, members));
      return {};
    });
    return change;
  }
  MembershipChange change(const RecordRow& group, std::vector<Member> add, Ids remove) {
    MembershipChange change;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(change, tx.memberships().change(group.head.id, add, remove));
      return {};
    });
    return change;
  }
  Ids members(const RecordRow& group) {
    Ids ids;
    auto rows = reader()->resources().members(group.head.id);
    EXPECT_TRUE(rows);
    for (const auto& row : *rows)
      ids.push_back(row.record_id.empty() ? "?" + row.key : row.record_id);
    return sorted(ids);
  }
  Ids groups_of(const RecordRow& row) {
    Ids displays;
    must_write([&](Transaction& tx) -> Status {
      const std::string id = row.head.id;
      MUSTER_TRY(auto groups, tx.memberships().groups_of({&id, 1}));
      for (const auto& group : groups[0]) displays.push_back(group.display);
      return {};
    });
    return sorted(displays);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, MembershipTableTest, every_place(), place_name);

TEST_P(MembershipTableTest, ReplaceTellsWhoCameAndLeft) {
  std::vector<RecordRow> people{person("ann"), person("bob"), person("cid")};
  RecordRow group = team("Sales");
  insert(people);
  insert(group);
  const auto& [ann, bob, cid] = std::tie(people[0].head.id, people[1].head.id, people[2].head.id);
  auto first = replace(group, {{.key = ann, .display = "Ann"}, {.key = bob}, {.key = bob}});
  EXPECT_EQ(first.changed, 2);
  EXPECT_EQ(sorted(first.arrived), sorted({ann, bob}));
  auto second = replace(group, {{.key = bob}, {.key = cid}});
  EXPECT_EQ(second.changed, 2);
  EXPECT_EQ(sorted(second.arrived), sorted({ann, cid}));
  EXPECT_EQ(members(group), sorted({bob, cid}));
  EXPECT_EQ(replace(group, {{.key = cid}, {.key = bob}}).changed, 0);
  EXPECT_EQ(groups_of(people[2]), Ids{"Sales"});
  EXPECT_EQ(groups_of(people[0]), Ids{});
}

TEST_P(MembershipTableTest, ChangeTouchesWhatItNames) {
  std::vector<RecordRow> people{person("ann"), person("bob"), person("cid")};
  RecordRow group = team("Sales");
  insert(people);
  insert(group);
  replace(group, {{.key = people[0].head.id}, {.key = people[1].head.id}});
  auto done = change(group, {{.key = people[2].head.id}, {.key = people[1].head.id}},
                     {people[0].head.id, "never there"});
  EXPECT_EQ(done.changed, 2);
  EXPECT_EQ(sorted(done.arrived), sorted({people[0].head.id, people[2].head.id}));
  EXPECT_EQ(members(group), sorted({people[1].head.id, people[2].head.id}));
  auto is_member = reader()->resources().is_member(group.head.id, people[2].head.id);
  EXPECT_EQ(is_member.value(), true);
  EXPECT_EQ(reader()->resources().is_member(group.head.id, people[0].head.id).value(), false);
  auto unknown = write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.memberships().change("no group", {}, {}));
    return {};
  });
  EXPECT_EQ(unknown.error().fault, Fault::not_found);
}

TEST_P(MembershipTableTest, AMembershipWaitsForItsMember) {
  RecordRow group = team("Sales", "hr");
  insert(group);
  auto told = replace(group, {{.key = "cn=late,dc=example", .display = "Late"}, {.key = "key-2"}});
  EXPECT_EQ(told.changed, 2);
  EXPECT_TRUE(told.arrived.empty());
  EXPECT_EQ(members(group), (Ids{"?cn=late,dc=example", "?key-2"}));

  RecordRow elsewhere = person("late", "entra");
  elsewhere.aliases = {"cn=late,dc=example"};
  insert(elsewhere);
  EXPECT_EQ(groups_of(elsewhere), Ids{}) << "another source's names mean nothing here";

  RecordRow late = person("late", "hr");
  late.aliases = {"cn=late,dc=example"};
  RecordRow by_key = person("two", "hr");
  by_key.head.key.key = "key-2";
  insert(late);
  insert(by_key);
  EXPECT_EQ(members(group), sorted({late.head.id, by_key.head.id}));
  EXPECT_EQ(groups_of(late), Ids{"Sales"});
}

TEST_P(MembershipTableTest, FindsMembersByAliasAndGroupsAsMembers) {
  RecordRow mara = person("mara", "hr");
  mara.aliases = {"cn=mara"};
  RecordRow inner = team("Inner", "hr");
  RecordRow outer = team("Outer", "hr");
  insert(mara);
  insert(inner);
  insert(outer);
  auto told = replace(outer, {{.key = "cn=mara"}, {.key = inner.head.key.key}});
  EXPECT_EQ(sorted(told.arrived), sorted({mara.head.id, inner.head.id}));
  auto rows = reader()->resources().members(outer.head.id);
  for (const auto& row : *rows) {
    EXPECT_EQ(row.type, row.record_id == inner.head.id ? kGroup : kUser);
  }
  // Under another name she is no member before the group tells her by it.
  mara.aliases = {"cn=mara,ou=new"};
  update(mara);
  auto renamed = replace(outer, {{.key = "cn=mara,ou=new"}, {.key = inner.head.key.key}});
  EXPECT_EQ(renamed.arrived, Ids{mara.head.id});
  EXPECT_EQ(members(outer), sorted({mara.head.id, inner.head.id}));
}

TEST_P(MembershipTableTest, AMembershipFollowsTheNameItWasToldBy) {
  RecordRow ann = person("ann", "hr");
  RecordRow bob = person("bob", "hr");
  RecordRow group = team("Sales", "hr");
  ann.aliases = {"uid:5"};
  bob.aliases = {"uid:6"};
  insert(ann);
  insert(bob);
  insert(group);
  replace(group, {{.key = "uid:5"}});
  std::vector<RecordRow> both{ann, bob};
  std::swap(both[0].aliases, both[1].aliases);
  MembershipNews news;
  must_write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.records().update(both));
    news = tx.memberships().take_news();
    EXPECT_TRUE(tx.memberships().take_news().moved.empty());
    return {};
  });
  EXPECT_EQ(sorted(news.moved), sorted({ann.head.id, bob.head.id}));
  EXPECT_EQ(members(group), Ids{bob.head.id});

  both[1].head.state = RecordState::gone;
  update(both[1]);
  EXPECT_EQ(members(group), Ids{}) << "nobody lives who has the name";
  RecordRow cid = person("cid", "hr");
  cid.aliases = {"uid:5"};
  insert(cid);
  EXPECT_EQ(members(group), Ids{cid.head.id}) << "a leaver's name is its new holder's";
  RecordRow dan = person("dan", "hr");
  dan.aliases = {"uid:5"};
  insert(dan);
  EXPECT_EQ(members(group), Ids{"?uid:5"}) << "nobody's, while two have it";
  cid.aliases.clear();
  update(cid);
  EXPECT_EQ(members(group), Ids{dan.head.id});
}

TEST_P(MembershipTableTest, TombstonesAreNeitherMembersNorGroups) {
  RecordRow mara = person("mara");
  RecordRow bob = person("bob");
  RecordRow group = team("Sales");
  insert(mara);
  insert(bob);
  insert(group);
  replace(group, {{.key = mara.head.id}, {.key = bob.head.id}});
  bob.head.state = RecordState::gone;
  update(bob);
  EXPECT_EQ(members(group), Ids{mara.head.id});
  must_write([&](Transaction& tx) -> Status {
    MUSTER_TRY(auto ids, tx.memberships().member_records(group.head.id));
    EXPECT_EQ(ids, Ids{mara.head.id});
    return {};
  });
  group.head.state = RecordState::gone;
  update(group);
  EXPECT_EQ(groups_of(mara), Ids{});
  EXPECT_TRUE(reader()->resources().groups_of(mara.head.id)->empty());
}

}  // namespace
}  // namespace muster::store
