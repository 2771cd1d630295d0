// SPDX-License-Identifier: Apache-2.0
// What is found reaches the run: counted by kind, with the first places, and what stands is told by
// runs that had nothing to do.
#include <gtest/gtest.h>

#include <algorithm>

#include "provision/explain/explain.h"
#include "provision/runs/finding_tally.h"
#include "provision/runs/reevaluate.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

constexpr std::string_view directory_with_managers = R"yaml(
version: mapping/v1
schema:
  profile: generic
  attributes: { manager: ref, title: text, phone: { type: text, sensitive: true } }
sources:
  dir:
    kind: ldap
    tag: directory
    records: { text: [uid, boss, title, phone] }
    key: uid
    map:
      firstName: 'uid'
      title: 'title'
      phone: 'phone'
      manager: 'ref(boss)'
username: { patterns: ['{firstName}'] }
classify: { otherwise: { id: rest, class: external } }
)yaml";

class Findings : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    use(std::string(directory_with_managers));
  }

  static SourceRecord entry(const std::string& uid, const std::string& more = {}) {
    return record("dir", uid, R"({"uid":")" + uid + "\"" + more + "}");
  }
  static SourceRecord led(const std::string& uid, const std::string& boss) {
    return entry(uid, R"(,"boss":")" + boss + "\"");
  }

  store::RunRow run(std::vector<SourceRecord> records, std::vector<ItemProblem> problems = {}) {
    ListSource source(std::move(records));
    source.problems = std::move(problems);
    auto report =
        run_source(*provisioner_, source, {.source = "dir", .actor = "test"}, system_clock(), {});
    EXPECT_TRUE(report) << describe(report.error());
    return stored(report->row.id);
  }
  store::RunRow stored(const std::string& id) { return **(*store_->reader())->runs().get(id); }

  // "W-REF 1" for each kind.
  static std::string found(const store::RunRow& run) {
    std::string text;
    for (const auto& group : run.findings)
      text += (text.empty() ? "" : ", ") + group.example.code + " " + std::to_string(group.count);
    return text;
  }
  static std::string standing(const store::RunRow& run) {
    std::string text;
    for (const auto& one : run.standing)
      text += (text.empty() ? "" : ", ") + one.source + " " + one.code + " " +
              std::to_string(one.count);
    return text;
  }
};

MUSTER_ON_EVERY_ENGINE(Findings);

TEST_F(Findings, AreCountedByKindWithTheFirstPlaces) {
  std::vector<SourceRecord> records;
  for (int i = 1000; i < 1300; ++i)
    records.push_back(entry("u" + std::to_string(i), R"(,"title":["Boss","Chief"])"));
  const auto row = run(records);
  ASSERT_EQ(found(row), "W-MULTI 300");
  EXPECT_EQ(row.counts.findings, 300);
  EXPECT_EQ(row.state, store::RunState::done) << "a warning is no error";
  const auto& group = row.findings[0];
  EXPECT_EQ(group.source, "dir");
  ASSERT_EQ(group.places.size(), 5u);
  EXPECT_EQ(group.places[0].where, "u1000");
  EXPECT_EQ(group.places[0].record_key, "u1000");
  EXPECT_FALSE(group.places[0].identity_id.empty());
  auto items = *(*store_->reader())->runs().items(row.id, 0, 1000);
  EXPECT_EQ(items.size(), 300u) << "what was created, and no item for a finding";
}

TEST_F(Findings, ThatStandAreToldByARunWithNothingToDo) {
  const auto records =
      std::vector{entry("ann", R"(,"title":["Boss","Chief"])"), led("bob", "nobody")};
  EXPECT_EQ(standing(run(records)), "dir W-MULTI 1, dir W-REF 1");
  const auto again = run(records);
  EXPECT_EQ(again.counts.unchanged, 2);
  EXPECT_EQ(found(again), "");
  EXPECT_EQ(standing(again), "dir W-MULTI 1, dir W-REF 1");
  const auto better = run({entry("ann", R"(,"title":"Boss")"), led("bob", "ann")});
  EXPECT_EQ(found(better), "");
  EXPECT_EQ(standing(better), "");
}

TEST_F(Findings, OfWhoGoesStandNoMore) {
  (void)run({entry("ann", R"(,"title":["Boss","Chief"])"), led("bob", "nobody"), entry("cid")});
  ASSERT_TRUE(gone({"dir", ResourceType::user, "ann"}));
  ASSERT_TRUE(gone({"dir", ResourceType::user, "bob"}));
  EXPECT_EQ(standing(run({entry("cid")})), "");
}

