// SPDX-License-Identifier: Apache-2.0
#include "scim/canonical.h"

#include <gtest/gtest.h>

#include <string>

#include "core/json.h"
#include "scim/resource.h"

namespace muster::scim {
namespace {

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << describe(value.error());
  return value.value_or(Value());
}

struct Story {
  const char* story;
  const char* told;
  const char* kept;  // without "schemas" when only the core schema is used
};

TEST(Canonical, UsersAreKeptInOneForm) {
  const Story cases[] = {
      {"minimal", R"({"userName":"a"})", R"({"userName":"a"})"},
      {"names in any case",
       R"({"USERNAME":"a","Name":{"GIVENNAME":"A"},"EMAILS":[{"VALUE":"a@b","Type":"work"}]})",
       R"({"userName":"a","name":{"givenName":"A"},"emails":[{"value":"a@b","type":"work"}]})"},
      {"what clients cannot write is dropped",
       R"({"id":"mine","meta":{"resourceType":"User"},"groups":[{"value":"g"}],"password":"secret","userName":"a"})",
       R"({"userName":"a"})"},
      {"null, [] and empty objects are nothing",
       R"({"userName":"a","title":null,"emails":[],"name":{},"addresses":[{}],"nickName":""})",
       R"({"userName":"a"})"},
      {"booleans as text", R"({"userName":"a","active":"False"})",
       R"({"userName":"a","active":false})"},
      {"two primaries: the first one stays",
       R"({"userName":"a","emails":[{"value":"1","primary":true},{"value":"2","primary":"True"}]})",
       R"({"userName":"a","emails":[{"value":"1","primary":true},{"value":"2","primary":false}]})"},
      {"a value told twice is one", R"({"userName":"a","emails":[{"value":"1"},{"value":"1"}]})",
       R"({"userName":"a","emails":[{"value":"1"}]})"},
      {"mails as texts or as one object",
       R"({"userName":"a","emails":["1"],"phoneNumbers":{"value":"2"}})",
       R"({"userName":"a","emails":[{"value":"1"}],"phoneNumbers":[{"value":"2"}]})"},
      {"unknown attributes and extensions are dropped",
       R"({"userName":"a","shoeSize":42,"urn:example:2.0:User":{"x":1},"name":{"nick":"b","familyName":"c"}})",
       R"({"userName":"a","name":{"familyName":"c"}})"},
      {"Muster's own extension is not the client's to write",
       R"({"userName":"a","urn:ietf:params:scim:schemas:extension:muster:2.0:User":{"state":"active"}})",
       R"({"userName":"a"})"},
      {"roles keep their JSON text", R"({"userName":"a","roles":[{"value":"{\"id\":1}"}]})",
       R"({"userName":"a","roles":[{"value":"{\"id\":1}"}]})"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto made = canonical_document(json(c.told), ResourceType::user, {});
    ASSERT_TRUE(made) << describe(made.error());
    made->erase("schemas");
    EXPECT_EQ(write_json(*made), c.kept);
  }
}

TEST(Canonical, ExtensionsNameTheirSchemaWhetherToldOrNot) {
  const auto made = canonical_document(
      json(
          R"({"userName":"a","URN:ietf:params:scim:schemas:extension:enterprise:2.0:USER":{"Department":"d","manager":"m"}})"),
      ResourceType::user, {});
  ASSERT_TRUE(made);
  EXPECT_EQ(write_json(*made),
            R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User",)"
            R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"userName":"a",)"
            R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":)"
            R"({"department":"d","manager":{"value":"m"}}})");
  const auto without = canonical_document(
      json(
          R"({"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":null,"manager":null}})"),
      ResourceType::user, {});
  ASSERT_TRUE(without);
  EXPECT_EQ(without->find("schemas")->as_list().size(), 1u);
}

struct Refusal {
  const char* told;
  const char* where;
};

