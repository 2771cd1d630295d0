// SPDX-License-Identifier: Apache-2.0
// A SCIM client tells groups that are members of groups.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"

namespace muster::scenarios {
namespace {

using http::Method;

constexpr std::string_view group_rules = R"(groups:
  managed: ["/organization/"]
  rules:
    - { id: all, for: 'from.idp.groups.display', to: '"/organization/{item | slug}"', create: true, flatten: true }
    - { id: ops, for: 'from.idp.groups.value | filter(g => g == "g-ops")', to: '"/organization/operators"' }
)";

class NestedGroups : public ::testing::Test {
 protected:
  void SetUp() override {
    installation_.write("mapping.yaml", std::string(small_mapping) + std::string(group_rules));
    token_ = installation_.make_token();
    installation_.serve();
  }

  // The id of what was made.
  std::string post(const std::string& target, const std::string& body) {
    const auto answer = installation_.scim(Method::post, target, token_, body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    const auto document = parse_json(answer.body);
    const auto* id = document ? document->find("id") : nullptr;
    return id != nullptr ? id->as_text() : std::string();
  }

  std::string group(const std::string& name, const std::string& external_id,
                    const std::string& member) {
    return post("/Groups",
                R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":")" +
                    name + R"(","externalId":")" + external_id + R"(","members":[{"value":")" +
                    member + R"("}]})");
  }

  std::vector<std::string> paths() {
    const auto person = installation_.json({"users", "show", "mara.adler"});
    std::vector<std::string> found;
    for (const auto& one : person.find("groups")->as_list())
      found.push_back(one.find("path")->as_text() + (one.find("create") ? " create" : ""));
    return found;
  }

  Installation installation_;
  std::string token_;
};

TEST_F(NestedGroups, FollowThePersonFromGroupToGroup) {
  const auto mara = post(
      "/Users",
      R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"externalId":"e-1","userName":"mara",)"
      R"("name":{"givenName":"Mara","familyName":"Adler"},"emails":[{"value":"mara@corp.example"}]})");
  const auto team = group("Red Team", "g-ops", mara);
  const auto sales = group("Sales", "g-sales", team);
  EXPECT_EQ(paths(),
            (std::vector<std::string>{"/organization/operators", "/organization/red-team create",
                                      "/organization/sales create"}));
  const auto answer = installation_.scim(
      Method::patch, "/Groups/" + sales, token_,
      R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove",)"
      R"("path":"members[value eq \")" +
          team + R"(\"]"}]})");
  EXPECT_TRUE(answer.status == 200 || answer.status == 204) << answer.body;
  EXPECT_EQ(paths(),
            (std::vector<std::string>{"/organization/operators", "/organization/red-team create"}));
}

}  // namespace
}  // namespace muster::scenarios
