// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

constexpr const char* file = R"(
version: mapping/v1
schema:
  profile: meeds
  limits: { lastName: { min: 2 } }
  attributes: { kind: text, department: text, ends: date, badge: { type: text, unique: true } }
sets: { own: { domains: [acme.example], subdomains: true } }
sources:
  hr:
    kind: csv
    records: { text: [id, first, last, mail, kind, department, badge, secret], date: { ends: "yyyy-MM-dd" } }
    key: id
    map: { firstName: first, lastName: last, email: 'mail | email', kind: kind, department: department, ends: ends, badge: badge }
  ad:
    kind: ldap
    records: { text: [mail], dns: [memberOf] }
    key: objectGUID
    map: { email: 'mail | email' }
username: { patterns: ['{firstName}.{lastName}'] }
classify:
  sets: external
  rules:
    - { id: guest, class: external, when: 'kind == "guest"' }
    - { id: staff, class: internal, when: 'domain_in(email, own) and "ad" in sources' }
    - { id: own,   class: internal, when: 'domain_in(email, own)' }
  otherwise: { id: rest, class: external }
groups:
  managed: ["/organization/"]
  rules:
    - { id: dept, for: department, to: '"/organization/dept-{item | slug}"' }
    - { id: insider, when: 'not external', to: '"/organization/inside"', role: manager }
    - { id: app, for: 'from.ad.memberOf | map(g => rdn(g))', to: '"/organization/{item | slug}"' }
    - { id: told, for: 'from.hr.groups.display', to: '"/organization/{item}"' }
    - { id: away, when: 'kind == "away"', to: '"{kind | replace("away", "/platform/away")}"' }
lifecycle: { expired: { when: 'ends < run_date' } }
validate:
  - { id: no-kind, severity: info, check: 'present(kind)' }
  - { id: banned, severity: error, check: 'lastName != "Nobody"', message: "this name is a placeholder" }
)";

constexpr const char* ann =
    R"({"id": "1", "first": "Ann", "last": "Lee", "mail": "ann@acme.example", "kind": "staff")";

std::string with(const std::string& more) {
  return std::string(ann) + (more.empty() ? "" : ", ") + more + "}";
}

class Settle : public ::testing::Test {
 protected:
  Settled settle(std::vector<Told> told, const Identity* before = nullptr) {
    auto settled = engine_->settle(told, before, world_, at(noon));
    EXPECT_TRUE(settled.has_value());
    return settled ? *std::move(settled) : Settled{};
  }
  Settled hr(const std::string& more, const Identity* before = nullptr) {
    return settle({told_of(*engine_, "hr", "1", with(more))}, before);
  }
  static std::vector<std::string> groups_of(const Settled& settled) {
    std::vector<std::string> out;
    for (const auto& group : settled.identity.groups)
      out.push_back(group.path + " " + group.role + " " + group.rule);
    return out;
  }
  static std::vector<std::string> codes_of(const Settled& settled) {
    std::vector<std::string> out;
    for (const auto& finding : settled.identity.findings) out.push_back(finding.code);
    return out;
  }

  std::shared_ptr<const Engine> engine_ = engine_of(file);
  KnownPeople world_;
};

