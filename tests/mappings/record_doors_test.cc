// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "fixtures.h"
#include "mappings/record_mapper.h"

namespace muster::mappings {
namespace {

constexpr std::string_view file = R"(version: mapping/v1
schema:
  profile: generic
  attributes:
    age: int
    start: date
    phones: list<text>
    kinds: list<text>
    place: text
    boss: text
    homes: list<text>
    notes: text
    count: int
    entry: dn
sets:
  own: { domains: [acme.example], subdomains: true }
tables:
  towns: { inline: { berlin: Berlin, paris: Paris }, match: fold, missing: absent }
fragments:
  clean: { params: { x: text }, expr: 'x | trim | collapse' }
sources:
  push:
    kind: scim
    tag: push
    records: scim.user
    key: externalId
    scope: [ { id: guest, skip: 'userType == "Guest"' } ]
    map:
      email:     '(emails[type == "work"].value | first) ?? userName | email'
      firstName: 'clean(name.givenName)'
      lastName:  'clean(name.familyName) ?? clear'
      enabled:   'active ?? true'
      phones:    'phoneNumbers[type in ["work", "mobile"]].value | map(p => drop_chars(p, " ")) | unique'
      kinds:     'roles[primary].value'
      place:     'lookup(towns, fold(addresses[type == "work"].locality | first)) ?? keep'
      boss:      'enterprise.manager.value'
      homes:     'addresses.country ++ [enterprise.department]'
      notes:     '"{title?}/{locale?}/{count(emails)}"'
      count:     'count(emails | filter(e => e.value ~ "@acme"))'
  dir:
    kind: ldap
    tag: dir
    records: { text: [mail, sn, uid, kind], texts: [phone, ou], int: [age], date: [start], dn: [entry], bool: [locked] }
    key: uid
    map:
      email:    { expr: 'mail | email', on_error: quarantine }
      lastName: 'sn'
      phones:   'phone ++ ou | sort'
      age:      'age + 1'
      start:    'start'
      entry:    'entry'
      enabled:  'not (locked ?? false)'
      kinds:    'if any(phone, p => starts(p, "+")) then [kind] else ou'
      notes:    'replace_re(sn, "[^a-z]+", "-")'
correlate:
  tiers: [ { id: name, match: { email: userName }, one: link, only: [push] } ]
  many: review
  none: create
merge: { default: { authority: [push, dir], absent: next } }
username: { when: create, transliterate: { latin: strip, other: refuse }, patterns: ['{lastName}'] }
classify: { rules: [], otherwise: { id: other, class: external } }
)";

// Records that hold what a source may hold, and often what it should not: other types than
// declared, other letters, none in every form, names that differ by case only.
class RandomRecords {
 public:
  std::string record(bool scim) {
    static constexpr const char* push[] = {
        "userName", "externalId", "USERTYPE",
        "userType", "active",     "name",
        "Name",     "emails",     "phoneNumbers",
        "roles",    "addresses",  "title",
        "locale",   "other",      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"};
    static constexpr const char* dir[] = {"mail", "MAIL", "sn",  "uid",   "kind",  "phone",
                                          "ou",   "Ou",   "age", "start", "entry", "locked"};
    std::string out = "{";
    for (const char* name : scim ? std::span<const char* const>(push) : std::span(dir)) {
      if (chance(3)) continue;
      out += (out.size() > 1 ? ",\"" : "\"") + std::string(name) +
             "\":" + (scim && chance(2) ? complex(name) : value(2));
    }
    return out + "}";
  }

 private:
  bool chance(unsigned of) { return random_() % of == 0; }

  std::string complex(std::string_view name) {
    if (name == "name" || name == "Name")
      return R"({"givenName":)" + value(0) + R"(,"FAMILYNAME":)" + value(0) + "}";
    if (name.starts_with("urn"))
      return R"({"department":)" + value(0) + R"(,"manager":{"value":)" + value(1) + "}}";
    std::string out = "[";
    for (auto left = random_() % 4; left > 0; --left) {
      if (out.size() > 1) out += ',';
      out += R"({"type":)" + std::string(chance(2) ? R"("work")" : value(0)) + R"(,"value":)" +
             value(0) + R"(,"primary":)" + std::string(chance(2) ? "true" : value(0)) +
             R"(,"country":)" + value(0) + R"(,"locality":"Berlin"})";
    }
    return out + "]";
  }

  std::string value(int depth) {
    static constexpr const char* scalars[] = {"null",
                                              "true",
                                              "false",
                                              "0",
                                              "-12",
                                              "9223372036854775807",
                                              "1.5",
                                              "1e300",
                                              "\"\"",
                                              "\"  \"",
                                              "\"a\"",
                                              R"("Anna@ACME.example")",
                                              R"("b@sub.acme.example")",
                                              R"("\u00fcber \u0041\u030a")",
                                              "\"e\xCC\x81  x\"",
                                              R"("+49 30 12")",
                                              R"("work")",
                                              R"("Guest")",
                                              R"("2026-11-22")",
                                              R"("uid=a,ou=B,dc=c")",
                                              R"("12")",
                                              R"("\ud83d\ude00")",
                                              R"("\t tab\n")"};
    if (depth > 0 && chance(4)) {
      std::string list = "[";
      for (auto left = random_() % 4; left > 0; --left)
        list += (list.size() > 1 ? "," : "") + value(depth - 1);
      return list + "]";
    }
    if (depth > 0 && chance(6)) return R"({"value":)" + value(depth - 1) + "}";
    return scalars[random_() % std::size(scalars)];
  }

  std::mt19937 random_{11};
};

TEST(RecordDoors, a_value_and_its_json_text_give_the_same_in_every_respect) {
  const auto engine = engine_of(file);
  ASSERT_TRUE(engine);
  RecordMapper mapper(*engine);
  RandomRecords random;
  std::size_t offers = 0;
  std::size_t findings = 0;
  for (int round = 0; round < 1500; ++round) {
    const bool scim = round % 2 == 0;
    const std::string source = scim ? "push" : "dir";
    const auto json = random.record(scim);
    const auto mapped = mapper.map_document({source, ResourceType::user, "k1"}, json, at(noon));
    ASSERT_TRUE(mapped.has_value()) << json;
    const auto wanted = map_of(*engine, source, json);
    ASSERT_EQ(told(*mapped), told(wanted)) << json;
    offers += mapped->contribution.offers.size();
    findings += mapped->findings.size();
  }
  EXPECT_GT(offers, 4000U);
  EXPECT_GT(findings, 500U);
}

}  // namespace
}  // namespace muster::mappings
