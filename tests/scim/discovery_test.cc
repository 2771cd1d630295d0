// SPDX-License-Identifier: Apache-2.0
#include "scim/discovery.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/json.h"
#include "scim/schema.h"

namespace muster::scim {
namespace {

const Discovery& discovery() {
  static const Discovery made("https://muster.example/scim/v2", 500);
  return made;
}

Value body_of(const http::Response& response) {
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/scim+json");
  auto value = parse_json(response.body);
  EXPECT_TRUE(value);
  return value.value_or(Value());
}

Value schema(std::string_view id) {
  http::Request request;
  request.captures = {std::string(id)};
  return body_of(discovery().schema(request));
}

const Value& named(const Value& list, std::string_view name) {
  for (const auto& attribute : list.as_list()) {
    if (attribute.find("name")->as_text() == name) return attribute;
  }
  ADD_FAILURE() << "no attribute " << name;
  return list;
}

void for_each_attribute(const Value& list, const std::function<void(const Value&)>& visit) {
  for (const auto& attribute : list.as_list()) {
    visit(attribute);
    if (const Value* subs = attribute.find("subAttributes")) for_each_attribute(*subs, visit);
  }
}

TEST(Discovery, AnnouncesWhatIsThere) {
  const auto config = body_of(discovery().service_provider_config({}));
  const auto says = [&](const char* feature) {
    return config.find(feature)->find("supported")->as_bool();
  };
  EXPECT_TRUE(says("patch"));
  EXPECT_TRUE(says("filter"));
  EXPECT_TRUE(says("etag"));
  EXPECT_FALSE(says("bulk"));
  EXPECT_FALSE(says("sort"));
  EXPECT_FALSE(says("changePassword"));
  EXPECT_EQ(config.find("filter")->find("maxResults")->as_int(), 500);
  EXPECT_EQ(config.find("meta")->find("location")->as_text(),
            "https://muster.example/scim/v2/ServiceProviderConfig");
}

TEST(Discovery, ListsTypesAndSchemas) {
  const auto types = body_of(discovery().resource_types({}));
  EXPECT_EQ(types.find("totalResults")->as_int(), 2);
  const Value& user = types.find("Resources")->as_list()[0];
  EXPECT_EQ(user.find("endpoint")->as_text(), "/Users");
  EXPECT_EQ(user.find("schemaExtensions")->as_list().size(), 2u);
  EXPECT_EQ(body_of(discovery().schemas({})).find("totalResults")->as_int(), 4);

  http::Request request;
  request.captures = {"group"};
  EXPECT_EQ(body_of(discovery().resource_type(request)).find("id")->as_text(), "Group");
  request.captures = {"Device"};
  EXPECT_EQ(discovery().resource_type(request).status, 404);
  EXPECT_EQ(discovery().schema(request).status, 404);
}

// RFC 7644, section 4.
TEST(Discovery, CannotBeFiltered) {
  http::Request request;
  request.captures = {"User"};
  request.head.query = {{"filter", "id pr"}};
  EXPECT_EQ(discovery().service_provider_config(request).status, 403);
  EXPECT_EQ(discovery().resource_types(request).status, 403);
  EXPECT_EQ(discovery().resource_type(request).status, 403);
  EXPECT_EQ(discovery().schemas(request).status, 403);
  EXPECT_EQ(discovery().schema(request).status, 403);
}

TEST(Discovery, SchemasFollowTheErrata) {
  for (const auto id : {user_urn, group_urn, enterprise_urn, muster_urn}) {
    SCOPED_TRACE(id);
    const auto made = schema(id);
    // 8417: schemas and meta.
    EXPECT_EQ(made.find("schemas")->as_list()[0].as_text(),
              "urn:ietf:params:scim:schemas:core:2.0:Schema");
    EXPECT_EQ(made.find("meta")->find("resourceType")->as_text(), "Schema");
    for_each_attribute(*made.find("attributes"), [](const Value& attribute) {
      SCOPED_TRACE(attribute.find("name")->as_text());
      const auto& type = attribute.find("type")->as_text();
      // 6004, 8415.
      EXPECT_EQ(attribute.find("uniqueness") == nullptr, type == "complex");
      EXPECT_EQ(attribute.find("subAttributes") != nullptr, type == "complex");
      EXPECT_EQ(attribute.find("referenceTypes") != nullptr, type == "reference");
      for (const auto* needed :
           {"multiValued", "required", "mutability", "returned", "description"}) {
        EXPECT_NE(attribute.find(needed), nullptr) << needed;
      }
    });
  }
  // 5368, and what client libraries need of members.
  const auto group = schema(group_urn);
  EXPECT_TRUE(named(*group.find("attributes"), "displayName").find("required")->as_bool());
  const Value& members = *named(*group.find("attributes"), "members").find("subAttributes");
  EXPECT_EQ(write_json(*named(members, "type").find("canonicalValues")), R"(["User","Group"])");
  EXPECT_NO_FATAL_FAILURE(named(members, "display"));
  // 8471, 8472.
  const auto user = schema("URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER");
  const Value& groups = *named(*user.find("attributes"), "groups").find("subAttributes");
  EXPECT_EQ(write_json(*named(groups, "$ref").find("referenceTypes")), R"(["Group"])");
  const auto enterprise = schema(enterprise_urn);
  const Value& manager = *named(*enterprise.find("attributes"), "manager").find("subAttributes");
  EXPECT_TRUE(named(manager, "value").find("caseExact")->as_bool());
}

TEST(Discovery, OneTableDrivesEverything) {
  // What Muster knows is nobody's to write.
  for (const auto& attribute : muster_schema().attributes) {
    EXPECT_EQ(attribute.mutability, Mutability::read_only) << attribute.name;
  }
  const auto user = schema(user_urn);
  const Value& name = named(*user.find("attributes"), "userName");
  EXPECT_EQ(name.find("uniqueness")->as_text(), "server");
  EXPECT_TRUE(name.find("required")->as_bool());
  EXPECT_EQ(named(*user.find("attributes"), "password").find("returned")->as_text(), "never");
}

}  // namespace
}  // namespace muster::scim
