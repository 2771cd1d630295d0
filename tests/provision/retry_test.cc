// SPDX-License-Identifier: Apache-2.0
// What hindered a record is gone, and nobody tells the record again.
#include <gtest/gtest.h>

#include "provision/runs/lifecycle.h"
#include "provision/runs/reevaluate.h"
#include "provision/simulate/simulate.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

class Retry : public World {
 protected:
  static SourceRecord entry(const std::string& key, const std::string& mail,
                            const std::string& type = "") {
    return record("dir", key,
                  R"({"uid":")" + key + R"(","mail":")" + mail + R"(@acme.example","givenName":")" +
                      key + R"(","sn":"Lee","employeeType":")" + type + R"("})");
  }

  static SourceRecord pushed(const std::string& key, const std::string& mail) {
    return record("idp", key,
                  R"({"name":{"givenName":")" + key +
                      R"(","familyName":"Roe"},"emails":[{"type":"work","value":")" + mail +
                      R"(@acme.example"}]})");
  }

  void must_put(SourceRecord one) {
    const auto outcome = put(std::move(one));
    ASSERT_TRUE(outcome) << describe(outcome.error());
  }

  RunReport retry(std::vector<std::string> names = {}) {
    auto records = waiting_records(*provisioner_, names);
    EXPECT_TRUE(records) << describe(records.error());
    const RetryRequest request{.actor = "test", .records = records.value_or(names)};
    auto report = retry_waiting(*provisioner_, request, system_clock(), {});
    EXPECT_TRUE(report) << describe(report.error());
    return report && *report ? **report : RunReport{};
  }

  std::string mail(const std::string& key) { return person(key + ".lee").email; }

  std::vector<store::ReviewRow> open() {
    auto reader = store_->reader();
    return *(*reader)->reviews().list("", store::ReviewState::open, "", 1000);
  }

  std::vector<store::RunRow> runs() {
    auto reader = store_->reader();
    return *(*reader)->runs().latest("", 1000);
  }

  std::vector<store::RunItem> items(const RunReport& report) {
    auto reader = store_->reader();
    return *(*reader)->runs().items(report.row.id, 0, 1000);
  }

  // u2 is in review because u1 of the same source has its address; then u1 gets another one.
  void free_a_claim() {
    must_put(entry("u1", "shared"));
    must_put(entry("u2", "shared"));
    ASSERT_EQ(open().size(), 1u);
    must_put(entry("u1", "own"));
    ASSERT_EQ(people().size(), 1u);
  }
};

MUSTER_ON_EVERY_ENGINE(Retry);

TEST_F(Retry, AReviewWhoseCauseIsGoneCloses) {
  free_a_claim();
  const auto report = retry();
  EXPECT_EQ(report.row.kind, store::RunKind::retry);
  EXPECT_EQ(report.row.state, store::RunState::done);
  EXPECT_EQ(report.row.counts.read, 1);
  EXPECT_EQ(report.row.counts.created, 1);
  EXPECT_EQ(mail("u2"), "shared@acme.example");
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(items(report).size(), 1u);
}

