// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

Route route(Method method, std::string pattern) {
  return {.method = method, .pattern = std::move(pattern), .handler = [](const Request&) {
            return Response{};
          }};
}

Router scim_router() {
  auto router = Router::build({
      route(Method::get, "/"),
      route(Method::get, "/scim/v2/Users"),
      route(Method::post, "/scim/v2/Users"),
      route(Method::get, "/scim/v2/Users/{id}"),
      route(Method::put, "/scim/v2/Users/{id}"),
      route(Method::delete_, "/scim/v2/Users/{id}"),
      route(Method::post, "/scim/v2/Users/.search"),
      route(Method::get, "/a/{x}/b/{y}"),
      route(Method::get, "/a/fixed/c"),
      route(Method::head, "/only-head"),
  });
  EXPECT_TRUE(router) << router.error().detail;
  return *std::move(router);
}

TEST(Router, finds_routes_and_says_what_is_allowed) {
  struct Case {
    std::string story;
    Method method;
    std::string path;
    std::string pattern;  // empty: none
    std::vector<std::string> captures = {};
    std::string allow = {};
  };
  const std::vector<Case> cases = {
      {"the root", Method::get, "/", "/"},
      {"a collection", Method::get, "/scim/v2/Users", "/scim/v2/Users"},
      {"the same path, another method", Method::post, "/scim/v2/Users", "/scim/v2/Users"},
      {"a member", Method::get, "/scim/v2/Users/7", "/scim/v2/Users/{id}", {"7"}},
      {"a literal wins", Method::post, "/scim/v2/Users/.search", "/scim/v2/Users/.search"},
      {"a literal node does not hide the captures of other paths",
       Method::get,
       "/a/fixed/b/2",
       "/a/{x}/b/{y}",
       {"fixed", "2"}},
      {"an empty segment is none", Method::get, "/scim/v2/Users/", ""},
      {"doubled slashes match nothing", Method::get, "//scim/v2/Users", ""},
      {"deeper than any pattern", Method::get, "/scim/v2/Users/7/8", ""},
      {"only a prefix", Method::get, "/scim/v2", ""},
      {"names are case-sensitive", Method::get, "/SCIM/v2/Users", ""},
      {"a capture is text, not a pattern",
       Method::get,
       "/scim/v2/Users/{id}",
       "/scim/v2/Users/{id}",
       {"{id}"}},
      {"wrong method of a collection", Method::patch, "/scim/v2/Users", "", {}, "GET, HEAD, POST"},
      {"wrong method of a member",
       Method::post,
       "/scim/v2/Users/7",
       "",
       {},
       "GET, HEAD, PUT, DELETE"},
      {"HEAD by GET", Method::head, "/scim/v2/Users/7", "/scim/v2/Users/{id}", {"7"}},
      {"HEAD of its own", Method::head, "/only-head", "/only-head"},
      {"an unknown method", Method::other, "/only-head", "", {}, "HEAD"},
      {"no path", Method::get, "", ""},
      {"a star", Method::options, "*", ""},
  };
  const Router router = scim_router();
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto match = router.match(c.method, c.path);
    EXPECT_EQ(match.route ? match.route->pattern : "", c.pattern);
    EXPECT_EQ(match.allow, c.allow);
    if (match.route) {
      EXPECT_EQ(match.captures, c.captures);
    }
  }
}

TEST(Router, refuses_routes_that_cannot_work) {
  EXPECT_FALSE(Router::build({route(Method::get, "/a/{x}"), route(Method::get, "/a/{y}")}));
  EXPECT_FALSE(Router::build({route(Method::get, "a")}));
  EXPECT_FALSE(Router::build({route(Method::get, "")}));
  EXPECT_FALSE(Router::build({Route{.pattern = "/a"}}));
  EXPECT_TRUE(Router::build({route(Method::get, "/a/{x}"), route(Method::put, "/a/{y}")}));
}

}  // namespace
}  // namespace muster::http