TEST(Canonical, RefusesAndNamesTheAttribute) {
  const Refusal cases[] = {
      {R"({})", "userName"},
      {R"({"userName":"  "})", "userName"},
      {R"({"userName":5})", "userName"},
      {R"({"userName":["a","b"]})", "userName"},
      {R"({"userName":"a\u0000b"})", "userName"},
      {R"({"userName":"a","USERNAME":"b"})", "userName"},
      {R"({"userName":"a","active":"maybe"})", "active"},
      {R"({"userName":"a","active":1})", "active"},
      {R"({"userName":"a","name":"Jensen"})", "name"},
      {R"({"userName":"a","name":{"givenName":{}, "familyName":{"x":1}}})", "name.familyName"},
      {R"({"userName":"a","emails":[{"value":true}]})", "emails.value"},
      {R"({"userName":"a","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":7}})",
       "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"},
      {R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"userName":"a"})", "schemas"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.told);
    const auto made = canonical_document(json(c.told), ResourceType::user, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, "invalidValue");
    EXPECT_EQ(made.error().where, c.where);
  }
  EXPECT_EQ(canonical_document(json("[]"), ResourceType::user, {}).error().code, "invalidSyntax");
}

TEST(Canonical, ListsAreBounded) {
  std::string told = R"({"userName":"a","emails":[)";
  for (std::size_t i = 0; i <= max_elements; ++i)
    told += "{\"value\":\"" + std::to_string(i) + "\"},";
  told.back() = ']';
  const auto made = canonical_document(json(told + '}'), ResourceType::user, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().where, "emails");
}

TEST(Canonical, TheStrictReadingTakesNothingElse) {
  ClientQuirks strict;
  strict.accept_missing_schemas = strict.text_booleans = strict.first_primary_stays =
      strict.unwrap_values = false;
  const std::string core = R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],)";
  const auto accepted = [&](const std::string& told) {
    return canonical_document(json(told), ResourceType::user, strict).has_value();
  };
  EXPECT_TRUE(accepted(core + R"("userName":"a","active":true,"emails":[{"value":"1"}]})"));
  EXPECT_FALSE(accepted(R"({"userName":"a"})"));
  EXPECT_FALSE(accepted(core + R"("userName":"a","active":"True"})"));
  EXPECT_FALSE(accepted(core + R"("userName":"a","emails":["1"]})"));
  EXPECT_FALSE(accepted(
      core +
      R"("userName":"a","emails":[{"value":"1","primary":true},{"value":"2","primary":true}]})"));
}

TEST(Resource, MembersStandBesideTheDocument) {
  const auto made = read_resource(
      json(
          R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
              "displayName":"Sales","Members":[{"value":"u1","display":"U"},{"$ref":null,"value":"u1"},
              {"value":"g1","type":"group"},{"value":"g2","$ref":"https://x/Groups/g2"}]})"),
      ResourceType::group, {});
  ASSERT_TRUE(made) << describe(made.error());
  EXPECT_EQ(made->document.find("members"), nullptr);
  ASSERT_TRUE(made->members);
  const std::vector<Member> expected = {{"u1", ResourceType::user, "U"},
                                        {"g1", ResourceType::group, ""},
                                        {"g2", ResourceType::group, ""}};
  EXPECT_EQ(*made->members, expected);

  EXPECT_FALSE(read_resource(json(R"({"displayName":"x"})"), ResourceType::group, {})->members);
  EXPECT_EQ(read_resource(json(R"({"displayName":"x","members":null})"), ResourceType::group, {})
                ->members->size(),
            0u);
  EXPECT_EQ(read_resource(json(R"({"displayName":"x","members":[{"display":"y"}]})"),
                          ResourceType::group, {})
                .error()
                .where,
            "members.value");
}

TEST(Resource, SearchKeysAreInComparisonForm) {
  const auto made = read_resource(
      json(R"({"userName":"J\u00FCrgen@X.example","externalId":"Ab","displayName":"J\u00DC",
               "active":"true","emails":[{"value":"A@B"},{"type":"home"}]})"),
      ResourceType::user, {});
  ASSERT_TRUE(made);
  const auto record = make_record("entra", ResourceType::user, "id1", made->document);
  EXPECT_EQ(record.key, (SourceKey{"entra", ResourceType::user, "id1"}));
  EXPECT_EQ(record.search.user_name, "jürgen@x.example");
  EXPECT_EQ(record.search.external_id, "Ab");
  EXPECT_EQ(record.search.display_name, "jü");
  EXPECT_EQ(record.search.emails, std::vector<std::string>{"a@b"});
  EXPECT_EQ(record.search.active, true);
}

}  // namespace
}  // namespace muster::scim
