// SPDX-License-Identifier: Apache-2.0
// Groups that are members of groups, told by a SCIM client or read from a directory.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"
#include "tests/support/slapd.h"

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

MUSTER_ON_EVERY_ENGINE(NestedGroups);

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

constexpr std::string_view directory_rules = R"(groups:
  managed: ["/organization/"]
  rules:
    - { id: own, for: 'from.directory.groups.display', to: '"/organization/own-{item | slug}"' }
    - { id: all, for: 'from.directory.groups.display', to: '"/organization/all-{item | slug}"', flatten: true }
    - { id: dn, for: 'from.directory.memberOf | filter(g => under(g, "ou=groups,dc=example,dc=org")) | map(g => rdn(g))', to: '"/organization/dn-{item | slug}"' }
)";

std::string entry_of(const std::string& name, const std::string& more) {
  return "dn: uid=" + name + ",ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\n" + more +
         "uid: " + name + "\ncn: " + name + "\nsn: Adler\ngivenName: " + name + "\nmail: " + name +
         "@corp.example\n\n";
}

std::string group_of(const std::string& name, const std::vector<std::string>& members) {
  std::string text = "dn: cn=" + name +
                     ",ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: " + name + "\n";
  for (const auto& member : members) text += "member: " + member + ",dc=example,dc=org\n";
  return text + "\n";
}

// Staff holds the teams, the teams hold people, and Ring and Loop hold each other.
TEST(NestedDirectoryGroups, AreFollowedInCirclesTooAndWhenTheyChange) {
  support::Slapd::Options options;
  options.ldif = entry_of("mara", "") + entry_of("noor", "") +
                 group_of("Red", {"uid=mara,ou=people"}) +
                 group_of("Staff", {"CN=red, ou=Groups", "uid=noor,ou=people"}) +
                 group_of("Ring", {"cn=Red,ou=groups", "cn=Loop,ou=groups"}) +
                 group_of("Loop", {"cn=Ring,ou=groups"});
  options.member_of = true;
  support::Slapd slapd(options);
  Installation installation;
  auto mapping = std::string(small_mapping) + std::string(directory_rules);
  const std::string attributes = "sn, departmentNumber] }";
  mapping.replace(mapping.find(attributes), attributes.size(),
                  "sn, departmentNumber], dns: [memberOf] }");
  installation.write("mapping.yaml", mapping);
  installation.configure(slapd.uri(), "    groups: { bases: [\"ou=groups,dc=example,dc=org\"] }\n");
  const auto sync = [&] {
    const auto ended = installation.muster({"sources", "sync", "directory"});
    ASSERT_EQ(ended.code, 0) << ended.said;
  };
  const auto paths = [&](const std::string& name) {
    const auto person = installation.json({"users", "show", name + ".adler"});
    std::string found;
    for (const auto& one : person.find("groups")->as_list())
      found += one.find("path")->as_text().substr(14) + " ";
    return found;
  };
  sync();
  EXPECT_EQ(paths("mara"), "all-loop all-red all-ring all-staff own-red ");
  EXPECT_EQ(paths("noor"), "all-staff own-staff ");
  // The circle opens: Red leaves Ring, and a new group takes Staff in.
  slapd.modify(
      "dn: cn=Ring,ou=groups,dc=example,dc=org\nchangetype: modify\ndelete: member\n"
      "member: cn=Red,ou=groups,dc=example,dc=org\n");
  slapd.modify(
      "dn: cn=House,ou=groups,dc=example,dc=org\nchangetype: add\n"
      "objectClass: groupOfNames\ncn: House\n"
      "member: cn=Staff,ou=groups,dc=example,dc=org\n");
  sync();
  EXPECT_EQ(paths("mara"), "all-house all-red all-staff own-red ");
  EXPECT_EQ(paths("noor"), "all-house all-staff own-staff ");
  // memberOf, as the server writes it, is a list of DNs like any other.
  slapd.modify(
      "dn: cn=Web,ou=groups,dc=example,dc=org\nchangetype: add\nobjectClass: groupOfNames\n"
      "cn: Web\nmember: uid=noor,ou=people,dc=example,dc=org\n");
  sync();
  EXPECT_EQ(paths("noor"), "all-house all-staff all-web dn-web own-staff own-web ");
  slapd.modify("dn: cn=Web,ou=groups,dc=example,dc=org\nchangetype: delete\n");
  // A group that goes takes with it what was above it.
  slapd.modify("dn: cn=Staff,ou=groups,dc=example,dc=org\nchangetype: delete\n");
  sync();
  EXPECT_EQ(paths("mara"), "all-red own-red ");
  EXPECT_EQ(paths("noor"), "");
}

}  // namespace
}  // namespace muster::scenarios
