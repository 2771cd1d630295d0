// SPDX-License-Identifier: Apache-2.0
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

constexpr const char* file = R"(
version: mapping/v1
schema:
  profile: generic
  attributes: { employeeId: text, aliases: list<text>, entryDn: dn, born: date }
sets: { own: { domains: [acme.example], subdomains: false } }
sources:
  hr:
    kind: csv
    records: { text: [id, no, mail, first, last], texts: [aka], date: [born] }
    key: id
    map: { employeeId: no, email: 'mail | email', firstName: first, lastName: last, aliases: aka, born: born }
  ad:
    kind: ldap
    records: { text: [uid, mail] }
    key: objectGUID
    map: { email: 'mail | email', entryDn: dn }
correlate:
  tiers:
    - { id: number, match: [employeeId], one: link }
    - { id: person, match: [lastName, born], one: link }
    - { id: login,  match: { userName: uid }, one: link, only: [ad] }
    - { id: mail,   match: [email], when: 'domain_in(email, own)', one: link }
    - { id: other-mail, match: [email], one: suggest }
    - { id: alias,  match: [aliases], one: suggest }
    - { id: entry,  match: [entryDn], one: link }
  never_link_to: 'userName == "root" or "/platform/administrators" in groups'
username: { patterns: ['{lastName}'] }
classify: { otherwise: { id: rest, class: external } }
)";

Candidate person(std::string id, std::vector<std::string> sources = {}, std::string name = "") {
  Candidate candidate;
  candidate.user_name = name.empty() ? id : name;
  candidate.identity_id = std::move(id);
  candidate.sources = std::move(sources);
  return candidate;
}

struct Story {
  const char* story;
  const char* source;
  const char* record;
  std::map<std::string, std::vector<Candidate>> held;
  const char* outcome;
  const char* reason;
};

const char* word(Correlation::Outcome outcome) {
  switch (outcome) {
    case Correlation::Outcome::create:
      return "create";
    case Correlation::Outcome::link:
      return "link";
    case Correlation::Outcome::suggest:
      return "suggest";
    case Correlation::Outcome::review:
      return "review";
  }
  return "";
}

Candidate administrator() {
  auto candidate = person("ann");
  candidate.groups = {"/platform/administrators"};
  return candidate;
}

TEST(Correlate, TakesTheFirstTierThatHasAnybody) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  const Story stories[] = {
      {"nobody", "hr", R"({"no": "7"})", {}, "create", "nobody matches"},
      {"one by number",
       "hr",
       R"({"no": "7", "mail": "b@acme.example"})",
       {{"employeeId=7", {person("ann")}}, {"email=b@acme.example", {person("bob")}}},
       "link",
       "tier number: ann (link)"},
      {"no number: the next tier",
       "hr",
       R"({"mail": "B@acme.example"})",
       {{"employeeId=", {person("ann")}}, {"email=b@acme.example", {person("bob")}}},
       "link",
       "tier mail: bob (link)"},
      {"a foreign domain only proposes",
       "hr",
       R"({"mail": "b@other.example"})",
       {{"email=b@other.example", {person("bob")}}},
       "suggest",
       "tier other-mail: bob (a person decides)"},
      {"several stop the road and never fall through",
       "hr",
       R"({"no": "7", "mail": "b@acme.example"})",
       {{"employeeId=7", {person("bea"), person("ann")}},
        {"email=b@acme.example", {person("bob")}}},
       "review",
       "tier number: 2 people match (ann, bea)"},
      {"the same source already has the person",
       "hr",
       R"({"no": "7"})",
       {{"employeeId=7", {person("ann", {"ad", "hr"})}}},
       "review",
       "tier number: two records of hr claim ann"},
      {"another source has the person",
       "hr",
       R"({"no": "7"})",
       {{"employeeId=7", {person("ann", {"ad"})}}},
       "link",
       "tier number: ann (link)"},
      {"root is never linked",
       "hr",
       R"({"no": "7"})",
       {{"employeeId=7", {person("x", {}, "root")}}},
       "review",
       "tier number: root is protected by never_link_to"},
      {"nor is an administrator",
       "hr",
       R"({"no": "7"})",
       {{"employeeId=7", {administrator()}}},
       "review",
       "tier number: ann is protected by never_link_to"},
      {"a tier of two attributes needs both",
       "hr",
       R"({"last": "LEE", "born": "1990-01-02"})",
       {{"lastName=lee", {person("ann"), person("bob")}}, {"born=1990-01-02", {person("bob")}}},
       "link",
       "tier person: bob (link)"},
      {"and is skipped when one is none",
       "hr",
       R"({"last": "Lee"})",
       {{"lastName=lee", {person("ann")}}},
       "create",
       "nobody matches"},
      {"text folds",
       "ad",
       R"({"dn": "cn=a", "uid": "ÉLISE"})",
       {{"userName=élise", {person("eli")}}},
       "link",
       "tier login: eli (link)"},
      {"a tier for one source is not for the other",
       "hr",
       R"({"id": "a"})",
       {{"userName=a", {person("ann")}}},
       "create",
       "nobody matches"},
      {"any element of a list, one person once",
       "hr",
       R"({"aka": ["x", "y"]})",
       {{"aliases=x", {person("ann")}}, {"aliases=y", {person("ann")}}},
       "suggest",
       "tier alias: ann (a person decides)"},
      {"a DN in any spelling",
       "ad",
       R"({"dn": "CN=Ann\\2C B, DC=x"})",
       {{"entryDn=cn=ann\\, b,dc=x", {person("ann")}}},
       "link",
       "tier entry: ann (link)"},
  };
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    auto mapped = map_of(*engine, c.source, c.record);
    KnownPeople held;
    held.by_key = c.held;
    auto found = engine->correlate(mapped.contribution, held);
    ASSERT_TRUE(found.has_value());
    EXPECT_STREQ(word(found->outcome), c.outcome);
    EXPECT_EQ(found->reason, c.reason);
    EXPECT_EQ(found->identity_id.empty(),
              std::string(c.outcome) == "create" || std::string(c.outcome) == "review");
  }
}

