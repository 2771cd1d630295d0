// SPDX-License-Identifier: Apache-2.0
// The service as a whole: verbs, versions, errors, and what one source can see of another.
#include "scim/endpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "scim/schema.h"
#include "tests/scim/scim_world.h"

namespace muster::scim {
namespace {

class EndpointTest : public testing::Test {
 protected:
  std::string create_user(std::string_view source, const std::string& name,
                          const std::string& more = {}) {
    const auto made =
        world.call(source, "POST", "/Users", R"({"userName":")" + name + "\"" + more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return ScimWorld::id_of(made);
  }
  std::string create_group(std::string_view source, const std::string& name,
                           const std::string& more = {}) {
    const auto made =
        world.call(source, "POST", "/Groups", R"({"displayName":")" + name + "\"" + more + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return ScimWorld::id_of(made);
  }
  static std::string text_at(const http::Response& response, std::string_view name) {
    const auto body = ScimWorld::json(response);
    const Value* value = body.find(name);
    return value != nullptr && value->is_text() ? value->as_text() : std::string();
  }
  std::int64_t total(std::string_view source, const std::string& target) {
    const auto found = world.call(source, "GET", target);
    EXPECT_EQ(found.status, 200) << found.body;
    return ScimWorld::json(found).find("totalResults")->as_int();
  }

  ScimWorld world;
};

// RFC 7644, 3.3: the answer to a POST is the resource as it will be read.
TEST_F(EndpointTest, WhatIsCreatedIsWhatIsRead) {
  const auto made = world.call(
      "entra", "POST", "/Users",
      R"({"userName":"Anna@x.example","id":"mine","externalId":"e1","active":"True","password":"hunter2",
          "name":{"givenName":"Anna","familyName":"Abel"},"emails":[{"value":"anna@x.example","type":"work"}]})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.content_type, "application/scim+json");
  const auto id = ScimWorld::id_of(made);
  EXPECT_NE(id, "mine");
  EXPECT_EQ(ScimWorld::header(made, "Location"), "/scim/v2/Users/" + id);
  EXPECT_EQ(ScimWorld::header(made, "ETag"), "W/\"1\"");
  EXPECT_EQ(made.body.find("hunter2"), std::string::npos);

  const auto read = world.call("entra", "GET", "/Users/" + id);
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.body, made.body);
  const auto body = ScimWorld::json(read);
  EXPECT_EQ(body.find("userName")->as_text(), "Anna@x.example");
  EXPECT_TRUE(body.find("active")->as_bool());
  EXPECT_EQ(body.find("meta")->find("created")->as_text(),
            body.find("meta")->find("lastModified")->as_text());
  const Value& muster = *body.find(muster_urn);
  EXPECT_EQ(muster.find("state")->as_text(), "active");
  EXPECT_EQ(muster.find("classification")->as_text(), "internal");
  EXPECT_FALSE(muster.find("identityId")->as_text().empty());
}

TEST_F(EndpointTest, UserNamesAreUniqueWithinASource) {
  create_user("entra", "J\u00fcrgen");
  for (const auto* same : {"j\u00fcrgen", "JU\u0308RGEN", "\uff2a\u00fcrgen"}) {
    const auto refused =
        world.call("entra", "POST", "/Users", R"({"userName":")" + std::string(same) + "\"}");
    EXPECT_EQ(refused.status, 409) << same << refused.body;
    EXPECT_EQ(text_at(refused, "scimType"), "uniqueness");
    EXPECT_EQ(text_at(refused, "status"), "409");
  }
  EXPECT_EQ(total("entra", "/Users"), 1);
  create_user("okta", "j\u00fcrgen");
}

