// SPDX-License-Identifier: Apache-2.0
// The rules change, and nobody tells anything again.
#include "provision/runs/reevaluate.h"

#include <gtest/gtest.h>

#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

std::string changed(std::string yaml, const std::string& from, const std::string& to) {
  const auto at = yaml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return yaml.replace(at, from.size(), to);
}

std::string company_with(const std::string& from, const std::string& to) {
  return changed(std::string(company), from, to);
}

class Reevaluate : public World {
 protected:
  RunReport again(ReevaluationRequest request = {}, std::stop_token stop = {}) {
    request.actor = "test";
    auto report = reevaluate(*provisioner_, request, system_clock(), std::move(stop));
    EXPECT_TRUE(report) << describe(report.error());
    return report ? *report : RunReport{};
  }

  void many(int count) {
    std::vector<Submission> batch;
    for (int i = 0; i < count; ++i) {
      const auto n = std::to_string(i);
      Submission one;
      one.record = directory("u" + n, "first" + n, "last" + n, R"(,"departmentNumber":"d1")");
      batch.push_back(std::move(one));
    }
    ASSERT_TRUE(provisioner_->submit(std::move(batch), {.actor = "test"}));
  }
};

MUSTER_ON_EVERY_ENGINE(Reevaluate);

TEST_F(Reevaluate, NothingIsDoneWhileTheRulesAreTheSame) {
  ASSERT_TRUE(put(directory("u1", "anna", "lee")));
  const auto events_before = events().size();
  const auto report = again();
  EXPECT_EQ(report.row.state, store::RunState::done);
  EXPECT_EQ(report.row.counts.read, 0);
  EXPECT_EQ(events().size(), events_before);
}