TEST(Correlate, ANewRecordOfASourceDoesNotInheritFromALeaverOfTheSameSource) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  auto leaver = person("ann");
  leaver.former = {"hr"};
  KnownPeople held;
  held.by_key["employeeId=7"] = {leaver};
  auto same = engine->correlate(map_of(*engine, "hr", R"({"no": "7"})").contribution, held);
  ASSERT_TRUE(same.has_value());
  EXPECT_STREQ(word(same->outcome), "review");
  EXPECT_EQ(
      same->reason,
      "tier number: ann had another record of hr that is gone; a person decides whether it is "
      "the same one");
  EXPECT_EQ(engine->link_refusal("hr", leaver), "") << "somebody who knows may link them";
  EXPECT_EQ(engine->link_refusal("hr", person("ann", {"hr"})).substr(0, 28),
            "two records of hr claim ann;");
  EXPECT_EQ(engine->link_refusal("ad", administrator()), "ann is protected by never_link_to");
}

// An address is passed on, a number is not.
TEST(Correlate, LeaversAreFoundAsTheTierSays) {
  const std::string text = file;
  const std::string number = "match: [employeeId], one: link";
  const auto engine_with = [&](const std::string& leavers) {
    auto changed = text;
    changed.replace(changed.find(number), number.size(), number + leavers);
    changed.replace(changed.find("employeeId: text"), 16,
                    "employeeId: { type: text, unique: true }");
    return engine_of(changed);
  };
  auto leaver = person("ann");
  leaver.former = {"hr"};
  KnownPeople held;
  held.by_key["released:employeeId=7"] = {leaver};
  held.by_key["released:email=a@acme.example"] = {leaver};
  const auto outcome = [&](const std::string& leavers, const char* record) {
    const auto engine = engine_with(leavers);
    EXPECT_NE(engine, nullptr);
    const auto found = engine->correlate(map_of(*engine, "hr", record).contribution, held);
    return std::string(word(found->outcome)) + " " + found->identity_id;
  };
  EXPECT_EQ(outcome("", R"({"no": "7"})"), "review ");
  EXPECT_EQ(outcome(", leavers: review", R"({"no": "7"})"), "review ");
  EXPECT_EQ(outcome(", leavers: link", R"({"no": "7"})"), "link ann");
  EXPECT_EQ(outcome(", leavers: ignore", R"({"no": "7"})"), "create ");
  EXPECT_EQ(outcome("", R"({"mail": "a@acme.example"})"), "create ");
}

