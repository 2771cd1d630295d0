// SPDX-License-Identifier: Apache-2.0
#include "http/target.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

TEST(Target, is_decoded_exactly_once) {
  struct Case {
    std::string target;
    std::string path;
    Query query = {};
  };
  const std::vector<Case> cases = {
      {"/", "/"},
      {"/scim/v2/Users", "/scim/v2/Users"},
      {"/Users/a%20b", "/Users/a b"},
      {"/Users/a+b", "/Users/a+b"},
      {"/Users/%C3%A9", "/Users/\xC3\xA9"},
      {"/Users/%252F", "/Users/%2F"},
      {"/Users/...", "/Users/..."},
      {"/Users?", "/Users"},
      {"/Users?a", "/Users", {{"a", ""}}},
      {"/Users?a=1&&b=2=3&", "/Users", {{"a", "1"}, {"b", "2=3"}}},
      {"/Users?filter=userName+eq%20%22a%26b%22", "/Users", {{"filter", "userName eq \"a&b\""}}},
      {"/Users?a=%2F..%2F", "/Users", {{"a", "/../"}}},
      {"/Users?a=/../x?y", "/Users", {{"a", "/../x?y"}}},
      {"http://example/Users?x=1", "/Users", {{"x", "1"}}},
      {"HTTPS://example", "/"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.target);
    RequestHead head;
    const auto refusal = read_target(c.target, head);
    ASSERT_FALSE(refusal) << refusal->detail;
    EXPECT_EQ(head.path, c.path);
    EXPECT_EQ(head.query, c.query);
  }
}

TEST(Target, refuses_what_is_read_in_two_ways) {
  const std::vector<std::string> targets = {
      "",         "*",           "Users",    "example:443", "/a%2Fb",    "/a%2fb", "/a%00b",
      "/a%0Ab",   "/a%7F",       "/a%",      "/a%2",        "/a%2G",     "/a%%20", "/.",
      "/..",      "/a/../b",     "/a/./b",   "/a/..",       "/%2e%2e/a", "/a/%2E", "/a%C3",
      "/a%C0%AF", "/a%ED%A0%80", "/a#b",     "/a\x80",      "/a\tb",     "/a b",   "/a?x=%",
      "/a?x=%00", "/a?%zz=1",    "/a?x=%FF", "ftp://a/b",   "//\x7f",
  };
  for (const auto& target : targets) {
    SCOPED_TRACE(target);
    RequestHead head;
    const auto refusal = read_target(target, head);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 400);
  }
}

}  // namespace
}  // namespace muster::http
