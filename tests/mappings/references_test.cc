// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

constexpr const char* company = R"(
version: mapping/v1
schema:
  profile: generic
  attributes:
    manager: ref
    managerName: text
    chief: text
    teams: 'list<ref>'
    title: text
sources:
  hr:
    kind: scim
    records: scim.user
    key: externalId
    map:
      firstName: 'name.givenName'
      lastName: 'name.familyName'
      title: 'title'
      email: 'emails.value | first | email'
      manager: 'ref(enterprise.manager.value)'
      managerName: 'deref(out.manager, "firstName")'
      enabled: 'active ?? true'
  dir:
    kind: ldap
    records: { text: [uid, sn, manager], dn: [boss] }
    key: entryUUID
    map:
      lastName: 'sn'
      firstName: 'uid'
      manager: 'ref(boss) ?? ref(manager)'
correlate: { tiers: [ { id: name, match: [firstName], one: link } ] }
merge: { default: { authority: [hr, dir] } }
username: { patterns: ['{firstName}'] }
classify:
  rules: [ { id: led, class: internal, when: 'deref(manager, "title") == "boss"' } ]
  otherwise: { id: rest, class: external }
groups:
  managed: ["/team/"]
  rules: [ { id: team, to: '"/team/{deref(manager, "lastName") | slug}"' } ]
)";

std::string with(std::string yaml, const std::string& from, const std::string& to) {
  auto at = yaml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return yaml.replace(at, from.size(), to);
}

std::string base() { return company; }

std::vector<Diagnostic> check(const std::string& yaml) {
  return Engine::load_text(yaml, "m.yaml").diagnostics;
}

void passes(const std::string& tests) {
  auto diagnostics = check(base() + "tests:\n" + tests);
  EXPECT_FALSE(has_errors(diagnostics)) << printed(diagnostics);
}

void refuses(const std::string& yaml, const std::string& code, const std::string& part) {
  auto diagnostics = check(yaml);
  bool found = std::any_of(diagnostics.begin(), diagnostics.end(), [&](const auto& one) {
    return one.code == code && one.message.find(part) != std::string::npos && one.line > 1;
  });
  EXPECT_TRUE(found) << printed(diagnostics);
}

TEST(References, TheManagerIsShownByUserNameWhoeverComesFirst) {
  passes(R"(
- name: the report stands before the manager
  given:
    hr:
    - { externalId: a, name: { givenName: anna, familyName: Low }, enterprise: { manager: { value: z } } }
    - { externalId: z, name: { givenName: zoe, familyName: High }, title: boss }
  expect:
  - { userName: anna, manager: zoe, managerName: zoe, external: false, groups: ["/team/high"] }
  - { userName: zoe, manager: null, managerName: null, external: true, groups: [] }
- name: and behind
  given:
    hr:
    - { externalId: a, name: { givenName: anna, familyName: High }, title: boss }
    - { externalId: z, name: { givenName: zoe, familyName: Low }, enterprise: { manager: { value: a } } }
  expect:
  - { userName: anna }
  - { userName: zoe, manager: anna, managerName: anna, external: false, groups: ["/team/high"] }
)");
}

TEST(References, AReferenceToNobodyIsAFindingAndNoError) {
  passes(R"(
- name: nobody
  given: { hr: { externalId: a, name: { givenName: anna }, enterprise: { manager: { value: nobody } } } }
  expect: { userName: anna, state: active, manager: null, managerName: null, findings: [W-REF] }
)");
}

TEST(References, TwoWhoManageEachOtherAndOneWhoManagesHerselfComeToRest) {
  passes(R"(
- name: a circle
  given:
    hr:
    - { externalId: a, name: { givenName: anna }, enterprise: { manager: { value: b } } }
    - { externalId: b, name: { givenName: bert }, enterprise: { manager: { value: a } } }
  expect: [ { manager: bert, managerName: bert }, { manager: anna, managerName: anna } ]
- name: her own manager
  given: { hr: { externalId: a, name: { givenName: anna }, enterprise: { manager: { value: a } } } }
  expect: { manager: anna, managerName: anna }
)");
}