TEST_F(EndpointTest, ReplacingPutsEverythingInItsPlace) {
  const auto id = create_user("okta", "ben", R"(,"title":"t","nickName":"n")");
  const auto replaced = world.call("okta", "PUT", "/Users/" + id,
                                   R"({"id":")" + id + R"(","userName":"ben","title":"u"})");
  ASSERT_EQ(replaced.status, 200) << replaced.body;
  const auto body = ScimWorld::json(world.call("okta", "GET", "/Users/" + id));
  EXPECT_EQ(body.find("title")->as_text(), "u");
  EXPECT_EQ(body.find("nickName"), nullptr);

  // The id in the path decides; a different one in the body is refused and nobody is touched.
  const auto victim = create_user("okta", "victim");
  const auto crossed =
      world.call("okta", "PUT", "/Users/" + id, R"({"id":")" + victim + R"(","userName":"x"})");
  EXPECT_EQ(crossed.status, 400);
  EXPECT_EQ(text_at(world.call("okta", "GET", "/Users/" + victim), "userName"), "victim");
  EXPECT_EQ(text_at(world.call("okta", "GET", "/Users/" + id), "userName"), "ben");

  EXPECT_EQ(world.call("okta", "PUT", "/Users/unknown", R"({"userName":"x"})").status, 404);
  EXPECT_EQ(total("okta", "/Users"), 2);
}

TEST_F(EndpointTest, DeletedIsGoneAndComesBackAsSomebodyKnown) {
  const auto id = create_user("entra", "cara", R"(,"externalId":"c")");
  const auto identity = ScimWorld::json(world.call("entra", "GET", "/Users/" + id))
                            .find(muster_urn)
                            ->find("identityId")
                            ->as_text();
  EXPECT_EQ(world.call("entra", "DELETE", "/Users/" + id).status, 204);
  EXPECT_EQ(world.call("entra", "GET", "/Users/" + id).status, 404);
  EXPECT_EQ(world.call("entra", "DELETE", "/Users/" + id).status, 404);
  EXPECT_EQ(world.call("entra", "PUT", "/Users/" + id, R"({"userName":"cara"})").status, 404);
  EXPECT_EQ(world.call("entra", "PATCH", "/Users/" + id, R"({"Operations":[]})").status, 404);
  EXPECT_EQ(total("entra", "/Users?filter=userName+eq+%22cara%22"), 0);

  const auto again = create_user("entra", "cara", R"(,"externalId":"c")");
  EXPECT_NE(again, id);
  const auto body = ScimWorld::json(world.call("entra", "GET", "/Users/" + again));
  EXPECT_EQ(body.find(muster_urn)->find("identityId")->as_text(), identity);
}

TEST_F(EndpointTest, WhatChangesNothingMovesNoVersion) {
  const auto id = create_user("entra", "dora", R"(,"title":"t")");
  const auto before = world.call("entra", "GET", "/Users/" + id);
  for (const auto* patch :
       {R"({"Operations":[{"op":"add","path":"title","value":"t"}]})", R"({"Operations":[]})",
        R"({"Operations":[{"op":"remove","path":"nickName"}]})"}) {
    const auto patched = world.call("entra", "PATCH", "/Users/" + id, patch);
    EXPECT_EQ(patched.status, 200) << patched.body;
    EXPECT_EQ(patched.body, before.body);
  }
  world.call("entra", "PUT", "/Users/" + id, R"({"userName":"dora","title":"t"})");
  EXPECT_EQ(world.call("entra", "GET", "/Users/" + id).body, before.body);
}

// RFC 7644, 3.5.2: all operations or none.
TEST_F(EndpointTest, APatchIsAppliedWholeOrNotAtAll) {
  const auto id = create_user("entra", "emil", R"(,"title":"t")");
  const auto before = world.call("entra", "GET", "/Users/" + id).body;
  const auto refused = world.call(
      "entra", "PATCH", "/Users/" + id,
      R"({"Operations":[{"op":"replace","path":"title","value":"u"},{"op":"replace","path":"nickName","value":"n"},
          {"op":"remove"}]})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(text_at(refused, "scimType"), "noTarget");
  EXPECT_EQ(world.call("entra", "GET", "/Users/" + id).body, before);
}

