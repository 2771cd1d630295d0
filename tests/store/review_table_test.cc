// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class ReviewTableTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, ReviewTableTest, every_place(), place_name);

ReviewRow review_of(const std::string& id, const std::string& record,
                    const std::string& source = "hr") {
  ReviewRow row;
  row.id = id;
  row.source = source;
  row.record_id = record;
  row.record_key = "key of " + record;
  row.reason = "two people match";
  row.tier = "number";
  row.candidates = {"ann", "bob"};
  row.opened = kClock.now();
  return row;
}

TEST_P(ReviewTableTest, AReviewIsKeptWholeAndResolvedInPlace) {
  const std::vector<ReviewRow> opened = {review_of("v1", "r1"), review_of("v2", "r2", "entra")};
  must_write([&](Transaction& tx) { return tx.reviews().put(opened); });
  auto open = reader()->reviews().list("", ReviewState::open, "", 10);
  ASSERT_TRUE(open) << describe(open.error());
  ASSERT_EQ(open->size(), 2u);
  const auto& first = (*open)[0];
  EXPECT_EQ(first.id, "v1");
  EXPECT_EQ(first.source, "hr");
  EXPECT_EQ(first.record_key, "key of r1");
  EXPECT_EQ(first.candidates, (std::vector<std::string>{"ann", "bob"}));
  EXPECT_EQ(first.opened, kClock.now());
  EXPECT_FALSE(first.resolved);
  EXPECT_EQ(reader()->reviews().list("", ReviewState::open, "v1", 10)->size(), 1u);
  EXPECT_EQ(reader()->reviews().list("entra", ReviewState::open, "", 10)->size(), 1u);
  EXPECT_EQ(reader()->reviews().list("nobody", ReviewState::open, "", 10)->size(), 0u);

  auto resolved = first;
  resolved.state = ReviewState::resolved;
  resolved.resolution = Resolution::link;
  resolved.resolved = kClock.now();
  resolved.person = "ann";
  resolved.by = "petra";
  resolved.note = "same badge";
  must_write([&](Transaction& tx) { return tx.reviews().put({&resolved, 1}); });
  auto kept = reader()->reviews().get("v1");
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->resolution, Resolution::link);
  EXPECT_EQ((*kept)->resolved, kClock.now());
  EXPECT_EQ((*kept)->by, "petra");
  EXPECT_EQ((*kept)->note, "same badge");
  EXPECT_EQ(reader()->reviews().list("", ReviewState::open, "", 10)->size(), 1u);
  EXPECT_EQ(reader()->reviews().list("", ReviewState::resolved, "", 10)->size(), 1u);
  EXPECT_EQ(reader()->reviews().list("", {}, "", 10)->size(), 2u);
}

TEST_P(ReviewTableTest, TheNewestReviewOfARecordCountsAndOneAtMostIsOpen) {
  auto old = review_of("v1", "r1");
  old.state = ReviewState::resolved;
  const std::vector<ReviewRow> both = {old, review_of("v2", "r1")};
  must_write([&](Transaction& tx) { return tx.reviews().put(both); });
  must_write([&](Transaction& tx) -> Status {
    const std::string records[] = {"r1", "r9"};
    MUSTER_TRY(auto latest, tx.reviews().latest(records));
    EXPECT_TRUE(latest[0] && latest[0]->id == "v2");
    EXPECT_FALSE(latest[1]);
    MUSTER_TRY(auto none, tx.reviews().get("v9"));
    EXPECT_FALSE(none);
    return {};
  });
  const auto third = review_of("v3", "r1");
  const auto refused = store_->write([&](Transaction& tx) {
    return tx.reviews().put({&third, 1});
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::conflict);
}

}  // namespace
}  // namespace muster::store