TEST(References, DirectoriesReferByDistinguishedNameHoweverItIsSpelt) {
  passes(R"(
- name: a DN
  given:
    dir:
    - { entryUUID: "1", dn: "uid=anna,ou=Staff,dc=acme", uid: anna, sn: Low, boss: "UID=Zoe , OU=staff,DC=acme" }
    - { entryUUID: "2", dn: "uid=zoe,ou=staff,dc=acme", uid: zoe, sn: High }
    - { entryUUID: "3", dn: "uid=carl,ou=staff,dc=acme", uid: carl, sn: Low, manager: "uid=zoe,ou=staff,dc=ACME" }
  expect: [ { manager: zoe }, { manager: null }, { manager: zoe } ]
)");
}

TEST(References, AWeakerSourceSpeaksWhileTheStrongerOnesWordLeadsNowhere) {
  passes(R"(
- name: two sources
  given:
    hr: { externalId: a, name: { givenName: anna }, enterprise: { manager: { value: gone } } }
    dir:
    - { entryUUID: "1", dn: "uid=anna,dc=acme", uid: anna, boss: "uid=zoe,dc=acme" }
    - { entryUUID: "2", dn: "uid=zoe,dc=acme", uid: zoe }
  expect: [ { userName: anna, manager: zoe, findings: [W-REF] }, { userName: zoe } ]
)");
}

TEST(References, SomebodyHeldIsReferredToByTheKeyOfItsOwner) {
  passes(R"(
- name: held
  held: [ { userName: zoe, firstName: zoe, lastName: High, owner: hr, key: z } ]
  given: { hr: { externalId: a, name: { givenName: anna }, enterprise: { manager: { value: z } } } }
  expect: { userName: anna, manager: zoe, managerName: zoe, groups: ["/team/high"] }
)");
}

TEST(References, WhoeverIsRefusedForAMailAddressStaysRefusedWhenReferencesAreSettled) {
  passes(R"(
- name: the address of somebody else
  held:
  - { userName: anna, firstName: anna, email: x@acme.example, owner: hr, key: a }
  - { userName: bert, firstName: bert, email: y@acme.example, owner: hr, key: b }
  given:
    hr: { externalId: b, name: { givenName: bert }, emails: [ { type: work, value: x@acme.example } ],
          enterprise: { manager: { value: a } } }
  expect: { state: quarantined }
)");
}

TEST(References, WhatFollowsFromOthersIsNothingThatOthersFollowFrom) {
  refuses(
      with(base(), R"(deref(out.manager, "firstName"))", R"(deref(out.manager, "managerName"))"),
      "E-CYCLE", "managerName");
  refuses(with(with(base(), R"(deref(out.manager, "firstName"))", R"(deref(out.manager, "chief"))"),
               "title: 'title'", "title: 'title'\n      chief: 'out.managerName'"),
          "E-CYCLE", "chief");
  refuses(with(base(), R"("title") == "boss")", R"("external") ?? false)"), "E-CYCLE", "external");
  refuses(with(base(), "['{firstName}']", "['{managerName}']"), "E-CYCLE", "user name");
  refuses(with(base(), "match: [firstName]", "match: [managerName]"), "E-CYCLE", "managerName");
}

TEST(References, DerefIsCheckedWhenTheFileIsLoaded) {
  refuses(with(base(), R"("title") == "boss")", R"("titel") == "boss")"), "E-NAME",
          "did you mean 'title'");
  refuses(with(base(), R"(deref(manager, "title"))", R"(deref(title, "title"))"), "E-TYPE",
          "ref(x)");
  refuses(with(base(), R"(deref(manager, "title"))", R"(deref(manager))"), "E-TYPE", "deref takes");
  refuses(with(base(), "['{firstName}']", R"(['{deref(manager, "lastName")}'])"), "E-NAME",
          "cannot stand here");
}

TEST(References, AContributionIsTheSameWhateverOthersAre) {
  auto engine = engine_of(base());
  auto mapped = map_of(*engine, "hr", R"({"externalId":"a","name":{"givenName":"anna"},
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"z"}}})");
  EXPECT_EQ(shown(mapped.contribution.find("manager")->value), "\"z\"");
  EXPECT_EQ(mapped.contribution.find("managerName"), nullptr);
  EXPECT_EQ(engine->references(mapped.contribution), (std::vector<Reference>{{"hr", "z"}}));
  EXPECT_TRUE(engine->reads_records());
  EXPECT_EQ(engine->dereferenced(), (std::vector<std::string>{"firstName", "lastName", "title"}));
}

}  // namespace
}  // namespace muster::mappings
