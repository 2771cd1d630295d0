// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class RehearsalTest : public StoreTest {
 protected:
  std::unique_ptr<Store> rehearse() {
    auto made = store_->rehearsal();
    if (!made) throw std::runtime_error(describe(made.error()));
    return *std::move(made);
  }
  static std::int64_t people(Store& store) {
    return *(*store.reader())->resources().list("entra", kUser, {.count = 0})->total;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, RehearsalTest, every_place(), place_name);

TEST_P(RehearsalTest, ItsWritesNeverReachTheStore) {
  RecordRow mara = person("mara");
  insert(mara);
  {
    auto rehearsal = rehearse();
    EXPECT_EQ(people(*rehearsal), 1);
    RecordRow bob = person("bob");
    ASSERT_TRUE(rehearsal->write([&](Transaction& tx) -> Status {
      EXPECT_EQ(tx.runs().live_people("entra").value(), 1);
      return tx.records().insert({&bob, 1});
    }));
    RecordRow changed = mara;
    changed.document = "{}";
    ASSERT_TRUE(rehearsal->write([&](Transaction& tx) {
      return tx.records().update({&changed, 1});
    }));
    EXPECT_EQ(people(*rehearsal), 2);
    EXPECT_EQ(
        (*rehearsal->reader())->resources().get("entra", kUser, mara.head.id)->value().document,
        "{}");
    Status refused = rehearsal->write([&](Transaction& tx) -> Status {
      RecordRow twice = person("bob");
      return tx.records().insert({&twice, 1});
    });
    EXPECT_EQ(refused.error().fault, Fault::conflict);
    EXPECT_EQ(people(*rehearsal), 2);

    EXPECT_EQ(people(*store_), 1);
    RecordRow meanwhile = person("meanwhile");
    insert(meanwhile);  // the store goes on
  }
  EXPECT_EQ(people(*store_), 2);
  EXPECT_EQ(stored(mara.head.id).document, mara.document);
  RecordRow bob = person("bob");
  insert(bob);
}

TEST_P(RehearsalTest, LeavesNothingBehind) {
  { auto rehearsal = rehearse(); }
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().filename().string().rfind("muster.db", 0), 0u) << entry.path();
  }
}

}  // namespace
}  // namespace muster::store
