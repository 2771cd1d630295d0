// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

using Ids = std::vector<std::string>;

Filter both(Filter a, Filter b) {
  return {.op = Filter::Op::all_of, .of = {std::move(a), std::move(b)}};
}

Filter element(const std::string& attribute, Filter inner) {
  Filter filter{.op = Filter::Op::element};
  filter.path.attribute = attribute;
  filter.of.push_back(std::move(inner));
  return filter;
}

class ResourceReaderTest : public StoreTest {
 protected:
  void fill() {
    mara_ = somebody("mara");
    put(mara_);
    people_ = {person("mara", "entra", mara_.id), person("bob"), person("cid"), person("dan"),
               person("eve", "hr")};
    people_[1].search.active = false;
    people_[1].document = "{\"userName\":\"bob\",\"active\":false}";
    people_[2].head.link_key = "other";  // an external id that is not the link key
    people_[3].head.state = RecordState::gone;
    insert(people_);
  }
  Ids ids(const Query& query, ResourceType type = kUser) {
    Ids out;
    for (const auto& row : list(query, type).rows) out.push_back(row.id);
    return out;
  }
  Ids found(Filter filter, ResourceType type = kUser) {
    auto page = list({.filter = filter}, type);
    Ids out;
    for (const auto& row : page.rows) out.push_back(row.id);
    EXPECT_EQ(page.total, static_cast<std::int64_t>(out.size()));
    return out;
  }

  Identity mara_;
  std::vector<RecordRow> people_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ResourceReaderTest, every_place(), place_name);

TEST_P(ResourceReaderTest, GetsOnlyASourcesOwnLiveRecords) {
  fill();
  auto got = reader()->resources().get("entra", kUser, people_[0].head.id).value();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->document, people_[0].document);
  EXPECT_EQ(got->version, 1);
  EXPECT_EQ(got->identity_id, mara_.id);
  EXPECT_EQ(got->user_name, "mara");
  EXPECT_EQ(got->classification, "internal");
  EXPECT_EQ(got->classification_rule, "classify[0]");
  EXPECT_EQ(got->identity_state, "active");
  EXPECT_EQ(got->sources, (Ids{"entra", "hr"}));
  EXPECT_EQ(got->findings, mara_.findings);
  auto without = reader()->resources().get("entra", kUser, people_[1].head.id).value();
  EXPECT_EQ(without->identity_id, "");
  const Ids unseen{people_[3].head.id, people_[4].head.id, "unknown"};
  for (const auto& id : unseen) EXPECT_FALSE(*reader()->resources().get("entra", kUser, id));
  EXPECT_FALSE(*reader()->resources().get("entra", kGroup, people_[0].head.id));
  EXPECT_FALSE(*reader()->resources().get("nowhere", kUser, people_[0].head.id));
}

TEST_P(ResourceReaderTest, FiltersOnIndexes) {
  fill();
  const Ids mara{people_[0].head.id};
  const Ids bob{people_[1].head.id};
  const Ids cid{people_[2].head.id};
  struct Story {
    const char* story;
    Filter filter;
    Ids expected;
  };
  const Filter work_mail = both(equals("type", "work"), equals("value", "mara@example.com"));
  const Filter home_mail = both(equals("type", "home"), equals("value", "mara@example.com"));
  const Story stories[] = {
      {"id", equals("id", people_[0].head.id), mara},
      {"user name in another case", equals("userName", "MARA"), mara},
      {"user name of a tombstone", equals("userName", "dan"), {}},
      {"user name of another source", equals("userName", "eve"), {}},
      {"external id", equals("externalId", "ext-mara"), mara},
      {"external id is exact", equals("externalId", "EXT-MARA"), {}},
      {"external id beside another link key", equals("externalId", "ext-cid"), cid},
      {"a link key is no external id", equals("externalId", "other"), {}},
      {"mail", equals("emails.value", "Mara@Example.com"), mara},
      {"mail without the sub-attribute", equals("emails", "mara@example.com"), mara},
      {"mail as an element", element("emails", equals("value", "mara@example.com")), mara},
      {"mail of that type", element("emails", work_mail), mara},
      {"mail of another type", element("emails", home_mail), {}},
      {"display name", equals("displayName", "THE MARA"), mara},
      {"inactive", equals("active", Value(false)), bob},
      {"inactive as text", equals("active", "False"), bob},
      {"active", equals("active", Value(true)), {people_[0].head.id, people_[2].head.id}},
      {"index and condition", both(equals("userName", "mara"), equals("active", Value(true))),
       mara},
      {"index and failing condition",
       both(equals("userName", "bob"), equals("active", Value(true))),
       {}},
  };
  for (const auto& story : stories) {
    SCOPED_TRACE(story.story);
    EXPECT_EQ(found(story.filter), story.expected);
  }
}

TEST_P(ResourceReaderTest, FiltersWithoutAnIndexSeeTheWholeResource) {
  fill();
  auto muster = [](const std::string& attribute, Value value) {
    Filter filter = equals(attribute, std::move(value));
    filter.path.schema = "urn:ietf:params:scim:schemas:extension:muster:2.0:User";
    return filter;
  };
  Filter present{.op = Filter::Op::pr};
  present.path.attribute = "displayName";
  Filter starts{.op = Filter::Op::sw};
  starts.path.attribute = "userName";
  starts.value = Value("b");
  Filter recent{.op = Filter::Op::ge, .type = Filter::Type::date_time};
  recent.path = {"", "meta", "lastModified"};
  recent.value = Value(format_timestamp(kClock.now()));
  EXPECT_EQ(found(present), (Ids{people_[0].head.id, people_[2].head.id}));
  EXPECT_EQ(found(starts), Ids{people_[1].head.id});
  EXPECT_EQ(found(recent).size(), 3u);
  EXPECT_EQ(found(equals("meta.version", "W/\"1\"")).size(), 3u);
  EXPECT_EQ(found(muster("classification", "internal")), Ids{people_[0].head.id});
  EXPECT_EQ(found(muster("platformUserName", "mara")), Ids{people_[0].head.id});
  EXPECT_EQ(found(muster("sources", "hr")), Ids{people_[0].head.id});
  EXPECT_EQ(found(muster("state", "review")), Ids{});
}

