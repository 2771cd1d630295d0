// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class IdentityTableTest : public StoreTest {
 protected:
  std::optional<Identity> get(const std::string& id) {
    std::optional<Identity> found;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(auto all, tx.identities().get({&id, 1}));
      found = all[0];
      return {};
    });
    return found;
  }
  std::string holder(const std::string& name) {
    std::string found;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(auto all, tx.identities().name_holders({&name, 1}));
      found = all[0];
      return {};
    });
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, IdentityTableTest, every_place(), place_name);

TEST_P(IdentityTableTest, KeepsAPersonWhole) {
  Identity mara = somebody("Mara");
  mara.state_reason = "a reason";
  put(mara);
  EXPECT_EQ(mara.version, 1);
  auto kept = get(mara.id);
  ASSERT_TRUE(kept);
  EXPECT_TRUE(same_person_facts(*kept, mara));
  EXPECT_EQ(kept->version, 1);
  EXPECT_EQ(kept->created, mara.created);
  EXPECT_FALSE(get("nobody"));
}

TEST_P(IdentityTableTest, AnUpdateTakesTheVersionSeen) {
  Identity mara = somebody("mara");
  put(mara);
  Identity before = mara;
  mara.state = IdentityState::inactive;
  mara.email = "other@example.com";
  put(mara);
  EXPECT_EQ(mara.version, 2);
  EXPECT_TRUE(same_person_facts(*get(mara.id), mara));
  std::vector<IdentityKey> none;
  Status late = write([&](Transaction& tx) {
    return tx.identities().put({&before, 1}, {&none, 1});
  });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "version");
}

TEST_P(IdentityTableTest, AddressesPassFromOneToTheOtherInOneStep) {
  std::vector<Identity> people{somebody("ann"), somebody("bob"), somebody("cid")};
  people[0].email = "a@example.com";
  people[1].email = "b@example.com";
  people[2].email.clear();
  for (auto& one : people) put(one);
  std::swap(people[0].email, people[1].email);
  people.push_back(somebody("dan"));
  people[3].email = "a@example.com";
  people[1].email = "c@example.com";
  const std::vector<std::vector<IdentityKey>> none(people.size());
  must_write([&](Transaction& tx) { return tx.identities().put(people, none); });
  EXPECT_EQ(get(people[0].id)->email, "b@example.com");
  EXPECT_EQ(get(people[1].id)->email, "c@example.com");
  EXPECT_EQ(get(people[3].id)->email, "a@example.com");
}

TEST_P(IdentityTableTest, NamesAreNeverGivenBack) {
  Identity mara = somebody("Mara");
  put(mara);
  mara.user_name = "mara.smith";
  put(mara);
  EXPECT_EQ(holder("mara"), mara.id);
  EXPECT_EQ(holder("mara.smith"), mara.id);
  EXPECT_EQ(holder("nobody"), "");

  Identity other = somebody("other");
  other.user_name = "MARA";
  std::vector<IdentityKey> none;
  Status taken = write([&](Transaction& tx) {
    return tx.identities().put({&other, 1}, {&none, 1});
  });
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().fault, Fault::conflict);
  EXPECT_EQ(taken.error().code, "uniqueness");
  EXPECT_EQ(taken.error().where, "userName");
  mara.user_name = "Mara";
  put(mara);  // back to a name of one's own
  EXPECT_EQ(holder("mara"), mara.id);
}

TEST_P(IdentityTableTest, MailIsUniqueWithoutCaseAndMayBeAbsent) {
  Identity mara = somebody("mara");
  Identity other = somebody("other");
  put(mara);
  other.email = "MARA@Example.com";
  std::vector<IdentityKey> none;
  Status taken = write([&](Transaction& tx) {
    return tx.identities().put({&other, 1}, {&none, 1});
  });
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().where, "email");
  EXPECT_EQ(taken.error().code, "uniqueness");
  Identity third = somebody("third");
  third.email.clear();
  other.email.clear();
  put(third);
  other.version = 0;
  put(other);
  mara.email.clear();
  put(mara);
  other.email = "mara@example.com";
  put(other);
}

TEST_P(IdentityTableTest, FindsCandidatesByKey) {
  Identity mara = somebody("mara");
  Identity twin = somebody("twin");
  put(mara, {{"badge", "b7"}, {"employeeNumber", "7"}});
  put(twin, {{"employeeNumber", "7"}});
  std::vector<RecordRow> rows{person("mara", "hr", mara.id), person("mara", "entra", mara.id),
                              person("twin", "hr", twin.id)};
  rows[2].head.state = RecordState::gone;
  insert(rows);
  auto find = [&](std::vector<IdentityKey> keys) {
    std::vector<std::vector<CandidateRow>> found;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(found, tx.identities().find(keys));
      return {};
    });
    return found;
  };
  auto found = find({{"employeeNumber", "7"}, {"badge", "none"}, {"badge", "b7"}});
  ASSERT_EQ(found[0].size(), 2u);
  EXPECT_TRUE(found[1].empty());
  ASSERT_EQ(found[2].size(), 1u);
  EXPECT_EQ(found[2][0].identity_id, mara.id);
  EXPECT_EQ(found[2][0].user_name, "mara");
  EXPECT_EQ(found[2][0].groups, std::vector<std::string>{"/organization/mara"});
  auto sources = found[2][0].sources;
  std::sort(sources.begin(), sources.end());
  EXPECT_EQ(sources, (std::vector<std::string>{"entra", "hr"}));
  for (const auto& candidate : found[0]) {
    EXPECT_EQ(candidate.sources.empty(), candidate.identity_id == twin.id);
  }
  put(mara, {{"employeeNumber", "8"}});
  EXPECT_EQ(find({{"employeeNumber", "7"}})[0].size(), 1u);
  EXPECT_EQ(find({{"employeeNumber", "8"}})[0].size(), 1u);
  EXPECT_TRUE(find({{"badge", "b7"}})[0].empty());

  // Mail and user name are keys by themselves, as they are now.
  auto own = find({{"email", "mara@example.com"}, {"userName", "mara"}});
  ASSERT_EQ(own[0].size(), 1u);
  ASSERT_EQ(own[1].size(), 1u);
  EXPECT_EQ(own[1][0].identity_id, mara.id);
  mara.user_name = "mara2";
  mara.email = "mara2@example.com";
  put(mara);
  own = find({{"email", "mara@example.com"}, {"userName", "mara"}, {"userName", "mara2"}});
  EXPECT_TRUE(own[0].empty());
  EXPECT_TRUE(own[1].empty());
  EXPECT_EQ(own[2].size(), 1u);
}

TEST_P(IdentityTableTest, ABatchInsertsAndUpdatesTogether) {
  Identity old = somebody("old");
  put(old);
  std::vector<Identity> batch{somebody("new1"), old, somebody("new2")};
  batch[1].state = IdentityState::inactive;
  std::vector<std::vector<IdentityKey>> keys(3);
  must_write([&](Transaction& tx) { return tx.identities().put(batch, keys); });
  EXPECT_EQ(batch[0].version, 1);
  EXPECT_EQ(batch[1].version, 2);
  EXPECT_EQ(get(old.id)->state, IdentityState::inactive);
  EXPECT_TRUE(get(batch[2].id));
}

}  // namespace
}  // namespace muster::store