TEST_F(Retry, AKnownPersonInQuarantineGetsWhatItsRecordSaysByNow) {
  must_put(entry("u1", "a"));
  must_put(entry("u2", "b"));
  const auto refused = put(entry("u2", "a"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->decision.verb, Verb::quarantine);
  must_put(entry("u1", "c"));
  EXPECT_EQ(mail("u2"), "b@acme.example");
  EXPECT_EQ(retry().row.counts.updated, 1);
  EXPECT_EQ(mail("u2"), "a@acme.example");
}

TEST_F(Retry, OneThatStoodInTheWayOfAnotherDoesNotAnyMore) {
  must_put(entry("u1", "a"));
  must_put(entry("u2", "b"));
  must_put(entry("u3", "c"));
  must_put(entry("u1", "b"));
  must_put(entry("u2", "c"));
  must_put(entry("u3", "d"));
  const auto report = retry();
  EXPECT_EQ(mail("u1"), "b@acme.example");
  EXPECT_EQ(mail("u2"), "c@acme.example");
  EXPECT_EQ(report.row.counts.updated, 2);
}

TEST_F(Retry, WhatWaitsOnIsCountedAndWrittenNowhere) {
  must_put(entry("u1", "shared"));
  must_put(entry("u2", "shared"));
  const auto version = open().at(0);
  const auto rows = audit_rows();
  const auto report = retry();
  EXPECT_EQ(report.row.counts.read, 1);
  EXPECT_EQ(report.row.counts.review, 1);
  EXPECT_TRUE(items(report).empty());
  EXPECT_EQ(audit_rows(), rows);
  EXPECT_EQ(open().at(0).opened, version.opened);
}

TEST_F(Retry, OnlyWhatIsNamedIsDecided) {
  free_a_claim();
  must_put(entry("u3", "own"));
  must_put(entry("u1", "third"));
  ASSERT_EQ(open().size(), 2u);
  EXPECT_EQ(retry({"dir/u3"}).row.counts.created, 1);
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(retry({open().at(0).id}).row.counts.created, 1);
  EXPECT_TRUE(open().empty());
  for (const auto& [name, fault] :
       std::map<std::string, Fault>{{"dir/u3", Fault::conflict}, {"dir/u9", Fault::not_found}}) {
    const std::string names[] = {name};
    const auto refused = waiting_records(*provisioner_, names);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, fault) << describe(refused.error());
  }
}

TEST_F(Retry, WhoWouldLeaveIsHeldByTheGuard) {
  for (int i = 0; i < 8; ++i) {
    const auto n = std::to_string(i);
    must_put(entry("u" + n, "mail" + n));
    must_put(pushed("q" + n, "wanted" + n));
    must_put(entry("u" + n, "wanted" + n, "left"));
    must_put(pushed("q" + n, "other" + n));
  }
  const auto report = retry();
  EXPECT_EQ(report.row.state, store::RunState::held);
  EXPECT_EQ(report.row.counts.held, 8);
  EXPECT_EQ(person("u3.lee").state, IdentityState::active);
  EXPECT_EQ(items(report).size(), 8u);
}

TEST_F(Retry, TheSameMappingAppliedAgainDecidesThemToo) {
  free_a_claim();
  std::size_t foreseen = 0;
  const auto simulated = simulate(*store_, *engine_, system_clock().now(), {},
                                  [&](const PersonChange& change) -> Status {
                                    EXPECT_FALSE(change.before);
                                    ++foreseen;
                                    return {};
                                  },
                                  {});
  ASSERT_TRUE(simulated);
  EXPECT_EQ(foreseen, 1u);
  const auto report = reevaluate(*provisioner_, {.actor = "test"}, system_clock(), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->row.counts, simulated->counts);
  EXPECT_EQ(report->row.counts.created, 1);
  EXPECT_TRUE(open().empty());
}

TEST_F(Retry, OtherRulesTellOfEachRecordOnce) {
  must_put(entry("u1", "shared"));
  must_put(entry("u2", "shared"));
  use(std::string(company) + "# another file\n");
  const auto report = reevaluate(*provisioner_, {.actor = "test"}, system_clock(), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->row.counts.read, 2);
  EXPECT_EQ(report->row.counts.review, 1);
}

TEST_F(Retry, ThePassOfTimeRetriesAndLeavesNoTraceOfNothing) {
  must_put(entry("u1", "shared"));
  must_put(entry("u2", "shared"));
  const auto idle = run_lifecycle(*provisioner_, "schedule", system_clock(), {});
  ASSERT_TRUE(idle);
  EXPECT_TRUE(idle->empty());
  EXPECT_TRUE(runs().empty());
  must_put(entry("u1", "own"));
  const auto pass = run_lifecycle(*provisioner_, "schedule", system_clock(), {});
  ASSERT_TRUE(pass);
  ASSERT_EQ(pass->size(), 1u);
  EXPECT_EQ(pass->at(0).row.counts.created, 1);
  EXPECT_EQ(pass->at(0).row.counts.read, 1);
  ASSERT_EQ(runs().size(), 1u);
  EXPECT_EQ(runs().at(0).kind, store::RunKind::lifecycle);
}

}  // namespace
}  // namespace muster::provision