TEST(Correlate, KeepsWhatEachTierWasAskedAndFound) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  KnownPeople held;
  held.by_key["email=b@other.example"] = {person("bob")};
  auto found = engine->correlate(
      map_of(*engine, "hr", R"({"no": "7", "mail": "B@other.example"})").contribution, held);
  ASSERT_TRUE(found.has_value());
  std::string text;
  for (const auto& tier : found->tiers) {
    text += tier.id + ":" + tier.skipped;
    for (const auto& key : tier.keys) text += " " + key.attribute + "=" + key.key;
    for (const auto& name : tier.found) text += " -> " + name;
    text += "\n";
    EXPECT_EQ(tier.at.substr(0, 7), "m.yaml:") << tier.at;
  }
  EXPECT_EQ(text,
            "number: employeeId=7\n"
            "person:lastName is none\n"
            "login:not for source hr\n"
            "mail:its `when` does not hold\n"
            "other-mail: email=b@other.example -> bob\n");
}

TEST(Correlate, NobodyIsCreatedWhereTheFileWantsAPersonToDecide) {
  std::string careful = file;
  careful.replace(careful.find("correlate:\n"), 11, "correlate:\n  none: review\n");
  auto engine = engine_of(careful);
  ASSERT_NE(engine, nullptr);
  auto found =
      engine->correlate(map_of(*engine, "hr", R"({"no": "7"})").contribution, KnownPeople());
  ASSERT_TRUE(found.has_value());
  EXPECT_STREQ(word(found->outcome), "review");
}

// The tests in a file take the road that the gateway takes: a mail address has one holder.
TEST(Correlate, AMailAddressHasOneHolderInTheTestsOfAFileToo) {
  std::string yaml = file;
  yaml += R"(tests:
  - name: a newcomer with a taken address waits, a known person keeps the old one
    held:
      - { userName: ann, email: ann@x.example, lastName: Ann, owner: hr, key: "1" }
      - { userName: bob, email: bob@x.example, lastName: Bob, owner: hr, key: "2" }
    given:
      hr: [ { id: "2", mail: ann@x.example, last: Bob }, { id: "3", mail: ann@x.example, last: Cid } ]
    expect: [ { state: review }, { state: quarantined, email: bob@x.example } ]
)";
  yaml.replace(yaml.find("    - { id: other-mail"), 55, "");
  auto loaded = Engine::load_text(yaml, "m.yaml");
  EXPECT_FALSE(has_errors(loaded.diagnostics)) << printed(loaded.diagnostics);
}

TEST(Correlate, SaysBeforehandWhatItWillAsk) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  auto mapped =
      map_of(*engine, "hr", R"({"no": " 7", "mail": "B@acme.example", "aka": ["X", "x", "y"]})");
  auto keys = engine->match_keys(mapped.contribution);
  std::vector<std::string> shown_keys;
  for (const auto& key : keys) shown_keys.push_back(key.attribute + "=" + key.key);
  EXPECT_EQ(shown_keys, (std::vector<std::string>{"employeeId=7", "email=b@acme.example",
                                                  "aliases=x", "aliases=y"}));
}

TEST(Correlate, FindsPeopleUnderTheKeysThatItAsksFor) {
  auto engine = engine_of(file);
  ASSERT_NE(engine, nullptr);
  KnownPeople held;
  auto told = told_of(*engine, "hr", "1",
                      R"({"no": "A7", "mail": "B@acme.example", "last": "Lee", "aka": ["X"]})");
  auto settled = engine->settle({&told, 1}, nullptr, held, at(noon));
  ASSERT_TRUE(settled.has_value());
  auto kept = engine->index_keys(settled->identity);
  for (const auto& asked : engine->match_keys(told.contribution))
    EXPECT_NE(std::find(kept.begin(), kept.end(), asked), kept.end()) << asked.attribute;
  EXPECT_NE(std::find(kept.begin(), kept.end(), MatchKey{"userName", "lee"}), kept.end());
}

}  // namespace
}  // namespace muster::mappings