// RFC 7644, 3.14.
TEST_F(EndpointTest, VersionsGuardReadsAndWrites) {
  const auto id = create_user("entra", "fred");
  const std::string user = "/Users/" + id;
  const auto patch = R"({"Operations":[{"op":"replace","path":"title","value":"t"}]})";
  EXPECT_EQ(world.call("entra", "GET", user, "", {{"If-None-Match", "W/\"1\""}}).status, 304);
  EXPECT_EQ(world.call("entra", "GET", user, "", {{"If-None-Match", "W/\"0\", \"1\""}}).status,
            304);
  EXPECT_EQ(world.call("entra", "GET", user, "", {{"If-None-Match", "*"}}).status, 304);
  EXPECT_EQ(world.call("entra", "GET", user, "", {{"If-None-Match", "W/\"9\""}}).status, 200);

  EXPECT_EQ(world.call("entra", "PATCH", user, patch, {{"If-Match", "W/\"9\""}}).status, 412);
  EXPECT_EQ(
      world.call("entra", "PUT", user, R"({"userName":"x"})", {{"If-Match", "W/\"9\""}}).status,
      412);
  EXPECT_EQ(world.call("entra", "DELETE", user, "", {{"If-Match", "W/\"9\""}}).status, 412);
  EXPECT_EQ(text_at(world.call("entra", "GET", user), "userName"), "fred");

  const auto patched = world.call("entra", "PATCH", user, patch, {{"If-Match", "\"8\", W/\"1\""}});
  EXPECT_EQ(patched.status, 200) << patched.body;
  EXPECT_EQ(ScimWorld::header(patched, "ETag"), "W/\"2\"");
  EXPECT_EQ(world.call("entra", "PUT", user, R"({"userName":"fred"})", {{"If-Match", "*"}}).status,
            200);
  EXPECT_EQ(world.call("entra", "DELETE", user, "", {{"If-Match", "W/\"3\""}}).status, 204);

  const auto group = create_group("entra", "g");
  const auto tag = ScimWorld::header(world.call("entra", "GET", "/Groups/" + group), "ETag");
  EXPECT_EQ(world
                .call("entra", "PATCH", "/Groups/" + group,
                      R"({"Operations":[{"op":"add","path":"members","value":["m"]}]})",
                      {{"If-Match", tag}})
                .status,
            204);
  EXPECT_NE(ScimWorld::header(world.call("entra", "GET", "/Groups/" + group), "ETag"), tag);
}

TEST_F(EndpointTest, ListsArePaged) {
  for (int i = 0; i < 5; ++i) create_user("entra", "user" + std::to_string(i), R"(,"title":"t")");
  const auto page = ScimWorld::json(
      world.call("entra", "GET", "/Users?startIndex=2&count=2&attributes=userName"));
  EXPECT_EQ(page.find("totalResults")->as_int(), 5);
  EXPECT_EQ(page.find("startIndex")->as_int(), 2);
  EXPECT_EQ(page.find("itemsPerPage")->as_int(), 2);
  const auto& resources = page.find("Resources")->as_list();
  ASSERT_EQ(resources.size(), 2u);
  EXPECT_EQ(resources[0].find("userName")->as_text(), "user1");
  EXPECT_EQ(resources[0].find("title"), nullptr);
  EXPECT_EQ(resources[0].find("meta"), nullptr);

  const auto none = ScimWorld::json(world.call("entra", "GET", "/Users?count=0"));
  EXPECT_EQ(none.find("totalResults")->as_int(), 5);
  EXPECT_TRUE(none.find("Resources")->as_list().empty());
  const auto beyond = ScimWorld::json(world.call("entra", "GET", "/Users?startIndex=77"));
  EXPECT_TRUE(beyond.find("Resources")->as_list().empty());

  const auto searched =
      ScimWorld::json(world.call("entra", "POST", "/Users/.search",
                                 R"({"filter":"userName ew \"3\"","attributes":["userName"]})"));
  EXPECT_EQ(searched.find("totalResults")->as_int(), 1);
}

