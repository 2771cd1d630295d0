// SPDX-License-Identifier: Apache-2.0
#include "mappings/schema.h"

#include <gtest/gtest.h>

namespace muster::mappings {
namespace {

struct Story {
  const char* profile;
  const char* attribute;
  const char* value;
  bool fine;
};

// platform rules: UserFieldValidator of the Meeds portal.
const Story stories[] = {
    {"meeds", "userName", "ann.lee", true},
    {"meeds", "userName", "4ann_lee-2@x", true},
    {"meeds", "userName", "an", false},
    {"meeds", "userName", "ann..lee", false},
    {"meeds", "userName", ".ann", false},
    {"meeds", "userName", "ann-", false},
    {"meeds", "userName", "Ann", false},
    {"meeds", "userName", "ännchen", false},
    {"meeds", "userName", "ann lee", false},
    {"meeds", "firstName", "Ann", true},
    {"meeds", "firstName", "Li", false},
    {"meeds", "firstName", "Ünal-Şen", true},
    {"meeds", "firstName", "田中太郎", true},
    {"meeds", "firstName", "O'Neil ", true},
    {"meeds", "firstName", "Sammy Jr.", true},
    {"meeds", "firstName", "St. John", false},
    {"meeds", "firstName", "R2D2", false},
    {"meeds", "firstName", "Ü2Ü", false},
    {"meeds", "email", "a_b-c+d@my-company.com", true},
    {"meeds", "email", "a.b@x.example", true},
    {"meeds", "email", "a.b+c@x.example", false},
    {"meeds", "email", "o'neil@x.example", false},
    {"meeds", "email", "a@mail.my-company.com", false},
    {"meeds", "email", "a@x.e", false},
    {"meeds", "email", "a@localhost", false},
    {"generic", "userName", "a", true},
    {"generic", "userName", "ann..lee+x", true},
    {"generic", "userName", "Ann", false},
    {"generic", "firstName", "R2D2", true},
    {"generic", "email", "a.b+c@x.example", true},
};

TEST(Schema, ChecksWhatThePlatformWouldRefuse) {
  for (const auto& c : stories) {
    SCOPED_TRACE(std::string(c.profile) + " " + c.attribute + " " + c.value);
    auto schema = schema_of_profile(c.profile);
    ASSERT_TRUE(schema.has_value());
    const Attribute* attribute = schema->find(c.attribute);
    ASSERT_NE(attribute, nullptr);
    EXPECT_EQ(problem_with(*attribute, Value(c.value)).empty(), c.fine)
        << problem_with(*attribute, Value(c.value));
  }
}

TEST(Schema, CountsAsThePlatformDoes) {
  auto schema = schema_of_profile("meeds");
  const Attribute& name = *schema->find("lastName");
  EXPECT_TRUE(problem_with(name, Value(std::string(255, 'a'))).empty());
  EXPECT_FALSE(problem_with(name, Value(std::string(256, 'a'))).empty());
  // Two letters beyond the first plane are four UTF-16 units.
  EXPECT_TRUE(problem_with(name, Value("\xF0\x9D\x93\x90\xF0\x9D\x93\x91")).empty());
}

TEST(Schema, UnknownProfilesAreRefused) { EXPECT_FALSE(schema_of_profile("meed").has_value()); }

}  // namespace
}  // namespace muster::mappings
