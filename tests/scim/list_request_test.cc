// SPDX-License-Identifier: Apache-2.0
#include "scim/list_request.h"

#include <gtest/gtest.h>

#include <string>

#include "core/json.h"

namespace muster::scim {
namespace {

struct Story {
  const char* name;
  const char* value;
  std::int64_t start;
  std::int64_t count;
};

// RFC 7644, table 6.
TEST(ListRequest, PagesAreClamped) {
  const Story cases[] = {
      {"startIndex", "0", 1, 100},     {"startIndex", "-7", 1, 100},
      {"startIndex", "5", 5, 100},     {"count", "0", 1, 0},
      {"count", "-3", 1, 0},           {"count", "7", 1, 7},
      {"count", "2147483647", 1, 200}, {"COUNT", "99999999999999999999999", 1, 200},
      {"sortBy", "userName", 1, 100},  {"startIndex", "-99999999999999999999999", 1, 100},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.name) + "=" + c.value);
    http::RequestHead head;
    head.query = {{c.name, c.value}};
    const auto wanted = read_list_request(head, ResourceType::user, 200);
    ASSERT_TRUE(wanted);
    EXPECT_EQ(wanted->query.start, c.start);
    EXPECT_EQ(wanted->query.count, c.count);
    EXPECT_TRUE(wanted->query.want_total);
  }
}

TEST(ListRequest, RefusesWhatItCannotRead) {
  const std::pair<const char*, const char*> cases[] = {{"count", "many"},
                                                       {"startIndex", "1.5"},
                                                       {"startIndex", ""},
                                                       {"filter", "frob eq"},
                                                       {"filter", ""}};
  for (const auto& [name, value] : cases) {
    SCOPED_TRACE(std::string(name) + "=" + value);
    http::RequestHead head;
    head.query = {{name, value}};
    EXPECT_FALSE(read_list_request(head, ResourceType::user, 200));
  }
  http::RequestHead both;
  both.query = {{"attributes", "userName"}, {"excludedAttributes", "title"}};
  EXPECT_FALSE(read_list_request(both, ResourceType::user, 200));
}

TEST(ListRequest, ASearchRequestSaysTheSameInABody) {
  const auto body = parse_json(
      R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["userName"],
          "filter":"userName sw \"a\"","startIndex":3,"count":"4","sortBy":"x"})");
  const auto wanted = read_search_request(*body, ResourceType::user, 200);
  ASSERT_TRUE(wanted) << describe(wanted.error());
  EXPECT_EQ(wanted->query.start, 3);
  EXPECT_EQ(wanted->query.count, 4);
  ASSERT_TRUE(wanted->query.filter);
  EXPECT_EQ(wanted->query.filter->op, Filter::Op::sw);
  EXPECT_TRUE(wanted->projection.selects());
  for (const auto* broken : {"[]", R"({"filter":7})", R"({"attributes":7})", R"({"count":true})"}) {
    SCOPED_TRACE(broken);
    EXPECT_FALSE(read_search_request(*parse_json(broken), ResourceType::user, 200));
  }
}

}  // namespace
}  // namespace muster::scim
