// SPDX-License-Identifier: Apache-2.0
// Who may say who somebody is when several sources speak.
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

// `more` stands in the sources, `merge` is the section of that name.
std::string file_of(const std::string& strong = "", const std::string& weak = "",
                    const std::string& merge = "  default: { authority: [hr, ad, csv] }\n") {
  return R"(
version: mapping/v1
schema: { profile: generic, attributes: { employeeId: { type: text, unique: true }, title: text } }
sources:
  hr:
    kind: csv
    records: { text: [no, mail, last, job, on] }
    key: id
)" + strong +
         R"(    map: { employeeId: no, email: 'mail | email', lastName: last, title: job, enabled: 'if present(on) then on == "yes" else none' }
  ad:
    kind: csv
    records: { text: [no, mail, last, job, on] }
    key: id
)" + weak +
         R"(    map: { employeeId: no, email: 'mail | email', lastName: last, title: job, enabled: 'if present(on) then on == "yes" else none' }
  csv:
    kind: csv
    records: { text: [no, mail, last] }
    key: id
    map: { employeeId: no, email: 'mail | email', lastName: last }
correlate:
  tiers: [ { id: number, match: [employeeId], one: link } ]
merge:
)" + merge +
         R"(username: { patterns: ['{lastName}'] }
classify: { otherwise: { id: rest, class: external } }
)";
}

Identity settled(const Engine& engine, std::vector<Told> told, const Identity* before = nullptr) {
  KnownPeople held;
  auto result = engine.settle(told, before, held, at(noon));
  EXPECT_TRUE(result.has_value());
  return result ? result->identity : Identity{};
}

std::string codes(const Identity& identity) {
  std::string text;
  for (const auto& finding : identity.findings)
    text += (text.empty() ? "" : " ") + finding.code + ":" + finding.attribute;
  return text;
}

TEST(Trust, IdentifiersComeFromTheOwnerWhileItSpeaks) {
  auto engine = engine_of(file_of());
  ASSERT_NE(engine, nullptr);
  const auto strong = told_of(*engine, "hr", "1", R"({"last": "Lee", "job": ""})");
  const auto weak = told_of(
      *engine, "ad", "a", R"({"last": "Li", "no": "7", "mail": "x@acme.example", "job": "Clerk"})");
  const auto both = settled(*engine, {strong, weak});
  EXPECT_EQ(shown(both, "email"), "null") << "the weaker one may not bring an address";
  EXPECT_EQ(shown(both, "employeeId"), "null");
  EXPECT_EQ(shown(both, "title"), "\"Clerk\"") << "what identifies nobody is merged as ever";
  EXPECT_EQ(both.sources, (std::vector<std::string>{"hr", "ad"}));
  EXPECT_EQ(codes(both), "W-OWNER:email W-OWNER:employeeId");
  const auto alone = settled(*engine, {weak});
  EXPECT_EQ(shown(alone, "email"), "\"x@acme.example\"") << "the owner left: the next one owns";
  EXPECT_EQ(codes(alone), "");
}

TEST(Trust, TheFileMayNameAWeakerSourceForAnIdentifier) {
  auto engine = engine_of(file_of("", "",
                                  "  default: { authority: [hr, ad, csv] }\n"
                                  "  attributes: { email: { authority: [hr, ad] } }\n"));
  ASSERT_NE(engine, nullptr);
  const auto both =
      settled(*engine, {told_of(*engine, "hr", "1", R"({"last": "Lee"})"),
                        told_of(*engine, "ad", "a", R"({"no": "7", "mail": "x@acme.example"})")});
  EXPECT_EQ(shown(both, "email"), "\"x@acme.example\"");
  EXPECT_EQ(shown(both, "employeeId"), "null");
}

TEST(Trust, NumbersRankSourcesWhateverTheAuthority) {
  auto engine = engine_of(file_of("    trust: 1\n", "    trust: 9\n"));
  ASSERT_NE(engine, nullptr);
  const auto strong = told_of(*engine, "ad", "a", R"({"last": "Li", "no": "7"})");
  const auto weak =
      told_of(*engine, "hr", "1", R"({"last": "Lee", "no": "8", "mail": "x@acme.example"})");
  const auto both = settled(*engine, {weak, strong});
  EXPECT_EQ(both.sources, (std::vector<std::string>{"ad", "hr"}));
  EXPECT_EQ(shown(both, "employeeId"), "\"7\"");
  EXPECT_EQ(shown(both, "email"), "null");
  EXPECT_EQ(shown(both, "lastName"), "\"Lee\"") << "hr has the authority";
}

