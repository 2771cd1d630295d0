// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class RecordTableTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, RecordTableTest, every_place(), place_name);

TEST_P(RecordTableTest, KeepsARecordWhole) {
  RecordRow row = person("mara", "entra", "identity-1");
  row.head.missing_since = kClock.now();
  row.head.enabled = false;
  row.head.evaluated_with = -5;
  row.correlated_by = "tier 1";
  row.state_reason = "because \"quotes\", \\ and , { } are told";
  row.aliases = {"cn=\"Mara\", \\2c,dc=example", "uid=mara"};
  row.contribution.offers = {
      {"a", Flow::clear, {}},
      {"b", Flow::keep, {}},
      {"c", Flow::value, Value(Value::List{Value(1), Value("Zoë"), Value(true)})}};
  row.contribution.rank = Value("2026-11-22");
  insert(row);
  EXPECT_EQ(row.head.version, 1);
  EXPECT_GT(row.head.row, 0);

  RecordRow kept = stored(row.head.id);
  EXPECT_EQ(kept.head.key, row.head.key);
  EXPECT_EQ(kept.head.link_key, "ext-mara");
  EXPECT_EQ(kept.head.content_hash, 7);
  EXPECT_EQ(kept.head.evaluated_with, -5);
  EXPECT_EQ(kept.head.identity_id, "identity-1");
  EXPECT_FALSE(kept.head.enabled);
  EXPECT_EQ(kept.head.missing_since, kClock.now());
  EXPECT_EQ(kept.head.row, row.head.row);
  EXPECT_EQ(kept.head.created, kClock.now());
  EXPECT_EQ(kept.document, row.document);
  EXPECT_EQ(kept.correlated_by, "tier 1");
  EXPECT_EQ(kept.state_reason, row.state_reason);
  EXPECT_EQ(kept.aliases, row.aliases);
  EXPECT_EQ(kept.search.user_name, "mara");
  EXPECT_EQ(kept.search.external_id, "ext-mara");
  EXPECT_EQ(kept.search.display_name, "the mara");
  EXPECT_EQ(kept.search.emails, row.search.emails);
  EXPECT_EQ(kept.search.active, true);
  ASSERT_EQ(kept.contribution.offers.size(), 3u);
  EXPECT_EQ(kept.contribution.tag, "entra");
  EXPECT_EQ(kept.contribution.rank, row.contribution.rank);
  EXPECT_EQ(kept.contribution.offers[0].flow, Flow::clear);
  EXPECT_EQ(kept.contribution.offers[1].flow, Flow::keep);
  EXPECT_EQ(kept.contribution.offers[2].value, row.contribution.offers[2].value);
}

TEST_P(RecordTableTest, FindsHeadsInTheOrderAsked) {
  std::vector<RecordRow> rows{person("ann"), person("bob"), person("cid", "hr")};
  insert(rows);
  EXPECT_LT(rows[0].head.row, rows[1].head.row);
  must_write([&](Transaction& tx) -> Status {
    std::vector<std::string> keys{rows[1].head.key.key, "nobody", rows[0].head.key.key,
                                  rows[2].head.key.key};
    MUSTER_TRY(auto heads, tx.records().heads("entra", kUser, keys));
    EXPECT_EQ(heads[0]->id, rows[1].head.id);
    EXPECT_FALSE(heads[1]);
    EXPECT_EQ(heads[2]->id, rows[0].head.id);
    EXPECT_FALSE(heads[3]) << "another source's";
    MUSTER_TRY(auto groups, tx.records().heads("entra", kGroup, keys));
    EXPECT_FALSE(groups[0]) << "another type";
    MUSTER_TRY(auto unknown, tx.records().heads("nowhere", kUser, keys));
    EXPECT_FALSE(unknown[0]) << "an unknown source";
    return {};
  });
}

TEST_P(RecordTableTest, FindsByLinkKeyWithTombstonesOldestFirst) {
  std::vector<RecordRow> rows{person("ann"), person("bob"), person("cid")};
  rows[0].head.link_key = rows[1].head.link_key = "shared";
  rows[2].head.link_key = rows[2].head.key.key;  // the usual case: the key itself
  insert(rows);
  rows[0].head.state = RecordState::gone;
  update(rows[0]);
  must_write([&](Transaction& tx) -> Status {
    std::vector<std::string> keys{"shared", rows[2].head.key.key, "none"};
    MUSTER_TRY(auto found, tx.records().heads_by_link_key("entra", kUser, keys));
    EXPECT_EQ(found[0].size(), 2u);
    EXPECT_EQ(found[0][0].id, rows[0].head.id);
    EXPECT_EQ(found[0][0].state, RecordState::gone);
    EXPECT_EQ(found[0][1].id, rows[1].head.id);
    EXPECT_EQ(found[1].size(), 1u);
    EXPECT_EQ(found[1][0].link_key, rows[2].head.key.key);
    EXPECT_TRUE(found[2].empty());
    return {};
  });
}

