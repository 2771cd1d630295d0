// SPDX-License-Identifier: Apache-2.0
// What the walk over stored evaluations asks of a store.
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class ReevaluationTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, ReevaluationTest, every_place(), place_name);

Identity anna() {
  Identity identity;
  identity.id = new_uuid(kClock.now());
  identity.user_name = "anna";
  identity.email = "anna@example.com";
  identity.attributes = {{"userName", "anna", "", "rule"}};
  return identity;
}

TEST_P(ReevaluationTest, WalksOverWhatOtherRulesEvaluated) {
  std::vector<RecordRow> rows{person("ann", "entra", "i-1"), person("bob"),
                              person("cid", "hr", "i-2"), person("dan"),
                              person("eve", "hr", "i-3")};
  for (auto& row : rows) row.head.evaluated_with = 5;
  rows[3].head.state = RecordState::gone;
  insert(rows);
  must_write([&](Transaction& tx) -> Status {
    MUSTER_TRY(auto count, tx.walks().count_stale(6));
    EXPECT_EQ(count, 4);
    MUSTER_TRY(auto linked, tx.walks().stale(6, true, 0, 2));
    EXPECT_EQ(linked.size(), 2u);
    EXPECT_EQ(linked[0].id, rows[0].head.id);
    EXPECT_EQ(linked[1].id, rows[2].head.id);
    MUSTER_TRY(auto rest, tx.walks().stale(6, true, linked[1].row, 2));
    EXPECT_EQ(rest.size(), 1u);
    MUSTER_TRY(auto others, tx.walks().stale(6, false, 0, 10));
    EXPECT_EQ(others.size(), 1u);
    EXPECT_EQ(others[0].id, rows[1].head.id);
    const std::string done[] = {rows[0].head.id, rows[2].head.id};
    MUSTER_CHECK(tx.records().stamp(done, 6));
    MUSTER_TRY(auto left, tx.walks().stale(6, true, 0, 10));
    EXPECT_EQ(left.size(), 1u);
    return {};
  });
  EXPECT_EQ(stored(rows[0].head.id).head.evaluated_with, 6);
  EXPECT_EQ(stored(rows[0].head.id).head.version, 1);
}

TEST_P(ReevaluationTest, WalksOverWhatWaits) {
  std::vector<RecordRow> rows{person("ann", "entra", "i-1"), person("bob"),
                              person("cid", "hr", "i-2"), person("dan")};
  rows[0].head.state = RecordState::quarantined;
  rows[1].head.state = RecordState::review;
  rows[3].head.state = RecordState::skipped;
  insert(rows);
  must_write([&](Transaction& tx) -> Status {
    MUSTER_TRY(auto first, tx.walks().waiting(0, 1));
    EXPECT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].id, rows[0].head.id);
    MUSTER_TRY(auto rest, tx.walks().waiting(first[0].row, 10));
    EXPECT_EQ(rest.size(), 1u);
    EXPECT_EQ(rest[0].id, rows[1].head.id);
    return {};
  });
}

TEST_P(ReevaluationTest, KeysAreReplacedWithoutANewVersion) {
  must_write([&](Transaction& tx) -> Status {
    Identity people[] = {anna()};
    const std::vector<IdentityKey> keys[] = {{{"employeeId", "7"}, {"email", "anna@example.com"}}};
    MUSTER_CHECK(tx.identities().put(people, keys));
    const std::string ids[] = {people[0].id};
    MUSTER_TRY(auto stored, tx.identities().keys(ids));
    EXPECT_EQ(stored[0], (std::vector<IdentityKey>{{"employeeId", "7"}}));
    const std::vector<IdentityKey> now[] = {{{"badge", "b7"}, {"email", "anna@example.com"}}};
    MUSTER_CHECK(tx.identities().index(ids, now));
    MUSTER_TRY(stored, tx.identities().keys(ids));
    EXPECT_EQ(stored[0], (std::vector<IdentityKey>{{"badge", "b7"}}));
    const IdentityKey asked[] = {
        {"employeeId", "7"}, {"badge", "b7"}, {"email", "anna@example.com"}};
    MUSTER_TRY(auto found, tx.identities().find(asked));
    EXPECT_TRUE(found[0].empty());
    EXPECT_EQ(found[1].size(), 1u);
    EXPECT_EQ(found[2].size(), 1u);
    MUSTER_TRY(auto again, tx.identities().get(ids));
    EXPECT_EQ(again[0]->version, 1);
    MUSTER_TRY(auto active, tx.identities().active());
    EXPECT_EQ(active, 1);
    return {};
  });
}

TEST_P(ReevaluationTest, ASnapshotStaysAsItWas) {
  RecordRow before = person("ann", "entra", "i-1");
  insert(before);
  auto snapshot = store_->snapshot();
  ASSERT_TRUE(snapshot) << describe(snapshot.error());
  auto first = (*snapshot)->walks().stale(6, true, 0, 10);
  ASSERT_TRUE(first) << describe(first.error());
  EXPECT_EQ(first->size(), 1u);
  if (GetParam() != Place::memory) {
    RecordRow later = person("bob", "entra", "i-2");
    insert(later);
    auto second = (*snapshot)->walks().stale(6, true, 0, 10);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->size(), 1u);
  }
  snapshot->reset();
  EXPECT_EQ(stored(before.head.id).head.evaluated_with, 0);
}

}  // namespace
}  // namespace muster::store