TEST_F(EndpointTest, TheRootIsSearchedAsOneList) {
  for (int i = 0; i < 3; ++i) create_user("entra", "user" + std::to_string(i));
  for (int i = 0; i < 2; ++i) create_group("entra", "group" + std::to_string(i));
  create_user("okta", "stranger");
  struct Story {
    const char* body;
    std::int64_t total;
    std::vector<std::string> names;
  };
  const Story cases[] = {
      {"{}", 5, {"user0", "user1", "user2", "group0", "group1"}},
      {R"({"startIndex":3,"count":2})", 5, {"user2", "group0"}},
      {R"({"startIndex":5})", 5, {"group1"}},
      {R"({"count":0})", 5, {}},
      {R"({"filter":"displayName sw \"group\""})", 2, {"group0", "group1"}},
      {R"({"filter":"userName pr","count":1})", 3, {"user0"}},
      {R"({"filter":"members pr"})", 0, {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.body);
    const auto found = world.call("entra", "POST", "/.search", c.body);
    ASSERT_EQ(found.status, 200) << found.body;
    const auto body = ScimWorld::json(found);
    EXPECT_EQ(body.find("totalResults")->as_int(), c.total);
    std::vector<std::string> names;
    for (const auto& resource : body.find("Resources")->as_list()) {
      const Value* name = resource.find("userName");
      names.push_back((name != nullptr ? name : resource.find("displayName"))->as_text());
    }
    EXPECT_EQ(names, c.names);
  }
  const auto refused = world.call("entra", "POST", "/.search", R"({"filter":"shoeSize pr"})");
  EXPECT_EQ(text_at(refused, "scimType"), "invalidFilter");
}

TEST_F(EndpointTest, FiltersFindWhatTheyShould) {
  const auto boss = create_user("entra", "boss");
  const auto id = create_user(
      "entra", "100%_a",
      R"(,"externalId":"X1","active":false,"emails":[{"value":"W@x.example","type":"work"},{"value":"h@x.example","type":"home"}],
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d","manager":")" +
          boss + "\"}");
  const auto group = create_group("entra", "Sales",
                                  R"(,"members":[{"value":")" + id + R"("},{"value":"pending"}])");
  const std::pair<std::string, std::int64_t> cases[] = {
      {"/Users?filter=userName+eq+%22100%25_A%22", 1},
      {"/Users?filter=userName+sw+%22100%25%22", 1},
      {"/Users?filter=userName+sw+%2210_%22", 0},
      {"/Users?filter=externalId+eq+%22X1%22", 1},
      {"/Users?filter=externalId+eq+%22x1%22", 0},
      {"/Users?filter=emails.value+eq+%22w@X.example%22", 1},
      {"/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22w@x.example%22", 1},
      {"/Users?filter=emails%5Btype+eq+%22home%22%5D.value+eq+%22w@x.example%22", 0},
      {"/Users?filter=active+eq+false", 1},
      {"/Users?filter=active+eq+%22False%22+and+userName+pr", 1},
      {"/Users?filter=id+eq+%22" + id + "%22+and+manager+eq+%22" + boss + "%22&attributes=id", 1},
      {"/Users?filter=id+eq+%22" + id + "%22+and+manager+eq+%22nobody%22", 0},
      {"/Users?filter=not+(active+eq+false)", 1},
      {"/Users?filter=meta.created+gt+%222001-01-01T00:00:00Z%22", 2},
      {"/Users?filter=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department+eq+%"
       "22D%22",
       1},
      {"/Users?filter=classification+eq+%22internal%22", 2},
      {"/Groups?filter=displayName+eq+%22sales%22&excludedAttributes=members", 1},
      {"/Groups?filter=id+eq+%22" + group + "%22+and+members+eq+%22" + id + "%22&attributes=id", 1},
      {"/Groups?filter=id+eq+%22" + group + "%22+and+members+eq+%22" + boss + "%22&attributes=id",
       0},
      {"/Groups?filter=members%5Bvalue+eq+%22pending%22%5D", 1},
      {"/Groups?filter=not+(members.value+eq+%22" + id + "%22)", 0},
  };
  for (const auto& [target, expected] : cases)
    EXPECT_EQ(total("entra", target), expected) << target;

  const auto refused = world.call("entra", "GET", "/Users?filter=shoeSize+eq+%2242%22");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(text_at(refused, "scimType"), "invalidFilter");
  EXPECT_NE(text_at(refused, "detail").find("shoeSize"), std::string::npos);
}