TEST_F(Reevaluate, AChangedRuleReachesEverybodyOnce) {
  ASSERT_TRUE(put(directory("u1", "anna", "lee", R"(,"departmentNumber":"sales")")));
  ASSERT_TRUE(put(record("idp", "e1",
                         R"({"externalId":"e1","userName":"anna","displayName":"anna lee",
                             "emails":[{"type":"work","value":"anna.lee@acme.example"}]})")));
  ASSERT_TRUE(put(directory("u2", "bert", "kay")));
  ASSERT_EQ(people().size(), 2u);
  const auto events_before = events().size();

  // Both sources of one person say something else now: the platform hears it once.
  auto yaml =
      company_with("department: 'departmentNumber'", "department: 'departmentNumber | upper'");
  use(changed(yaml, "displayName: 'displayName'", "displayName: 'displayName | title'"));
  const auto report = again();
  EXPECT_EQ(report.row.state, store::RunState::done) << report.row.detail;
  EXPECT_EQ(report.row.counts.read, 3);
  EXPECT_EQ(report.row.counts.updated, 1);
  EXPECT_EQ(report.row.counts.unchanged, 2);
  EXPECT_EQ(events().size(), events_before + 1);
  const auto anna = person("anna.lee");
  EXPECT_EQ(anna.find("department")->value, Value("SALES"));
  EXPECT_EQ(anna.find("displayName")->value, Value("Anna Lee"));
  EXPECT_EQ(again().row.counts.read, 0);
}

TEST_F(Reevaluate, ARecordThatDidNotChangeKeepsItsVersion) {
  auto first = put(directory("u1", "anna", "lee"));
  ASSERT_TRUE(first);
  use(company_with("otherwise: { id: unknown", "otherwise: { id: somebody"));
  EXPECT_EQ(again().row.counts.unchanged, 1);
  const auto known = provisioner_->known(std::vector{directory("u1", "anna", "lee")});
  ASSERT_TRUE(known);
  EXPECT_TRUE((*known)[0].unchanged);
  EXPECT_EQ((*known)[0].head->version, first->head.version);
}

TEST_F(Reevaluate, AStepBetweenTwoSourcesIsNeverSeen) {
  // The check holds before and after, but not with one record by the new rules and one by the old.
  auto with_check = company_with("- { id: need-mail, severity: error, check: 'present(email)' }",
                                 "- { id: need-mail, severity: error, check: 'present(email)' }\n"
                                 "  - { id: pair, severity: error, check: 'absent(department) or "
                                 "absent(displayName) or department == displayName' }");
  use(with_check);
  ASSERT_TRUE(put(directory("u1", "anna", "lee", R"(,"departmentNumber":"x")")));
  ASSERT_TRUE(put(record("idp", "e1",
                         R"({"externalId":"e1","displayName":"x",
                             "emails":[{"type":"work","value":"anna.lee@acme.example"}]})")));
  auto next = changed(with_check, "department: 'departmentNumber'",
                      "department: '\"{departmentNumber}2\"'");
  use(changed(next, "displayName: 'displayName'", "displayName: '\"{displayName}2\"'"));
  const auto report = again();
  EXPECT_EQ(report.row.counts.quarantined, 0) << report.row.detail;
  EXPECT_EQ(person("anna.lee").find("department")->value, Value("x2"));
}

TEST_F(Reevaluate, ARuleThatRefusesAPersonKeepsWhatWasThere) {
  ASSERT_TRUE(put(directory("u1", "anna", "lee", R"(,"departmentNumber":"sales")")));
  const auto before = person("anna.lee");
  use(company_with("check: 'present(email)'", "check: 'department == \"it\"'"));
  const auto report = again();
  EXPECT_EQ(report.row.state, store::RunState::done_with_errors);
  EXPECT_EQ(report.row.counts.quarantined, 1);
  EXPECT_TRUE(same_person_facts(before, person("anna.lee")));
  // The rule goes, and so does the quarantine.
  use(std::string(company));
  EXPECT_EQ(again().row.state, store::RunState::done);
  EXPECT_TRUE(same_person_facts(before, person("anna.lee")));
}

TEST_F(Reevaluate, WhoIsOutOfScopeLeavesAndComesBackTheSame) {
  ASSERT_TRUE(put(directory("u1", "anna", "lee")));
  const auto before = person("anna.lee");
  use(company_with("'starts(uid, \"svc-\")'", "'uid == \"u1\"'"));
  auto report = again();
  EXPECT_EQ(report.row.counts.deactivated, 1);
  EXPECT_EQ(person("anna.lee").state, IdentityState::inactive);
  use(std::string(company));
  report = again();
  EXPECT_EQ(report.row.counts.reactivated, 1);
  EXPECT_EQ(person("anna.lee").id, before.id);
  EXPECT_TRUE(same_person_facts(before, person("anna.lee")));
}

TEST_F(Reevaluate, PeopleAreFoundByAttributesThatAreMatchedOnNow) {
  ASSERT_TRUE(put(directory("u1", "anna", "lee", R"(,"departmentNumber":"d7")")));
  use(company_with("- { id: mail, match",
                   "- { id: dep, match: [department], one: link }\n"
                   "    - { id: mail, match"));
  EXPECT_EQ(again().row.counts.unchanged, 1);
  auto arrived = put(record("idp", "e1", R"({"externalId":"e1",
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d7"},
      "emails":[{"type":"work","value":"other@acme.example"}]})"));
  ASSERT_TRUE(arrived) << describe(arrived.error());
  EXPECT_EQ(arrived->decision.verb, Verb::link) << arrived->decision.reason;
  EXPECT_EQ(people().size(), 1u);
}

TEST_F(Reevaluate, WhoWaitedIsDecidedAgain) {
  ASSERT_TRUE(put(directory("u1", "anna", "lee")));
  auto waiting = put(record(
      "people", "c1", R"({"id":"c1","mail":"anna.lee@acme.example","first":"A","last":"L"})"));
  ASSERT_TRUE(waiting);
  ASSERT_EQ(waiting->decision.verb, Verb::review);
  auto aside = put(directory("svc-x", "robot", "one"));
  ASSERT_TRUE(aside);
  ASSERT_EQ(aside->decision.verb, Verb::skip);
  auto yaml = company_with("{ id: mail-csv, match: [email], one: suggest",
                           "{ id: mail-csv, match: [email], one: link");
  use(changed(yaml, "'starts(uid, \"svc-\")'", "'uid == \"nobody\"'"));
  const auto report = again();
  EXPECT_EQ(report.row.counts.linked, 1);
  EXPECT_EQ(report.row.counts.created, 1);
  EXPECT_EQ(person("anna.lee").sources.size(), 2u);
  EXPECT_EQ(person("robot.one").state, IdentityState::active);
}

TEST_F(Reevaluate, WhatTheGuardHoldsWaitsAndTheRestGoesOn) {
  many(30);
  const auto leave =
      "employeeType != \"left\" and not (uid in [\"u0\", \"u1\", \"u2\", \"u3\", "
      "\"u4\", \"u5\", \"u6\"])";
  auto yaml = company_with("employeeType != \"left\"", leave);
  use(changed(yaml, "department: 'departmentNumber'", "department: 'departmentNumber | upper'"));
  auto report = again();
  EXPECT_EQ(report.row.state, store::RunState::held) << report.row.detail;
  EXPECT_EQ(report.row.counts.held, 7);
  EXPECT_EQ(report.row.counts.updated, 23);
  EXPECT_EQ(person("first0.last0").state, IdentityState::active);
  EXPECT_EQ(person("first9.last9").find("department")->value, Value("D1"));
  // Another number than the one that was seen is not what was agreed to.
  EXPECT_EQ(again({.accept_deactivations = 6}).row.state, store::RunState::held);
  report = again({.accept_deactivations = 7});
  EXPECT_EQ(report.row.state, store::RunState::done) << report.row.detail;
  EXPECT_EQ(report.row.counts.deactivated, 7);
  EXPECT_EQ(person("first0.last0").state, IdentityState::inactive);
}

TEST_F(Reevaluate, AnInterruptedRunGoesOnWhereItStopped) {
  many(1'200);
  use(company_with("department: 'departmentNumber'", "department: 'departmentNumber | upper'"));
  std::stop_source stop;
  ReevaluationRequest request;
  std::int64_t total = 0;
  request.on_progress = [&](const ReevaluationProgress& progress) {
    total = progress.total;
    stop.request_stop();
  };
  auto first = again(request, stop.get_token());
  EXPECT_EQ(first.row.state, store::RunState::cancelled);
  EXPECT_EQ(total, 1'200);
  EXPECT_EQ(first.row.counts.updated, 1'000);
  auto second = again();
  EXPECT_EQ(second.row.state, store::RunState::done) << second.row.detail;
  EXPECT_EQ(second.row.counts.updated, 200);
  for (const auto& one : people()) EXPECT_EQ(one.find("department")->value, Value("D1"));
  EXPECT_EQ(again().row.counts.read, 0);
}

TEST_F(Reevaluate, ASourceWhoseRulesAreGoneDoesNotSpeakAnyMore) {
  ASSERT_TRUE(put(directory("u1", "anna", "lee")));
  ASSERT_TRUE(
      put(record("people", "c1", R"({"id":"c1","mail":"c@x.example","first":"Cy","last":"Fox"})")));
  auto yaml = company_with("authority: [idp, dir, csv]", "authority: [idp, dir]");
  const auto from = yaml.find("  people:\n"), to = yaml.find("correlate:");
  yaml.erase(from, to - from);
  const auto tier = yaml.find("    - { id: mail-csv");
  yaml.erase(tier, yaml.find('\n', tier) + 1 - tier);
  use(yaml);
  const auto report = again();
  EXPECT_EQ(report.row.counts.deactivated, 1) << report.row.detail;
  EXPECT_EQ(person("cy.fox").state, IdentityState::inactive);
  EXPECT_EQ(person("anna.lee").state, IdentityState::active);
}

}  // namespace
}  // namespace muster::provision