TEST_F(Settle, APersonWithEverything) {
  auto settled = hr("");
  EXPECT_FALSE(settled.quarantined);
  const Identity& person = settled.identity;
  EXPECT_EQ(person.user_name, "ann.lee");
  EXPECT_EQ(person.email, "ann@acme.example");
  EXPECT_EQ(person.state, IdentityState::active);
  EXPECT_EQ(person.sources, (std::vector<std::string>{"hr"}));
  EXPECT_TRUE(std::is_sorted(person.attributes.begin(), person.attributes.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  EXPECT_EQ(*person.find("email"),
            (IdentityAttribute{"email", "ann@acme.example", "hr", "sources.hr.map.email"}));
  EXPECT_TRUE(person.findings.empty());
}

TEST_F(Settle, TheFirstRuleThatHoldsClassifies) {
  struct {
    const char* story;
    const char* more;
    bool in_ad;
    Classification classification;
    const char* rule;
  } const cases[] = {
      {"own domain", "", false, Classification::internal, "own"},
      {"also in the directory", "", true, Classification::internal, "staff"},
      {"a guest with an own address", R"("kind": "guest")", false, Classification::external,
       "guest"},
      {"a look-alike domain", R"("mail": "ann@acme.example.attacker.example")", false,
       Classification::external, "rest"},
      {"a longer domain", R"("mail": "ann@notacme.example")", false, Classification::external,
       "rest"},
      {"a subdomain", R"("mail": "ann@mail.acme.example")", false, Classification::internal, "own"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto base = std::string(R"({"id": "1", "first": "Ann", "last": "Lee")");
    std::string more = c.more;
    if (more.find("mail") == std::string::npos)
      more += std::string(more.empty() ? "" : ", ") + R"("mail": "ann@acme.example")";
    std::vector<Told> told = {told_of(*engine_, "hr", "1", base + ", " + more + "}")};
    if (c.in_ad) told.push_back(told_of(*engine_, "ad", "g", "{}"));
    auto settled = settle(told);
    EXPECT_EQ(settled.identity.classification, c.classification);
    EXPECT_EQ(settled.identity.classification_rule, c.rule);
  }
}

TEST_F(Settle, GroupsComeFromAttributesRecordsAndTheSourcesGroups) {
  auto first = told_of(*engine_, "hr", "1", with(R"("department": "R & D")"));
  first.groups.push_back({.display = "choir"});
  auto second =
      told_of(*engine_, "ad", "g", R"({"memberOf": ["cn=App One,ou=x", "CN=app two,ou=x"]})");
  EXPECT_EQ(groups_of(settle({first, second})),
            (std::vector<std::string>{"/organization/app-one member groups.rules.app",
                                      "/organization/app-two member groups.rules.app",
                                      "/organization/choir member groups.rules.told",
                                      "/organization/dept-r-d member groups.rules.dept",
                                      "/organization/inside manager groups.rules.insider"}));
  EXPECT_TRUE(engine_->reads_records());
  EXPECT_TRUE(engine_->reads_groups());
}

TEST_F(Settle, AGroupOutsideTheManagedPrefixesIsAFinding) {
  auto settled = settle({told_of(
      *engine_, "hr", "1",
      R"({"id": "1", "first": "Ann", "last": "Lee", "mail": "a@x.example", "kind": "away"})")});
  EXPECT_TRUE(settled.identity.groups.empty());
  EXPECT_EQ(codes_of(settled), (std::vector<std::string>{"W-GROUP"}));
}

TEST_F(Settle, AComputedPathWithAnOddPartIsAFinding) {
  for (const std::string name : {".", "..", "../platform", "a//b", "a/", "a b", "%2e", "\u00e9"}) {
    auto told = told_of(*engine_, "hr", "1", with(""));
    told.groups = {{.display = "choir"}, {.display = name}};
    const auto settled = settle({told});
    EXPECT_EQ(groups_of(settled),
              (std::vector<std::string>{"/organization/choir member groups.rules.told",
                                        "/organization/inside manager groups.rules.insider"}))
        << name;
    EXPECT_EQ(codes_of(settled), (std::vector<std::string>{"W-GROUP"})) << name;
  }
}

TEST_F(Settle, TwoGroupsWithOneNameAreAFindingAndTheSecondIsLeftOut) {
  auto settled = settle(
      {told_of(*engine_, "hr", "1", with("")),
       told_of(*engine_, "ad", "g", R"({"memberOf": ["cn=App One,ou=x", "cn=app-one,ou=y"]})")});
  EXPECT_EQ(groups_of(settled),
            (std::vector<std::string>{"/organization/app-one member groups.rules.app",
                                      "/organization/inside manager groups.rules.insider"}));
  EXPECT_EQ(codes_of(settled), (std::vector<std::string>{"W-SLUG"}));
}

TEST_F(Settle, AnExpiredContractIsInactiveAndSaysWhy) {
  auto settled = hr(R"("ends": "2026-11-21")");
  EXPECT_EQ(settled.identity.state, IdentityState::inactive);
  EXPECT_EQ(settled.identity.state_reason, "expired: ends < run_date (lifecycle.expired)");
  EXPECT_EQ(hr(R"("ends": "2026-11-22")").identity.state, IdentityState::active);
}

TEST_F(Settle, AFailedCheckQuarantinesAndSaysWhatToDo) {
  struct {
    const char* story;
    const char* record;
    const char* code;
    const char* reason;
  } const cases[] = {
      {"a rule of the file", R"({"first": "Ann", "last": "Nobody", "mail": "a@x.example"})",
       "banned", "this name is a placeholder (validate.banned at m.yaml:"},
      {"a missing address", R"({"first": "Ann", "last": "Lee"})", "schema.email",
       "'email' is missing (profile meeds; no source gives it); correct it there"},
      {"a name that is too short for the platform",
       R"({"first": "Al", "last": "Lee", "mail": "a@x.example"})", "schema.firstName",
       "'firstName' is shorter than 3 characters (profile meeds; from hr by "
       "sources.hr.map.firstName)"},
      {"a character that the platform refuses",
       R"({"first": "R2D2", "last": "Lee", "mail": "a@x.example"})", "schema.firstName",
       "'firstName' has a character other than letters"},
      {"an address that the platform refuses",
       R"({"first": "Ann", "last": "Lee", "mail": "a.b+c@x.example"})", "schema.email",
       "'email' has characters before the @ that the platform refuses"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto settled = settle({told_of(*engine_, "hr", "1", c.record)});
    EXPECT_TRUE(settled.quarantined);
    EXPECT_TRUE(settled.reason.starts_with(c.reason)) << settled.reason;
    EXPECT_EQ(settled.identity.state, IdentityState::quarantined);
    auto codes = codes_of(settled);
    EXPECT_NE(std::find(codes.begin(), codes.end(), c.code), codes.end());
  }
}

TEST_F(Settle, ThePlatformsSpellingCanBeSwitchedOff) {
  std::string text = file;
  text.replace(text.find("lastName: { min: 2 }"), 0, "email: { characters: any }, ");
  engine_ = engine_of(text);
  EXPECT_FALSE(settle({told_of(*engine_, "hr", "1",
                               R"({"first": "Ann", "last": "Lee", "mail": "a.b+c@x.example"})")})
                   .quarantined);
}

TEST_F(Settle, LimitsCanBeChangedInTheFile) {
  EXPECT_FALSE(settle({told_of(*engine_, "hr", "1",
                               R"({"first": "Ann", "last": "Li", "mail": "a-b@my-acme.example"})")})
                   .quarantined);
}

TEST_F(Settle, ALesserCheckIsAFindingOnly) {
  auto settled = settle({told_of(*engine_, "hr", "1",
                                 R"({"first": "Ann", "last": "Lee", "mail": "abc@x.example"})")});
  EXPECT_FALSE(settled.quarantined);
  ASSERT_EQ(codes_of(settled), (std::vector<std::string>{"no-kind"}));
  EXPECT_EQ(settled.identity.findings[0].severity, Severity::info);
  EXPECT_EQ(settled.identity.findings[0].attribute, "kind");
}

TEST_F(Settle, AUniqueValueOfSomebodyElseIsAFindingForAsLongAsItIs) {
  Candidate bob;
  bob.identity_id = "b";
  bob.user_name = "bob";
  world_.by_key["badge=b-7"] = {bob};
  auto settled = hr(R"("badge": "B-7")");
  EXPECT_EQ(codes_of(settled), (std::vector<std::string>{"W-UNIQUE"}));
  settled.identity.id = "a";
  EXPECT_EQ(hr(R"("badge": "B-7")", &settled.identity).identity.findings,
            settled.identity.findings);
  world_.by_key.clear();
  EXPECT_TRUE(hr(R"("badge": "B-7")", &settled.identity).identity.findings.empty());
}

TEST_F(Settle, WithNobodySpeakingThePersonIsInactiveAndKeepsWhatIsHeld) {
  auto before = hr(R"("department": "Sales")").identity;
  before.id = "a";
  before.version = 3;
  auto settled = settle({}, &before);
  EXPECT_EQ(settled.identity.state, IdentityState::inactive);
  EXPECT_EQ(settled.identity.state_reason,
            "no source has a record of this person any more since 2026-11-22T12:00:00Z");
  auto history = before.attributes;
  for (auto& one : history) one.released = one.name == "email";
  EXPECT_EQ(settled.identity.attributes, history);
  EXPECT_EQ(settled.identity.email, "") << "somebody else may have it now";
  EXPECT_EQ(settled.identity.groups, before.groups);
  EXPECT_TRUE(settled.identity.sources.empty());
  EXPECT_EQ(settled.identity.version, 3);
  EXPECT_FALSE(settled.quarantined);
}

TEST_F(Settle, NobodyAtAllIsRefused) {
  EXPECT_FALSE(engine_->settle({}, nullptr, world_, at(noon)).has_value());
}

TEST_F(Settle, TheHeldPersonsIdVersionAndTimesStay) {
  auto before = hr("").identity;
  before.id = "0190";
  before.version = 7;
  before.created = at("2026-01-01T00:00:00Z");
  auto after = hr("", &before).identity;
  EXPECT_EQ(after.id, "0190");
  EXPECT_EQ(after.version, 7);
  EXPECT_EQ(after.created, before.created);
  EXPECT_TRUE(same_person_facts(before, after));
}

}  // namespace
}  // namespace muster::mappings