TEST(Trust, AWeakerSourceSwitchesNobodyOn) {
  auto engine = engine_of(file_of("    trust: 1\n", "    trust: 9\n"));
  ASSERT_NE(engine, nullptr);
  auto state = [&](const char* weak, const char* strong) {
    return settled(*engine,
                   {told_of(*engine, "hr", "1", weak), told_of(*engine, "ad", "a", strong)})
        .state;
  };
  const char* on = R"({"last": "Lee", "on": "yes"})";
  const char* off = R"({"last": "Lee", "on": "no"})";
  const char* silent = R"({"last": "Lee"})";
  EXPECT_EQ(state(on, off), IdentityState::inactive) << "hr speaks first but owns nobody here";
  EXPECT_EQ(state(off, on), IdentityState::inactive) << "switching off is no privilege";
  EXPECT_EQ(state(on, on), IdentityState::active);
  EXPECT_EQ(state(silent, on), IdentityState::active);
  EXPECT_EQ(state(on, silent), IdentityState::active);
}

TEST(Trust, OrderAndRepetitionOfSourcesChangeNothing) {
  auto engine = engine_of(file_of());
  ASSERT_NE(engine, nullptr);
  std::vector<Told> told = {
      told_of(*engine, "csv", "c", R"({"last": "L", "mail": "c@x.example", "no": "3"})"),
      told_of(*engine, "ad", "a", R"({"last": "Li", "mail": "a@x.example", "on": "yes"})"),
      told_of(*engine, "hr", "1", R"({"last": "Lee", "on": "no"})")};
  const auto first = settled(*engine, told);
  std::vector<std::size_t> order = {0, 1, 2};
  do {
    std::vector<Told> shuffled;
    for (auto i : order) shuffled.push_back(told[i]);
    shuffled.push_back(told[order[0]]);
    const auto again = settled(*engine, shuffled);
    EXPECT_TRUE(same_person_facts(first, again));
    EXPECT_EQ(codes(first), codes(again));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Drift, ALinkedRecordThatNamesSomebodyElseIsAFindingAndStays) {
  auto engine = engine_of(file_of());
  ASSERT_NE(engine, nullptr);
  auto owner = told_of(*engine, "hr", "1", R"({"last": "Lee", "no": "7"})");
  auto linked = told_of(*engine, "ad", "a", R"({"last": "Lee", "no": "7"})");
  linked.correlated_by = "number";
  EXPECT_EQ(codes(settled(*engine, {owner, linked})), "");
  linked = told_of(*engine, "ad", "a", R"({"last": "Lee", "no": "9"})");
  linked.correlated_by = "number";
  EXPECT_EQ(codes(settled(*engine, {owner, linked})), "W-DRIFT:employeeId");
}

TEST(Drift, ANewValueThatFindsSomebodyElseLinksNobodyAnew) {
  auto engine = engine_of(file_of());
  ASSERT_NE(engine, nullptr);
  const auto before =
      settled(*engine, {told_of(*engine, "hr", "1", R"({"last": "Lee", "no": "7"})")});
  KnownPeople held;
  Candidate bob;
  bob.identity_id = "2";
  bob.user_name = "bob";
  held.by_key["employeeId=9"] = {bob};
  auto now = told_of(*engine, "hr", "1", R"({"last": "Lee", "no": "9"})");
  auto changed = engine->settle({&now, 1}, &before, held, at(noon));
  ASSERT_TRUE(changed.has_value());
  EXPECT_NE(codes(changed->identity).find("W-DRIFT:employeeId"), std::string::npos);
  auto again = engine->settle({&now, 1}, &changed->identity, held, at(noon));
  EXPECT_NE(codes(again->identity).find("W-DRIFT:employeeId"), std::string::npos)
      << "it stays as long as the cause";
  held.by_key.clear();
  auto solved = engine->settle({&now, 1}, &again->identity, held, at(noon));
  EXPECT_EQ(codes(solved->identity).find("W-DRIFT"), std::string::npos);
}

}  // namespace
}  // namespace muster::mappings
