// SPDX-License-Identifier: Apache-2.0
#include "store/overlay/overlay.h"

#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class OverlayTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    mara_ = somebody("mara");
    put(mara_, {{"badge", "b1"}});
    RecordRow told = person("mara", "entra", mara_.id);
    insert(told);
    record_ = told.head.id;
    view_ = *store_->snapshot();
  }

  std::vector<std::string> holders(View& view, const IdentityKey& key) {
    std::vector<std::string> ids;
    const auto found = view.identities().find({&key, 1});
    EXPECT_TRUE(found) << describe(found.error());
    for (const auto& one : (*found)[0]) ids.push_back(one.identity_id);
    return ids;
  }
  RecordRow row(View& view) {
    auto rows = view.records().rows({&record_, 1});
    return std::move(*(*rows)[0]);
  }

  Identity mara_;
  std::string record_;
  std::unique_ptr<View> view_;
};
INSTANTIATE_TEST_SUITE_P(Engines, OverlayTest, testing::Values(Place::file, Place::postgresql),
                         place_name);

TEST_P(OverlayTest, WhatIsWrittenIsSeenThroughItAlone) {
  Overlay overlay(*view_);
  Identity after = mara_;
  after.user_name = "mara.adler";
  after.email = "adler@example.com";
  const std::vector<IdentityKey> keys{{"badge", "b2"}};
  ASSERT_TRUE(overlay.identities().get({&mara_.id, 1}));
  ASSERT_TRUE(overlay.identities().put({&after, 1}, {&keys, 1}));

  const auto seen = *overlay.identities().get({&mara_.id, 1});
  EXPECT_TRUE(same_person_facts(*seen[0], after));
  EXPECT_EQ(seen[0]->version, mara_.version + 1);
  const std::vector<std::string> her{mara_.id};
  for (const IdentityKey& key :
       {IdentityKey{"badge", "b2"}, {"email", "adler@example.com"}, {"userName", "mara.adler"}}) {
    EXPECT_EQ(holders(overlay, key), her) << key.key;
    EXPECT_TRUE(holders(*view_, key).empty()) << key.key;
  }
  EXPECT_TRUE(holders(overlay, {"badge", "b1"}).empty());
  EXPECT_EQ(holders(*view_, {"badge", "b1"}), her);
  EXPECT_EQ(overlay.people().size(), 1u);
  EXPECT_TRUE(same_person_facts(*overlay.person(overlay.people().begin()->second), after));
}

TEST_P(OverlayTest, AChangedRecordLeavesItsPersonAndWaits) {
  Overlay overlay(*view_);
  auto heads = *overlay.walks().stale(9, true, 0, 10);
  ASSERT_EQ(heads.size(), 1u);
  RecordRow changed = row(overlay);
  const auto document = changed.document;
  changed.head.state = RecordState::review;
  changed.head.identity_id.clear();
  changed.head.evaluated_with = 9;
  changed.contribution.offers = {{"title", Flow::value, Value("Dr")}, {"email", Flow::clear, {}}};
  ASSERT_TRUE(overlay.records().update({&changed, 1}));

  EXPECT_TRUE((*overlay.records().of_identities({&mara_.id, 1}))[0].empty());
  const RecordRow seen = row(overlay);
  EXPECT_EQ(seen.contribution.offers, changed.contribution.offers);
  EXPECT_EQ(seen.document, document);
  EXPECT_EQ(seen.head.version, 2);
  EXPECT_TRUE((*overlay.walks().stale(9, true, 0, 10)).empty()) << "it was looked at";
  EXPECT_EQ((*overlay.walks().waiting(0, 10)).size(), 1u);
  EXPECT_EQ((overlay.moves().at({RecordState::linked, RecordState::review})), 1);

  EXPECT_EQ(row(*view_).head.state, RecordState::linked);
  EXPECT_EQ((*view_->records().of_identities({&mara_.id, 1}))[0].size(), 1u);
  view_.reset();
  EXPECT_EQ(stored(record_).head.version, 1);
}

TEST_P(OverlayTest, RefusesWhatWouldMakeSomethingNew) {
  Overlay overlay(*view_);
  RecordRow bob = person("bob");
  EXPECT_EQ(overlay.records().insert({&bob, 1}).error().fault, Fault::internal);
  EXPECT_FALSE(overlay.memberships().replace(record_, {}));
  EXPECT_FALSE(overlay.runs().put({}));
  EXPECT_FALSE(overlay.tokens().put({}));
  EXPECT_FALSE(overlay.journal().keeps());
}

}  // namespace
}  // namespace muster::store
