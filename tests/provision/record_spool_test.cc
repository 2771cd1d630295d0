// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/record_spool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/json.h"
#include "tests/support/records.h"
#include "tests/support/temp_dir.h"

namespace muster::provision {
namespace {

SourceRecord record_of(const std::string& key, int number) {
  SourceRecord record;
  record.key = {"dir", ResourceType::user, key};
  record.document = R"({"number":)" + std::to_string(number) + "}";
  return record;
}

std::vector<std::string> read_all(RecordSpool& spool) {
  std::vector<std::string> seen;
  for (;;) {
    auto record = spool.next();
    EXPECT_TRUE(record) << describe(record.error());
    if (!record || !*record) return seen;
    const auto attributes = support::attributes_of(**record);
    const auto* number = attributes.find("number");
    seen.push_back(std::string(name_of((*record)->key.type)) + " " + (*record)->key.key + " " +
                   (number == nullptr ? "" : std::to_string(number->as_int())));
  }
}

TEST(RecordSpool, KeepsEverythingAboutARecord) {
  SourceRecord record;
  record.key = {"dir", ResourceType::group, "g1"};
  record.document =
      R"({"a":"x","n":null,"t":true,"f":false,"i":-7,"d":1.5,"l":["",{"k":"ü"}],"o":{}})";
  record.hash = -5;
  record.members = {{"m1", ResourceType::user, "Ann"}, {"m2", ResourceType::group, ""}};
  record.aliases = {"cn=a", ""};
  record.search = {.user_name = "ann",
                   .external_id = "E",
                   .display_name = "d",
                   .emails = {"a@b"},
                   .active = false,
                   .display = "D"};
  record.where = "line 7";
  for (const std::size_t memory : {std::size_t{1}, std::size_t{1} << 20}) {
    RecordSpool spool({}, memory);
    ASSERT_TRUE(spool.add(record));
    auto back = spool.next();
    ASSERT_TRUE(back && *back);
    const auto& same = **back;
    EXPECT_EQ(same.key, record.key);
    EXPECT_EQ(same.document, record.document);
    EXPECT_EQ(same.hash, record.hash);
    EXPECT_EQ(same.members, record.members);
    EXPECT_EQ(same.aliases, record.aliases);
    EXPECT_EQ(same.search.user_name, "ann");
    EXPECT_EQ(same.search.external_id, "E");
    EXPECT_EQ(same.search.display_name, "d");
    EXPECT_EQ(same.search.display, record.search.display);
    EXPECT_EQ(same.search.emails, record.search.emails);
    EXPECT_EQ(same.search.active, record.search.active);
    EXPECT_EQ(same.where, "line 7");
    back = spool.next();
    ASSERT_TRUE(back);
    EXPECT_FALSE(*back);
  }
}

TEST(RecordSpool, GivesTheSameOrderInMemoryAndFromTheDisk) {
  std::mt19937 random(7);
  std::vector<SourceRecord> records;
  for (int i = 0; i < 3000; ++i) {
    records.push_back(record_of("k" + std::to_string(random() % 1500), i));
    if (random() % 10 == 0) records.back().key.type = ResourceType::group;
  }
  records[5].where = std::string(700'000, 'x');  // larger than what is read at once
  auto expected = records;
  std::stable_sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) {
    return std::pair(a.key.type, a.key.key) < std::pair(b.key.type, b.key.key);
  });
  std::vector<std::string> wanted;
  for (const auto& record : expected)
    wanted.push_back(std::string(name_of(record.key.type)) + " " + record.key.key + " " +
                     std::to_string(support::attributes_of(record).find("number")->as_int()));
  support::TempDir folder;
  for (const std::size_t memory : {std::size_t{64} << 20, std::size_t{10'000}, std::size_t{500}}) {
    RecordSpool spool(folder.path(), memory);
    for (const auto& record : records) ASSERT_TRUE(spool.add(record));
    EXPECT_EQ(spool.size(), 3000u);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "the file has no name";
    EXPECT_EQ(read_all(spool), wanted) << memory;
  }
}

TEST(RecordSpool, SaysWhatIsMissingWhenThereIsNoRoom) {
  RecordSpool spool("/no/such/folder", 1);
  const auto refused = spool.add(record_of("a", 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::unavailable);
  EXPECT_EQ(refused.error().where, "/no/such/folder");
}

TEST(RecordSpool, NothingIsNothing) {
  RecordSpool spool({});
  auto none = spool.next();
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

}  // namespace
}  // namespace muster::provision
