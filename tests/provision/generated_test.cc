// SPDX-License-Identifier: Apache-2.0
#include "provision/road/generated.h"

#include <algorithm>
#include <set>

#include "tests/provision/world.h"

namespace muster::provision {
namespace {

TEST(Draw, HasTheLengthAndACharacterOfEachClass) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto text =
        draw({.name = "p", .length = 8, .classes = {"lower", "upper", "digit", "symbol"}});
    ASSERT_TRUE(text);
    EXPECT_EQ(text->size(), 8u);
    const auto has = [&](auto test) { return std::any_of(text->begin(), text->end(), test); };
    EXPECT_TRUE(has([](char c) { return c >= 'a' && c <= 'z'; })) << *text;
    EXPECT_TRUE(has([](char c) { return c >= 'A' && c <= 'Z'; })) << *text;
    EXPECT_TRUE(has([](char c) { return c >= '0' && c <= '9'; })) << *text;
    EXPECT_TRUE(has([](char c) { return std::string_view("!#$%*+-./:=?@_").find(c) < 14; }));
    seen.insert(*text);
  }
  EXPECT_EQ(seen.size(), 200u);
}

TEST(Draw, KeepsToItsClasses) {
  const auto text = draw({.name = "pin", .length = 64, .classes = {"digit"}});
  ASSERT_TRUE(text);
  EXPECT_EQ(text->find_first_not_of("23456789"), std::string::npos);
}

class GeneratedValues : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    use(std::string(company) + "generate: { firstPassword: { length: 16 } }\n");
  }
  std::vector<Value> bodies() {
    std::vector<Value> all;
    const auto rows = (*store_->reader())->journal().outbox(0, 100);
    for (const auto& row : *rows) all.push_back(*parse_json(row.body));
    return all;
  }
};

TEST_F(GeneratedValues, StandInTheEventOfTheNewPersonAndNowhereElse) {
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee")));
  ASSERT_TRUE(put(directory("u2", "Bo", "Li")));
  ASSERT_TRUE(put(directory("u1", "Ann", "Lee", R"(,"departmentNumber":"Sales")")));
  const auto told = bodies();
  ASSERT_EQ(told.size(), 3u);
  const auto* first = told[0].find("generated");
  ASSERT_TRUE(first && first->find("firstPassword"));
  const auto secret = first->find("firstPassword")->as_text();
  EXPECT_EQ(secret.size(), 16u);
  EXPECT_NE(told[1].find("generated")->find("firstPassword")->as_text(), secret);
  EXPECT_EQ(told[2].find("generated"), nullptr) << "only somebody new gets one";
  EXPECT_EQ(told[0].find("attributes")->find("firstPassword"), nullptr);
  for (const auto& person : people()) EXPECT_EQ(person.find("firstPassword"), nullptr);
  const auto audit = (*store_->reader())->journal().audit(0, 100);
  for (const auto& row : *audit) EXPECT_EQ(row.detail.find(secret), std::string::npos);
}

}  // namespace
}  // namespace muster::provision