TEST_F(EndpointTest, BadInputIsNamedAndLeavesNothingBehind) {
  struct Story {
    std::string method, target, body;
    int status;
    std::string scim_type;
  };
  const std::string deep =
      R"({"userName":"x","name":)" + std::string(3000, '[') + std::string(3000, ']') + "}";
  const Story cases[] = {
      {"POST", "/Users", "{\"userName\":", 400, "invalidSyntax"},
      {"POST", "/Users", deep, 400, "invalidSyntax"},
      {"POST", "/Users", R"({"userName":"\ud800"})", 400, "invalidSyntax"},
      {"POST", "/Users", R"({"userName":"a","userName":"b"})", 400, "invalidSyntax"},
      {"POST", "/Users", "[]", 400, "invalidSyntax"},
      {"POST", "/Users", "", 400, "invalidSyntax"},
      {"POST", "/Users", R"({"userName":"a\u0000"})", 400, "invalidValue"},
      {"POST", "/Users", "{}", 400, "invalidValue"},
      {"POST", "/Groups", R"({"members":[]})", 400, "invalidValue"},
      {"POST", "/Users",
       R"({"userName":"n","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Nowhere"}})",
       400, "invalidValue"},
      {"GET", "/Users/unknown", "", 404, ""},
      {"DELETE", "/Groups/unknown", "", 404, ""},
      {"PATCH", "/Groups/unknown",
       R"({"Operations":[{"op":"add","path":"members","value":["a"]}]})", 404, ""},
      {"GET", "/Users?count=many", "", 400, "invalidValue"},
      {"GET", "/Me", "", 501, ""},
      {"POST", "/Bulk", "{}", 501, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method + " " + c.target + " " + c.body.substr(0, 80));
    const auto answer = world.call("entra", c.method, c.target, c.body);
    EXPECT_EQ(answer.status, c.status) << answer.body;
    EXPECT_EQ(text_at(answer, "scimType"), c.scim_type) << answer.body;
    EXPECT_EQ(text_at(answer, "status"), std::to_string(c.status));
    EXPECT_FALSE(text_at(answer, "detail").empty());
  }
  const auto where = world.call("entra", "POST", "/Users", "{\n  \"userName\": oops}");
  EXPECT_NE(text_at(where, "detail").find("line 2, column 15"), std::string::npos) << where.body;
  EXPECT_EQ(world.call("entra", "POST", "/Users", "{}", {{"Content-Type", "text/plain"}}).status,
            415);
  EXPECT_EQ(total("entra", "/Users"), 0);
  EXPECT_EQ(total("entra", "/Groups"), 0);
  EXPECT_EQ(world
                .call("entra", "POST", "/Users", R"({"userName":"j"})",
                      {{"Content-Type", "Application/JSON; charset=utf-8"}})
                .status,
            201);
}

// activepieces#14753, CVE-2025-41115: what another source has is not there.
TEST_F(EndpointTest, ASourceSeesOnlyItsOwn) {
  const auto id = create_user("entra", "gina", R"(,"externalId":"1")");
  const auto group = create_group("entra", "admins", R"(,"members":[{"value":")" + id + "\"}]");
  const auto before = world.call("entra", "GET", "/Users/" + id).body;
  const auto members = world.call("entra", "GET", "/Groups/" + group).body;

  for (const auto* type : {"/Users/", "/Groups/"}) {
    const auto foreign = std::string(type) + (std::string_view(type) == "/Users/" ? id : group);
    const auto unknown = std::string(type) + "01999999-0000-7000-8000-000000000000";
    const std::pair<const char*, const char*> verbs[] = {
        {"GET", ""},
        {"PUT", R"({"userName":"x","displayName":"x"})"},
        {"PATCH", R"({"Operations":[{"op":"replace","path":"displayName","value":"x"}]})"},
        {"DELETE", ""}};
    for (const auto& [verb, body] : verbs) {
      SCOPED_TRACE(std::string(verb) + " " + foreign);
      const auto answer = world.call("okta", verb, foreign, body);
      const auto of_unknown = world.call("okta", verb, unknown, body);
      EXPECT_EQ(answer.status, 404);
      EXPECT_EQ(answer.body, of_unknown.body);
      EXPECT_EQ(world.call("okta", verb, foreign, body, {{"If-Match", "*"}}).status, 404);
    }
  }
  EXPECT_EQ(world
                .call("okta", "PATCH", "/Groups/" + group,
                      R"({"Operations":[{"op":"add","path":"members","value":["x"]}]})")
                .status,
            404);
  EXPECT_EQ(total("okta", "/Users"), 0);
  EXPECT_EQ(total("okta", "/Users?filter=id+eq+%22" + id + "%22"), 0);
  EXPECT_EQ(total("okta", "/Users?filter=externalId+eq+%221%22"), 0);
  EXPECT_EQ(world.call("entra", "GET", "/Users/1").status, 404);
  // Equal names and external ids live side by side.
  create_user("okta", "gina", R"(,"externalId":"1")");
  create_user("okta", "henk", R"(,"externalId":")" + id + "\"");
  EXPECT_EQ(world.call("entra", "GET", "/Users/" + id).body, before);
  EXPECT_EQ(world.call("entra", "GET", "/Groups/" + group).body, members);
}

