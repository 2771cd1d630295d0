// SPDX-License-Identifier: Apache-2.0
#include "scim/projection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/json.h"

namespace muster::scim {
namespace {

constexpr std::string_view resource = R"({"schemas":["s"],"id":"1","userName":"u",
  "name":{"givenName":"g","familyName":"f"},"emails":[{"value":"1","type":"work"},{"value":"2"}],
  "meta":{"version":"v"},
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d","manager":{"value":"m","$ref":"r"}}})";

struct Story {
  const char* story;
  std::vector<std::string> attributes;
  std::vector<std::string> excluded;
  const char* expected;
};

// RFC 7644, 3.4.2.5 and 3.9.
TEST(Projection, Selects) {
  const std::string E = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  const Story cases[] = {
      {"one attribute, no meta", {"USERNAME"}, {}, R"({"schemas":["s"],"id":"1","userName":"u"})"},
      {"a sub-attribute",
       {"name.givenName"},
       {},
       R"({"schemas":["s"],"id":"1","name":{"givenName":"g"}})"},
      {"of a list",
       {"emails.type"},
       {},
       R"({"schemas":["s"],"id":"1","emails":[{"type":"work"}]})"},
      {"the last colon decides",
       {E + ":department"},
       {},
       R"({"schemas":["s"],"id":"1","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d"}})"},
      {"a sub-attribute of an extension",
       {E + ":manager.value"},
       {},
       R"({"schemas":["s"],"id":"1","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m"}}})"},
      {"a whole extension",
       {E},
       {},
       R"({"schemas":["s"],"id":"1","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d","manager":{"value":"m","$ref":"r"}}})"},
      {"unknown", {"frobnicate"}, {}, R"({"schemas":["s"],"id":"1"})"},
      {"id cannot be left out",
       {},
       {"id", "schemas", "meta", "name", "emails", E},
       R"({"schemas":["s"],"id":"1","userName":"u"})"},
      {"a sub-attribute left out",
       {},
       {"name.familyName", "emails.value", "meta", E + ":manager"},
       R"({"schemas":["s"],"id":"1","userName":"u","name":{"givenName":"g"},"emails":[{"type":"work"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d"}})"},
      {"the core schema by its URN",
       {"urn:ietf:params:scim:schemas:core:2.0:User:userName"},
       {},
       R"({"schemas":["s"],"id":"1","userName":"u"})"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto projection = Projection::make(c.attributes, c.excluded, ResourceType::user);
    ASSERT_TRUE(projection);
    EXPECT_FALSE(projection->whole());
    EXPECT_EQ(write_json(projection->apply(*parse_json(resource), ResourceType::user)), c.expected);
  }
}

TEST(Projection, SaysWhatNeedNotBeFetched) {
  const auto make = [](std::vector<std::string> attributes, std::vector<std::string> excluded) {
    return *Projection::make(attributes, excluded, ResourceType::group);
  };
  EXPECT_TRUE(Projection().wants("members"));
  EXPECT_FALSE(Projection().requests("members"));
  EXPECT_FALSE(make({}, {"Members"}).wants("members"));
  EXPECT_TRUE(make({}, {"members.display"}).wants("members"));
  EXPECT_TRUE(make({}, {"displayName"}).wants("members"));
  EXPECT_FALSE(make({"id", "displayName"}, {}).wants("members"));
  EXPECT_TRUE(make({"members.value"}, {}).wants("members"));
  EXPECT_TRUE(make({"members"}, {}).requests("members"));
  const auto both = Projection::make({"a"}, {"b"}, ResourceType::user);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().code, "invalidValue");
}

}  // namespace
}  // namespace muster::scim