TEST_P(ResourceReaderTest, FiltersGroupsByMember) {
  fill();
  std::vector<RecordRow> groups{team("Sales"), team("Support")};
  insert(groups);
  must_write([&](Transaction& tx) -> Status {
    std::vector<Member> members{{.key = people_[0].head.id}, {.key = "has not arrived"}};
    MUSTER_CHECK(tx.memberships().replace(groups[0].head.id, members));
    return {};
  });
  const Ids sales{groups[0].head.id};
  EXPECT_EQ(found(equals("members.value", people_[0].head.id), kGroup), sales);
  EXPECT_EQ(found(element("members", equals("value", people_[0].head.id)), kGroup), sales);
  EXPECT_EQ(found(equals("members", "has not arrived"), kGroup), sales);
  EXPECT_EQ(found(equals("members.value", people_[1].head.id), kGroup), Ids{});
  EXPECT_EQ(found(equals("displayName", "sales"), kGroup), sales);
  Filter contains{.op = Filter::Op::co};
  contains.path = {"", "members", "value"};
  contains.value = Value(people_[0].head.id.substr(0, 30));
  EXPECT_EQ(found(contains, kGroup), sales) << "evaluated over the members";
}

TEST_P(ResourceReaderTest, PagesByStartAndBehindAnId) {
  std::vector<RecordRow> rows;
  for (int i = 0; i < 2600; ++i) {
    rows.push_back(person("p" + std::to_string(i), i % 3 == 0 ? "hr" : "entra"));
  }
  insert(rows);
  std::vector<RecordRow> gone;
  Ids expected;
  for (const auto& row : rows) {
    if (row.head.key.source != "entra") continue;
    if (row.head.row % 7 == 0) {
      gone.push_back(row);
      gone.back().head.state = RecordState::gone;
    } else {
      expected.push_back(row.head.id);
    }
  }
  must_write([&](Transaction& tx) { return tx.records().update(gone); });
  const auto total = static_cast<std::int64_t>(expected.size());

  for (std::int64_t start : {-5L, 1L, 2L, 700L, 1024L, total - 1, total, total + 1, 99999L}) {
    SCOPED_TRACE(start);
    auto page = list({.start = start, .count = 3});
    EXPECT_EQ(page.total, total);
    Ids got;
    for (const auto& row : page.rows) got.push_back(row.id);
    auto from = std::min(total, std::max<std::int64_t>(start, 1) - 1);
    auto to = std::min(total, from + 3);
    EXPECT_EQ(got, Ids(expected.begin() + from, expected.begin() + to));
  }
  Ids walked;
  for (std::string after;;) {
    auto page = list({.count = 100, .after = after, .want_total = false});
    EXPECT_FALSE(page.total);
    if (page.rows.empty()) break;
    for (const auto& row : page.rows) walked.push_back(row.id);
    after = walked.back();
  }
  EXPECT_EQ(walked, expected);
  auto nothing = list({.count = 0});
  EXPECT_TRUE(nothing.rows.empty());
  EXPECT_EQ(nothing.total, total);
  auto lost = reader()->resources().list("entra", kUser, {.after = "nobody"});
  EXPECT_EQ(lost.error().fault, Fault::invalid);
}

TEST_P(ResourceReaderTest, PagesOfFilteredLists) {
  std::vector<RecordRow> rows;
  Ids inactive;
  Ids odd;
  for (int i = 0; i < 600; ++i) {
    rows.push_back(person("p" + std::to_string(i)));
    rows.back().search.active = i % 4 != 0;
    rows.back().document = "{\"active\":" + std::string(i % 4 != 0 ? "true" : "false") +
                           ",\"title\":\"" + (i % 2 == 0 ? "even" : "odd") + "\"}";
    if (i % 4 == 0) inactive.push_back(rows.back().head.id);
    if (i % 2 == 1) odd.push_back(rows.back().head.id);
  }
  insert(rows);
  struct Story {
    const char* story;
    Filter filter;
    const Ids& expected;
  };
  const Story stories[] = {{"on an index", equals("active", Value(false)), inactive},
                           {"evaluated", equals("title", "odd"), odd}};
  for (const auto& story : stories) {
    SCOPED_TRACE(story.story);
    const auto& all = story.expected;
    auto page = list({.filter = story.filter, .start = 101, .count = 20});
    EXPECT_EQ(page.total, static_cast<std::int64_t>(all.size()));
    Ids got;
    for (const auto& row : page.rows) got.push_back(row.id);
    EXPECT_EQ(got, Ids(all.begin() + 100, all.begin() + 120));
    auto behind = list({.filter = story.filter, .count = 5, .after = all[50]});
    EXPECT_EQ(behind.total, static_cast<std::int64_t>(all.size()));
    got.clear();
    for (const auto& row : behind.rows) got.push_back(row.id);
    EXPECT_EQ(got, Ids(all.begin() + 51, all.begin() + 56));
    EXPECT_TRUE(list({.filter = story.filter, .start = 9999}).rows.empty());
  }
}

}  // namespace
}  // namespace muster::store