TEST_F(EndpointTest, AGroupKeepsItsMembersWhenItIsRenamed) {
  const auto ann = create_user("entra", "ann");
  const auto group =
      create_group("entra", "old",
                   R"(,"members":[{"value":")" + ann + R"(","display":"Ann"},{"value":"later"}])");
  const auto members_of = [&] {
    const auto body = ScimWorld::json(world.call("entra", "GET", "/Groups/" + group));
    const Value* members = body.find("members");
    return members == nullptr ? 0u : members->as_list().size();
  };
  EXPECT_EQ(members_of(), 2u);
  EXPECT_EQ(world
                .call("entra", "PATCH", "/Groups/" + group,
                      R"({"Operations":[{"op":"replace","value":{"id":"x","displayName":"new"}}]})")
                .status,
            204);
  EXPECT_EQ(members_of(), 2u);
  EXPECT_EQ(world.call("entra", "PUT", "/Groups/" + group, R"({"displayName":"newer"})").status,
            200);
  EXPECT_EQ(members_of(), 2u);
  EXPECT_EQ(text_at(world.call("entra", "GET", "/Groups/" + group), "displayName"), "newer");
  EXPECT_EQ(world
                .call("entra", "PATCH", "/Groups/" + group + "?attributes=displayName",
                      R"({"Operations":[{"op":"add","path":"members","value":[{"value":"x"}]}]})")
                .status,
            200);
  EXPECT_EQ(members_of(), 3u);
  EXPECT_EQ(text_at(world.call("entra", "GET", "/Groups/" + group), "displayName"), "newer");

  // What is there already and what is not there any more change nothing.
  const auto version = ScimWorld::header(world.call("entra", "GET", "/Groups/" + group), "ETag");
  for (const auto* repeated :
       {R"({"Operations":[{"op":"add","path":"members","value":[{"value":"x"}]}]})",
        R"({"Operations":[{"op":"remove","path":"members","value":[{"value":"nobody"}]}]})"}) {
    EXPECT_EQ(world.call("entra", "PATCH", "/Groups/" + group, repeated).status, 204);
  }
  EXPECT_EQ(ScimWorld::header(world.call("entra", "GET", "/Groups/" + group), "ETag"), version);

  const auto groups =
      ScimWorld::json(world.call("entra", "GET", "/Users/" + ann + "?attributes=groups"));
  ASSERT_NE(groups.find("groups"), nullptr);
  EXPECT_EQ(groups.find("groups")->as_list()[0].find("display")->as_text(), "newer");

  EXPECT_EQ(
      world.call("entra", "PUT", "/Groups/" + group, R"({"displayName":"newer","members":[]})")
          .status,
      200);
  EXPECT_EQ(members_of(), 0u);
}

TEST_F(EndpointTest, WhoMustBeDecidedAboutIsAccepted) {
  create_user("entra", "ivy", R"(,"emails":[{"value":"ivy@x.example","type":"work"}])");
  const auto second =
      create_user("okta", "ivy", R"(,"emails":[{"value":"ivy@x.example","type":"work"}])");
  const auto body = ScimWorld::json(world.call("okta", "GET", "/Users/" + second));
  EXPECT_EQ(body.find(muster_urn)->find("state")->as_text(), "review");
  EXPECT_EQ(body.find(muster_urn)->find("identityId"), nullptr);
}

}  // namespace
}  // namespace muster::scim
