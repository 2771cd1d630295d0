// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/member_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/text.h"
#include "language_world.h"

namespace muster::mappings {
namespace {

using Path = std::vector<FieldReference>;

Path path_of(std::initializer_list<const char*> names, bool fold) {
  Path path;
  for (const char* name : names) path.push_back({{.name = name}, fold});
  return path;
}

class MemberTreeTest : public testing::Test {
 protected:
  std::string at(std::string_view record, std::uint32_t place) {
    const auto root = reader_.read(record);
    EXPECT_TRUE(root) << record;
    std::vector<MemberState> found(tree_.size());
    tree_.find(*root, found);
    return write_json(found[place].value.value());
  }

  MemberTree tree_;
  JsonReader reader_;
};

TEST_F(MemberTreeTest, a_place_keeps_its_number) {
  const auto given = tree_.add(path_of({"name", "givenName"}, true));
  const auto name = tree_.add(path_of({"name"}, true));
  EXPECT_NE(given, name);
  EXPECT_EQ(tree_.add(path_of({"name", "givenName"}, true)), given);
  EXPECT_EQ(tree_.size(), 2u);
}

TEST_F(MemberTreeTest, an_exact_name_comes_before_a_similar_one_wherever_it_stands) {
  const auto given = tree_.add(path_of({"name", "givenName"}, true));
  EXPECT_EQ(at(R"({"name":{"GIVENNAME":1,"givenName":2}})", given), "2");
  EXPECT_EQ(at(R"({"name":{"givenName":2,"GIVENNAME":1}})", given), "2");
  EXPECT_EQ(at(R"({"name":{"GIVENNAME":1,"givenname":2}})", given), "1");
  EXPECT_EQ(at(R"({"NAME":{"givenName":1},"name":{"givenName":2}})", given), "2");
  EXPECT_EQ(at(R"({"NAME":{"givenName":1},"name":{}})", given), "null");
}

TEST_F(MemberTreeTest, names_that_do_not_fold_are_found_as_they_are_spelled_only) {
  const auto plain = tree_.add(path_of({"Vorname"}, false));
  EXPECT_EQ(at(R"({"vorname":1})", plain), "null");
  EXPECT_EQ(at(R"({"vorname":1,"Vorname":2})", plain), "2");
}

TEST_F(MemberTreeTest, the_first_element_of_a_list_in_the_way_speaks) {
  const auto given = tree_.add(path_of({"name", "givenName"}, true));
  EXPECT_EQ(at(R"({"name":[{"givenName":"a"},{"givenName":"b"}]})", given), "\"a\"");
  EXPECT_EQ(at(R"({"name":[]})", given), "null");
  EXPECT_EQ(at(R"({"name":"Ann"})", given), "null");
}

// Names of every length, many of them alike, among others that nobody reads.
TEST_F(MemberTreeTest, finds_among_many_names_what_a_search_finds) {
  std::mt19937 random(11);
  std::vector<std::string> names;
  for (int i = 0; i < 60; ++i) {
    std::string name;
    for (auto size = random() % 24; name.size() <= size;) name += "abAB_"[random() % 5];
    const auto alike = [&](const std::string& known) { return ascii_equal_fold(known, name); };
    if (std::none_of(names.begin(), names.end(), alike)) names.push_back(name);
  }
  std::vector<std::uint32_t> places;
  for (const auto& name : names) places.push_back(tree_.add(path_of({name.c_str()}, true)));
  int hits = 0;
  for (int round = 0; round < 500; ++round) {
    Value::Object members;
    for (int i = 0; i < 20; ++i) {
      auto name = names[random() % names.size()];
      if (random() % 2 == 0) name[random() % name.size()] ^= 0x20;
      Value probe{Value::Object(members)};
      if (probe.find(name) == nullptr) members.push_back({name, Value(std::int64_t{i})});
    }
    const auto text = write_json(Value(std::move(members)));
    const auto root = reader_.read(text);
    ASSERT_TRUE(root) << text;
    std::vector<MemberState> found(tree_.size());
    tree_.find(*root, found);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto expected = root->find_fold(names[i]);
      hits += expected.is_int();
      ASSERT_EQ(write_json(found[places[i]].value.value()), write_json(expected.value()))
          << names[i] << " in " << text;
    }
  }
  EXPECT_GT(hits, 1000);
}

}  // namespace
}  // namespace muster::mappings
