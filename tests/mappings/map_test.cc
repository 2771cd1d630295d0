// SPDX-License-Identifier: Apache-2.0
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

constexpr const char* file = R"(
version: mapping/v1
schema:
  profile: generic
  attributes: { title: text, phones: list<text>, born: date, manager: ref, number: int, unit: dn }
sources:
  entra:
    kind: scim
    records: scim.user
    key: externalId
    scope:
      - { id: guest, skip: 'userType == "Guest"' }
      - { id: nameless, skip: 'absent(name.familyName)' }
    map:
      title:     'if title == "-" then clear else if title == "?" then keep else title'
      email:     'emails[type == "work"].value | first | email'
      firstName: 'trim(name.givenName)'
      lastName:  'out.firstName ?? name.familyName'
      phones:    'phoneNumbers.value | unique'
      manager:   'ref(enterprise.manager.value)'
      enabled:   'active'
  ad:
    kind: ldap
    tag: ad
    records: { text: [cn, mail], texts: [tel], int: [uac, no], bool: [hidden], dn: [manager] }
    key: objectGUID
    map:
      lastName: 'cn'
      unit:     'dn'
      phones:   'tel'
      number:   'no'
      manager:  'ref(manager)'
      enabled:  'not bit(uac ?? 512, 2)'
  hr:
    kind: csv
    records: { text: [id, mail, last, name2], date: { born: "dd.MM.yyyy" } }
    key: id
    map:
      lastName: { expr: 'last | required("a person needs a last name")', on_error: quarantine }
      email:    { expr: 'mail | email', on_error: keep }
      born:     'born'
username: { patterns: ['{lastName}'] }
classify: { otherwise: { id: rest, class: external } }
)";

struct Story {
  const char* story;
  const char* source;
  const char* record;
  const char* contribution;
};

const Story stories[] = {
    {"nothing said gives nothing", "entra", R"({"name": {"familyName": "Lee"}})",
     R"(lastName="Lee")"},
    {"lines wait for the lines they read", "entra",
     R"({"name": {"givenName": " Ann ", "familyName": "Lee"}})",
     R"(firstName="Ann" lastName="Ann")"},
    {"a filter takes the work address, in comparison form", "entra",
     R"({"name": {"familyName": "L"}, "emails": [{"type": "home", "value": "a@h.example"}, {"type": "work", "value": "A@Work.example"}]})",
     R"(email="a@work.example" lastName="L")"},
    {"clear is said", "entra", R"({"name": {"familyName": "L"}, "title": "-"})",
     R"(lastName="L" title=clear)"},
    {"keep is said", "entra", R"({"name": {"familyName": "L"}, "title": "?"})",
     R"(lastName="L" title=keep)"},
    {"blanks only are none", "entra", R"({"name": {"familyName": "L"}, "title": "  "})",
     R"(lastName="L")"},
    {"the enterprise extension has an alias", "entra",
     R"({"name": {"familyName": "L"}, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "m-1"}}})",
     R"(lastName="L" manager="m-1")"},
    {"attribute names have no case", "entra", R"({"NAME": {"FAMILYNAME": "L"}, "Active": false})",
     R"(enabled=false lastName="L")"},
    {"a directory's numbers are text", "ad",
     R"({"dn": "cn=a,dc=x", "cn": "A", "uac": "514", "no": "7"})",
     R"(enabled=false lastName="A" number=7 unit="cn=a,dc=x")"},
    {"one value of a list attribute", "ad", R"({"dn": "cn=a,dc=x", "CN": ["A"], "tel": "1"})",
     R"(enabled=true lastName="A" phones=["1"] unit="cn=a,dc=x")"},
    {"a date in the file's own form", "hr", R"({"id": "1", "last": "L", "born": "24.12.1990"})",
     R"(born="1990-12-24" lastName="L")"},
};

TEST(Map, TellsWhatItUnderstood) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    auto mapped = map_of(*engine, c.source, c.record);
    EXPECT_TRUE(mapped.in_scope) << mapped.scope_rule;
    EXPECT_FALSE(mapped.quarantined);
    EXPECT_EQ(shown(mapped.contribution), c.contribution);
  }
}