// A manager who comes in a later portion of the run is no unknown manager.
TEST_F(Findings, ThatTheSameRunSettlesAreNotTold) {
  std::vector<SourceRecord> records{led("a1", "zoe"), led("a2", "nobody"), led("a3", "zoe")};
  for (int i = 0; i < 2100; ++i) records.push_back(entry("m" + std::to_string(10000 + i)));
  records.push_back(entry("zoe"));
  const auto row = run(records);
  ASSERT_EQ(found(row), "W-REF 1");
  ASSERT_EQ(row.findings[0].places.size(), 1u);
  EXPECT_EQ(row.findings[0].places[0].record_key, "a2");
  EXPECT_EQ(standing(row), "dir W-REF 1");
}

TEST_F(Findings, OfTheSourceAreCountedAndSeverityDecides) {
  const ItemProblem odd{.where = "line 2",
                        .code = "QUOTE",
                        .message = "a quote inside",
                        .severity = Severity::warning,
                        .attribute = "title",
                        .value = "a\"b",
                        .repair = "double it"};
  auto row = run({entry("ann")}, {odd, odd});
  ASSERT_EQ(found(row), "QUOTE 2");
  EXPECT_EQ(row.state, store::RunState::done);
  EXPECT_EQ(row.counts.problems, 0);
  const auto& group = row.findings[0];
  EXPECT_EQ(group.example.attribute, "title");
  EXPECT_EQ(group.example.repair, "double it");
  EXPECT_EQ(group.places[0], (store::FindingPlace{"line 2", "", "", "a\"b"}));

  auto bad = odd;
  bad.severity = Severity::error;
  row = run({entry("ann")}, {bad});
  EXPECT_EQ(found(row), "QUOTE 1");
  EXPECT_EQ(row.findings[0].example.severity, Severity::error);
  EXPECT_EQ(row.state, store::RunState::done_with_errors);
  EXPECT_EQ(row.counts.problems, 1);
}

// A mapping that is applied finds again what the records' sources do not tell again.
TEST_F(Findings, AreFoundByAnAppliedMapping) {
  (void)run({entry("ann", R"(,"title":["Boss","Chief"])"), led("bob", "nobody")});
  auto yaml = std::string(directory_with_managers);
  yaml.replace(yaml.find("title: 'title'"), 14, "title: 'title | upper'");
  use(yaml);
  const auto applied = reevaluate(*provisioner_, {.actor = "test"}, system_clock(), {});
  ASSERT_TRUE(applied);
  const auto row = stored(applied->row.id);
  EXPECT_EQ(found(row), "W-MULTI 1, W-REF 1");
  EXPECT_EQ(standing(row), "dir W-MULTI 1, dir W-REF 1");
}

Result<Outcome> about(const std::string& person, std::vector<Finding> findings) {
  Outcome outcome;
  outcome.decision.verb = Verb::update;
  outcome.decision.identity_id = person;
  outcome.decision.key.key = person;
  outcome.decision.person_findings = std::move(findings);
  return outcome;
}

Finding kind(int n) {
  return {Severity::warning, "W-" + std::to_string(n % 7), "a", "odd", "", std::to_string(n)};
}

TEST(FindingTallies, AreBoundedWhateverIsFound) {
  FindingTally tally;
  tally.begin();
  constexpr int found = 20'000;
  for (int i = 0; i < found; ++i) tally.add("dir", about(std::to_string(i), {kind(i)}));
  tally.keep();
  EXPECT_EQ(tally.count(), found);
  const auto groups = tally.groups();
  EXPECT_LE(groups.size(), 107u);
  std::int64_t sum = 0;
  for (const auto& group : groups) {
    sum += group.count;
    EXPECT_LE(group.places.size(), 5u);
  }
  EXPECT_EQ(sum, found);
}

TEST(FindingTallies, CountAPersonOnceAndForgetWhatIsNotKept) {
  FindingTally tally;
  tally.begin();
  tally.add("dir", about("ann", {kind(1)}));
  tally.add("dir", about("ann", {kind(1)}));
  tally.begin();
  EXPECT_EQ(tally.count(), 0);
  tally.add("dir", about("ann", {kind(1)}));
  tally.keep();
  tally.begin();
  tally.add("dir", about("ann", {kind(1)}));
  EXPECT_EQ(tally.count(), 1);
  tally.follow({.source = "hr", .subject = "bob", .before = {kind(1)}});
  EXPECT_EQ(tally.count(), 1) << "bob's was not counted";
  tally.follow({.source = "hr", .subject = "ann", .before = {kind(1)}, .now = {kind(2)}});
  tally.keep();
  EXPECT_EQ(tally.count(), 1);
  ASSERT_EQ(tally.groups().size(), 1u);
  EXPECT_EQ(tally.groups()[0].example.code, "W-2");
}

}  // namespace
}  // namespace muster::provision