TEST_P(RecordTableTest, RefusesTakenKeys) {
  RecordRow first = person("mara");
  insert(first);
  struct Story {
    const char* story;
    std::function<void(RecordRow&)> change;
    const char* code;
    const char* where;
  };
  const Story stories[] = {
      {"the same user name", [](RecordRow& row) { row.search.user_name = "mara"; }, "uniqueness",
       "userName"},
      {"the same key", [&](RecordRow& row) { row.head.key.key = first.head.key.key; }, "key",
       "key"},
      {"the same id", [&](RecordRow& row) { row.head.id = first.head.id; }, "key", "id"},
  };
  for (const auto& story : stories) {
    SCOPED_TRACE(story.story);
    RecordRow second = person("other");
    story.change(second);
    Status done = write([&](Transaction& tx) { return tx.records().insert({&second, 1}); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, Fault::conflict);
    EXPECT_EQ(done.error().code, story.code);
    EXPECT_EQ(done.error().where, story.where);
    EXPECT_EQ(done.error().detail.find("mara"), std::string::npos) << "no personal data";
  }
  RecordRow elsewhere = person("mara", "hr");
  insert(elsewhere);
}

TEST_P(RecordTableTest, ATombstoneGivesItsUserNameBack) {
  RecordRow first = person("mara");
  insert(first);
  first.head.state = RecordState::gone;
  update(first);
  RecordRow second = person("mara");
  insert(second);
  first.head.state = RecordState::linked;
  Status back = write([&](Transaction& tx) { return tx.records().update({&first, 1}); });
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().where, "userName");
}

TEST_P(RecordTableTest, AnUpdateMovesTheVersionAndALostRaceIsAConflict) {
  RecordRow row = person("mara");
  insert(row);
  RecordRow seen_before = row;
  row.document = "{\"userName\":\"mara\",\"title\":\"Dr\"}";
  row.search.user_name = "mara2";
  row.search.emails = {"m2@example.com", "m3@example.com"};
  update(row);
  EXPECT_EQ(row.head.version, 2);
  RecordRow kept = stored(row.head.id);
  EXPECT_EQ(kept.head.version, 2);
  EXPECT_EQ(kept.document, row.document);
  EXPECT_EQ(kept.search.user_name, "mara2");
  EXPECT_EQ(kept.search.emails, row.search.emails);

  Status late = write([&](Transaction& tx) { return tx.records().update({&seen_before, 1}); });
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fault, Fault::conflict);
  EXPECT_EQ(late.error().code, "version");
  RecordRow unknown = person("nobody");
  Status none = write([&](Transaction& tx) { return tx.records().update({&unknown, 1}); });
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().fault, Fault::not_found);
}

TEST_P(RecordTableTest, MarksAbsencesWithoutANewVersion) {
  RecordRow row = person("mara");
  insert(row);
  std::vector<std::string> ids{row.head.id};
  must_write([&](Transaction& tx) { return tx.records().mark_missing(ids, kClock.now()); });
  EXPECT_EQ(stored(row.head.id).head.missing_since, kClock.now());
  must_write([&](Transaction& tx) { return tx.records().mark_missing(ids, std::nullopt); });
  EXPECT_EQ(stored(row.head.id).head.missing_since, std::nullopt);
  EXPECT_EQ(stored(row.head.id).head.version, 1);
}

TEST_P(RecordTableTest, WalksLiveRecordsInOrder) {
  std::vector<RecordRow> rows;
  for (int i = 0; i < 7; ++i)
    rows.push_back(person("p" + std::to_string(i), i == 3 ? "hr" : "entra"));
  insert(rows);
  rows[1].head.state = RecordState::gone;
  update(rows[1]);
  std::vector<std::string> walked;
  must_write([&](Transaction& tx) -> Status {
    for (std::int64_t after = 0;;) {
      MUSTER_TRY(auto heads, tx.walks().live("entra", kUser, after, 2));
      if (heads.empty()) return {};
      for (const auto& head : heads) walked.push_back(head.id);
      after = heads.back().row;
    }
  });
  EXPECT_EQ(walked, (std::vector{rows[0].head.id, rows[2].head.id, rows[4].head.id, rows[5].head.id,
                                 rows[6].head.id}));
}

TEST_P(RecordTableTest, GivesTheLiveRecordsOfIdentities) {
  std::vector<RecordRow> rows{person("ann", "entra", "i-1"), person("ann", "hr", "i-1"),
                              person("bob", "entra", "i-2"), person("cid", "entra", "i-1")};
  rows[1].head.state = RecordState::quarantined;
  rows[3].head.state = RecordState::gone;
  insert(rows);
  must_write([&](Transaction& tx) -> Status {
    std::vector<std::string> ids{"i-2", "i-1", "i-3"};
    MUSTER_TRY(auto found, tx.records().of_identities(ids));
    EXPECT_EQ(found[0].size(), 1u);
    EXPECT_EQ(found[1].size(), 2u);
    EXPECT_EQ(found[1][0].head.key.source, "entra");
    EXPECT_EQ(found[1][1].head.key.source, "hr");
    EXPECT_TRUE(found[2].empty());
    return {};
  });
}

TEST_P(RecordTableTest, RefusesTheNulCharacter) {
  RecordRow row = person("mara");
  row.state_reason = std::string("a\0b", 3);
  Status done = write([&](Transaction& tx) { return tx.records().insert({&row, 1}); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, Fault::invalid);
}

}  // namespace
}  // namespace muster::store