TEST(Map, SkipsWhatIsOutOfScopeAndSaysByWhichRule) {
  auto engine = engine_of(file);
  auto guest = map_of(*engine, "entra", R"({"userType": "Guest", "name": {"familyName": "L"}})");
  EXPECT_FALSE(guest.in_scope);
  EXPECT_EQ(guest.scope_rule, "guest");
  EXPECT_TRUE(guest.contribution.offers.empty());
  EXPECT_EQ(map_of(*engine, "entra", R"({"userName": "x"})").scope_rule, "nameless");
}

TEST(Map, NamesTheTagAndTheStableKey) {
  auto engine = engine_of(file);
  auto mapped = map_of(*engine, "entra", R"({"externalId": "e-1", "name": {"familyName": "L"}})");
  EXPECT_EQ(mapped.link_key, "e-1");
  EXPECT_EQ(mapped.contribution.tag, "entra");
  EXPECT_EQ(mapped.contribution.key.key, "k1");
  EXPECT_EQ(map_of(*engine, "ad", R"({"OBJECTGUID": ["g-1"]})").link_key, "g-1");
  EXPECT_EQ(map_of(*engine, "hr", R"({"id": "7"})").link_key, "7");
  EXPECT_EQ(map_of(*engine, "hr", R"({})").link_key, "");
}

TEST(Map, EnabledIsSaidOrTrue) {
  auto engine = engine_of(file);
  EXPECT_TRUE(map_of(*engine, "entra", R"({"name": {"familyName": "L"}})").enabled);
  EXPECT_FALSE(
      map_of(*engine, "entra", R"({"active": false, "name": {"familyName": "L"}})").enabled);
}

