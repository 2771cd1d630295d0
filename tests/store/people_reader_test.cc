// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

using Names = std::vector<std::string>;

class PeopleReaderTest : public StoreTest {
 protected:
  Names names(const Query& query) {
    auto page = reader()->people().list(query);
    if (!page) throw std::runtime_error(describe(page.error()));
    Names out;
    for (const auto& identity : page->rows) out.push_back(identity.user_name);
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, PeopleReaderTest, every_place(), place_name);

TEST_P(PeopleReaderTest, FindsPeopleByIdAndPresentName) {
  Identity mara = somebody("Mara");
  put(mara);
  EXPECT_TRUE(same_person_facts(reader()->people().get(mara.id)->value(), mara));
  EXPECT_FALSE(*reader()->people().get("nobody"));
  EXPECT_EQ(reader()->people().by_user_name("MARA")->value().id, mara.id);
  mara.user_name = "mara2";
  put(mara);
  EXPECT_FALSE(*reader()->people().by_user_name("mara")) << "a name she had";
  EXPECT_EQ(reader()->people().by_user_name("mara2")->value().id, mara.id);
}

TEST_P(PeopleReaderTest, FiltersByEveryDocumentedAttribute) {
  std::vector<Identity> people{somebody("ann"), somebody("bob"), somebody("cid")};
  people[1].state = IdentityState::inactive;
  people[1].classification = Classification::external;
  people[2].sources = {"local"};
  people[2].attributes.push_back({"zone", Value("north"), "hr", "r"});
  std::vector<std::vector<IdentityKey>> keys(3);
  must_write([&](Transaction& tx) { return tx.identities().put(people, keys); });
  struct Story {
    const char* attribute;
    Value value;
    Names expected;
  };
  const Story stories[] = {
      {"id", Value(people[1].id), {"bob"}},
      {"userName", Value("BOB"), {"bob"}},
      {"email", Value("Bob@example.com"), {"bob"}},
      {"emails", Value("bob@example.com"), {"bob"}},
      {"emails.value", Value("bob@example.com"), {"bob"}},
      {"email", Value("none@example.com"), {}},
      {"active", Value(false), {"bob"}},
      {"external", Value(true), {"bob"}},
      {"classification", Value("internal"), {"ann", "cid"}},
      {"state", Value("inactive"), {"bob"}},
      {"sources", Value("local"), {"cid"}},
      {"zone", Value("north"), {"cid"}},
      {"level", Value(3), {"ann", "bob", "cid"}},
  };
  for (const auto& story : stories) {
    SCOPED_TRACE(story.attribute);
    EXPECT_EQ(names({.filter = equals(story.attribute, story.value)}), story.expected);
  }
}

TEST_P(PeopleReaderTest, PagesInTheOrderOfCreation) {
  std::vector<Identity> people;
  for (int i = 0; i < 1500; ++i) people.push_back(somebody("p" + std::to_string(10000 + i)));
  std::vector<std::vector<IdentityKey>> keys(people.size());
  must_write([&](Transaction& tx) { return tx.identities().put(people, keys); });
  EXPECT_EQ(names({.start = 1400, .count = 2}), (Names{"p11399", "p11400"}));
  EXPECT_EQ(names({.count = 2, .after = people[1399].id}), (Names{"p11400", "p11401"}));
  EXPECT_EQ(reader()->people().list({.start = 1501})->total, 1500);
  EXPECT_TRUE(names({.start = 1501}).empty());
}

TEST_P(PeopleReaderTest, ShowsAllRecordsOfAPersonAndTheirGroups) {
  Identity mara = somebody("mara");
  put(mara);
  std::vector<RecordRow> rows{person("mara", "entra", mara.id), person("mara", "hr", mara.id),
                              person("bob")};
  rows[1].head.state = RecordState::gone;
  insert(rows);
  RecordRow group = team("Sales");
  insert(group);
  must_write([&](Transaction& tx) -> Status {
    std::vector<Member> members{{.key = rows[0].head.id}};
    MUSTER_CHECK(tx.memberships().replace(group.head.id, members));
    return {};
  });
  auto records = reader()->people().records(mara.id);
  ASSERT_EQ(records->size(), 3u);
  EXPECT_EQ((*records)[0].head.id, rows[0].head.id);
  EXPECT_EQ((*records)[1].head.state, RecordState::gone);
  EXPECT_EQ((*records)[2].head.id, group.head.id);
}

}  // namespace
}  // namespace muster::store
