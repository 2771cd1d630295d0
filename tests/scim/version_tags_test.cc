// SPDX-License-Identifier: Apache-2.0
#include "scim/version_tags.h"

#include <gtest/gtest.h>

namespace muster::scim {
namespace {

struct Story {
  const char* field;
  bool matches_seven;
};

// RFC 7644, 3.14; RFC 9110, 13.1.
TEST(VersionTags, CompareWeakly) {
  const Story cases[] = {
      {"W/\"7\"", true},          {"\"7\"", true}, {"W/\"6\", W/\"7\"", true},
      {" W/\"6\" ,\"7\" ", true}, {"*", true},     {"W/\"6\"", false},
      {"W/\"\"", false},          {"7", false},    {"W/\"7x\"", false},
      {"W/\"-7\"", false},        {"", false},     {",,,", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.field);
    http::RequestHead head;
    head.headers = {{"if-match", c.field}};
    const auto tags = VersionTags::of(head, "If-Match");
    EXPECT_TRUE(tags.is_given());
    EXPECT_EQ(tags.match(7), c.matches_seven);
  }
  EXPECT_FALSE(VersionTags::of({}, "If-Match").is_given());
  EXPECT_FALSE(VersionTags::of({}, "If-Match").match(7));
}

}  // namespace
}  // namespace muster::scim