// What a line makes of a list of which some elements cannot be converted, and the findings.
TEST(Map, AnElementThatCannotBeConvertedIsLeftOutAndSaid) {
  struct ListStory {
    const char* line;
    const char* list;
    const char* offer;
    const char* findings;
  };
  const ListStory lists[] = {
      {"l | map(p => phone(p, \"DE\"))", R"(["030 1234567", "call me", "+1 201 555 0123"])",
       R"(x=["+49301234567","+12015550123"])", "W-PHONE"},
      {"l | map(p => phone(p, \"DE\"))", R"(["030 1234567"])", R"(x=["+49301234567"])", ""},
      {"l | map(p => phone(p, \"DE\"))", R"(["x", "y"])", "", "W-PHONE"},
      {"l | map(p => text(email(p)))", R"(["A@b.example", "nobody", "c@d.example"])",
       R"(x=["a@b.example","c@d.example"])", "W-EMAIL"},
      {"l | map(p => text(int(p) + 1))", R"(["1", "one", "3"])", R"(x=["2","4"])", "W-INT"},
      {"l | map(p => format_date(date(p, \"dd.MM.yyyy\", \"UTC\"), \"yyyy\"))",
       R"(["1.1.2020", "31.02.2020", "24.12.1990"])", R"(x=["1990"])", "W-DATE"},
      {"l | filter(p => int(p) > 1)", R"(["1", "one", "3"])", R"(x=["3"])", "W-INT"},
      {"[l | map(p => phone(p, \"DE\")) | first]", R"(["x", "030 1234567"])",
       R"(x=["+49301234567"])", "W-PHONE"},
      // One list in another: only the inner element goes; a condition inside costs the outer one.
      {"l | map(p => split(p, \",\") | map(q => text(int(q))) | join(\"+\"))", R"(["1,x,2", "3"])",
       R"(x=["1+2","3"])", "W-INT"},
      {"l | filter(p => any(split(p, \",\"), q => int(q) == 2))", R"(["1,2", "x,2", "2"])",
       R"(x=["1,2","2"])", "W-INT"},
      // What the file demands, and what stands outside, is an error of the line as ever.
      {"l | map(p => required(find_re(p, \"[0-9]+\"), \"a number is needed\"))", R"(["1", "x"])",
       "", "W-REQUIRED"},
      {"[phone(first(l), \"DE\")]", R"(["x", "030 1234567"])", "", "W-PHONEW-MULTI"},
      {"if any(l, p => int(p) == 2) then l else none", R"(["x", "2"])", "", "W-INT"},
  };
  for (const auto& story : lists) {
    SCOPED_TRACE(std::string(story.line) + " on " + story.list);
    auto engine = engine_of(std::string(R"(version: mapping/v1
schema: { profile: generic, attributes: { x: list<text> } }
sources:
  hr:
    kind: csv
    records: { text: [id], texts: [l] }
    key: id
    map:
      x: ')") + story.line + R"('
username: { patterns: ['{x | first}'] }
classify: { otherwise: { id: all, class: external } }
)");
    ASSERT_NE(engine, nullptr);
    const auto mapped =
        map_of(*engine, "hr", std::string(R"({"id": "1", "l": )") + story.list + "}");
    EXPECT_EQ(shown(mapped.contribution), story.offer);
    std::string found;
    for (const auto& finding : mapped.findings) {
      EXPECT_EQ(finding.attribute, "x") << finding.message;
      found += finding.code;
    }
    EXPECT_EQ(found, story.findings);
  }
}

// A condition does not pass over what it does not understand: nobody is inside by a bad address.
TEST(Map, AConditionFailsOnAnElementThatCannotBeConverted) {
  auto engine = engine_of(R"(version: mapping/v1
schema: { profile: generic, attributes: { mails: list<text> } }
sets: { own: { domains: [acme.example], subdomains: false } }
sources:
  hr:
    kind: csv
    records: { text: [id], texts: [mails] }
    key: id
    map: { lastName: id, mails: mails }
username: { patterns: ['{lastName}'] }
classify:
  rules: [{ id: ours, class: internal, when: 'all(mails | map(m => email(m)), m => domain_in(m, own))' }]
  otherwise: { id: rest, class: external }
)");
  ASSERT_NE(engine, nullptr);
  const auto class_of = [&](const char* json) {
    const std::vector<Told> told{told_of(*engine, "hr", "1", json)};
    KnownPeople held;
    return engine->settle(told, nullptr, held, at(noon)).value().identity.classification_rule;
  };
  EXPECT_EQ(class_of(R"({"id": "1", "mails": ["a@acme.example"]})"), "ours");
  EXPECT_EQ(class_of(R"({"id": "1", "mails": ["a@acme.example", "nonsense"]})"), "rest");
}

TEST(Map, AFailedLineIsAFindingAndNeverStopsTheOthers) {
  auto engine = engine_of(file);
  auto kept = map_of(*engine, "hr", R"({"id": "1", "last": "L", "mail": "no address"})");
  EXPECT_EQ(shown(kept.contribution), R"(email=keep lastName="L")");
  ASSERT_EQ(kept.findings.size(), 1u);
  EXPECT_EQ(kept.findings[0].code, "W-EMAIL");
  EXPECT_EQ(kept.findings[0].attribute, "email");
  EXPECT_EQ(kept.findings[0].message,
            "'no address': this is no e-mail address: it has no '@'; the held value stays");
  EXPECT_EQ(kept.findings[0].value, "no address");
  EXPECT_TRUE(kept.findings[0].rule.starts_with("sources.hr.map.email (m.yaml:40:"))
      << kept.findings[0].rule;
  EXPECT_FALSE(kept.findings[0].repair.empty());

  auto quarantined = map_of(*engine, "hr", R"({"id": "1", "mail": "a@b.example"})");
  EXPECT_TRUE(quarantined.quarantined);
  EXPECT_EQ(shown(quarantined.contribution), R"(email="a@b.example")");
  ASSERT_EQ(quarantined.findings.size(), 1u);
  EXPECT_EQ(quarantined.findings[0].severity, Severity::error);

  auto left_out =
      map_of(*engine, "entra",
             R"({"name": {"familyName": "L"}, "emails": [{"type": "work", "value": "x"}]})");
  EXPECT_EQ(shown(left_out.contribution), R"(lastName="L")");
  EXPECT_EQ(left_out.findings.size(), 1u);
}

// The door of a directory puts the value in front that speaks.
TEST(Map, SeveralValuesOfASingleAttributeAreAFindingAndTheFirstSpeaks) {
  auto engine = engine_of(file);
  auto one = map_of(*engine, "ad", R"({"cn": ["b", "a"]})");
  EXPECT_EQ(shown(one.contribution), shown(map_of(*engine, "ad", R"({"cn": "b"})").contribution));
  ASSERT_EQ(one.findings.size(), 1u);
  EXPECT_EQ(one.findings[0].code, "W-MULTI");
}

TEST(Map, ARecordOfAnUnknownSourceIsQuarantined) {
  auto engine = engine_of(file);
  auto mapped = map_of(*engine, "elsewhere", "{}");
  EXPECT_TRUE(mapped.quarantined);
  EXPECT_EQ(mapped.findings.at(0).code, "W-SOURCE");
}

}  // namespace
}  // namespace muster::mappings
