// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/sync_run.h"

#include "tests/provision/world.h"
#include "tests/support/every_engine.h"
#include "tests/support/records.h"

namespace muster::provision {
namespace {

using store::RunState;

class SyncRun : public World {
 protected:
  static std::vector<SourceRecord> crowd(int count) {
    std::vector<SourceRecord> records;
    for (int i = 0; i < count; ++i) {
      const auto key = "u" + std::to_string(i);
      records.push_back(record("dir", key,
                               R"({"uid":")" + key + R"(","mail":")" + key +
                                   R"(@acme.example","givenName":"Person","sn":"Number )" +
                                   std::to_string(i) + "\"}"));
    }
    return records;
  }

  RunReport run(ListSource source, bool snapshot = true) {
    auto report =
        run_source(*provisioner_, source, {.source = "dir", .snapshot = snapshot, .actor = "test"},
                   system_clock(), {});
    EXPECT_TRUE(report) << describe(report.error());
    return report ? *report : RunReport{};
  }

  std::int64_t active() {
    std::int64_t count = 0;
    for (const auto& one : people()) count += one.state == IdentityState::active;
    return count;
  }

  std::vector<store::RunItem> items(const RunReport& report) {
    auto reader = store_->reader();
    return *(*reader)->runs().items(report.row.id, 0, 10'000);
  }
};

TEST_F(SyncRun, FirstRunCreatesTheSecondChangesNothing) {
  const auto first = run(crowd(250));
  EXPECT_EQ(first.row.state, RunState::done);
  EXPECT_EQ(first.row.counts.created, 250);
  EXPECT_EQ(items(first).size(), 250u);
  const auto audits = audit_rows();
  const auto second = run(crowd(250));
  EXPECT_EQ(second.row.counts.unchanged, 250);
  EXPECT_EQ(second.row.counts.read, 250);
  EXPECT_EQ(items(second).size(), 0u);
  EXPECT_EQ(audit_rows(), audits);
}

TEST_F(SyncRun, AFewLeaversLeave) {
  run(crowd(100));
  const auto report = run(crowd(95));
  EXPECT_EQ(report.row.state, RunState::done);
  EXPECT_EQ(report.row.counts.deactivated, 5);
  EXPECT_EQ(active(), 95);
}

TEST_F(SyncRun, AMassOfLeaversIsHeldAndTheRestIsApplied) {
  run(crowd(100));
  auto rest = crowd(94);
  rest[0] =
      record("dir", "u0",
             R"({"uid":"u0","mail":"u0@acme.example","givenName":"Renamed","sn":"Number 0"})");
  const auto report = run(rest);
  EXPECT_EQ(report.row.state, RunState::held);
  EXPECT_EQ(report.row.counts.held, 6);
  EXPECT_EQ(report.row.counts.deactivated, 0);
  EXPECT_EQ(report.row.counts.updated, 1);
  EXPECT_EQ(active(), 100);
  EXPECT_NE(report.row.detail.find("6 of 100 people"), std::string::npos) << report.row.detail;
  EXPECT_EQ(run(crowd(94)).row.state, RunState::held) << "the next run holds them again";
}

TEST_F(SyncRun, AMassOfDisabledPeopleIsHeldToo) {
  run(crowd(100));
  auto disabled = crowd(100);
  for (int i = 0; i < 20; ++i)
    support::set_attribute(disabled[static_cast<std::size_t>(i)], "employeeType", "left");
  const auto report = run(disabled);
  EXPECT_EQ(report.row.state, RunState::held);
  EXPECT_EQ(report.row.counts.held, 20);
  EXPECT_EQ(active(), 100);
  for (std::size_t i = 4; i < 20; ++i) disabled[i] = crowd(100)[i];
  const auto few = run(disabled);
  EXPECT_EQ(few.row.state, RunState::done);
  EXPECT_EQ(few.row.counts.deactivated, 4);
  EXPECT_EQ(active(), 96);
}

TEST_F(SyncRun, AbsentAndDisabledCountTogether) {
  run(crowd(100));
  auto rest = crowd(97);
  for (std::size_t i = 0; i < 3; ++i) support::set_attribute(rest[i], "employeeType", "left");
  EXPECT_EQ(run(rest).row.counts.held, 6);
  EXPECT_EQ(active(), 100);
}

TEST_F(SyncRun, AnIncompleteReadTakesNobodyAway) {
  run(crowd(100));
  ListSource broken(crowd(98));
  broken.why_incomplete = "the connection was closed";
  const auto report = run(broken);
  EXPECT_EQ(report.row.state, RunState::incomplete);
  EXPECT_EQ(active(), 100);
  EXPECT_NE(report.row.detail.find("the connection was closed"), std::string::npos);
}

TEST_F(SyncRun, AnUnreadableItemTakesNobodyAway) {
  run(crowd(100));
  ListSource broken(crowd(99));
  broken.problems = {{.where = "line 7", .code = "FIELD_COUNT", .message = "too few fields"}};
  const auto report = run(broken);
  EXPECT_EQ(report.row.state, RunState::done_with_errors);
  EXPECT_EQ(report.row.counts.problems, 1);
  EXPECT_EQ(report.row.counts.read, 100);
  EXPECT_EQ(active(), 100);
}

TEST_F(SyncRun, AFailedReadTakesNobodyAway) {
  run(crowd(100));
  ListSource away({});
  away.error = Error{Fault::unavailable, "no server answers", "ldap://127.0.0.1:1", ""};
  const auto report = run(away);
  EXPECT_EQ(report.row.state, RunState::failed);
  ASSERT_TRUE(report.error);
  EXPECT_EQ(report.error->fault, Fault::unavailable);
  EXPECT_EQ(active(), 100);
}

TEST_F(SyncRun, AnEmptyAnswerIsHeldHoweverFewPeopleThereAre) {
  run(crowd(3));
  const auto report = run(ListSource({}));
  EXPECT_EQ(report.row.state, RunState::held);
  EXPECT_EQ(active(), 3);
}

TEST_F(SyncRun, ADeltaSaysNothingAboutTheAbsent) {
  run(crowd(10));
  const auto report = run(crowd(2), false);
  EXPECT_EQ(report.row.state, RunState::done);
  EXPECT_EQ(active(), 10);
}

TEST_F(SyncRun, GraceMarksFirstAndTakesLater) {
  auto patient = std::string(company);
  patient += "  absent: { grace: 7d, then: disable }\n";
  use(patient);
  run(crowd(100));
  const auto report = run(crowd(98));
  EXPECT_EQ(report.row.counts.missing, 2);
  EXPECT_EQ(active(), 100);
  const auto back = run(crowd(100));
  EXPECT_EQ(back.row.counts.deactivated, 0);
  EXPECT_EQ(run(crowd(100)).row.counts.unchanged, 100) << "reappearing clears the mark";
}

TEST_F(SyncRun, AnotherMappingIsAppliedToUnchangedRecords) {
  run(crowd(10));
  auto other = std::string(company);
  other.replace(other.find("lastName: 'sn'"), 14, "lastName: 'upper(sn)'");
  use(other);
  EXPECT_EQ(run(crowd(10)).row.counts.updated, 10);
}

TEST_F(SyncRun, TheOrderOfDeliveryWithinARunDoesNotMatter) {
  // Two of one name, two that claim one number, a contender for a taken mail address.
  std::vector<SourceRecord> told = {
      directory("k1", "Ann", "Lee", R"(,"employeeNumber":"7")"),
      directory("k2", "Eve", "Ray", R"(,"employeeNumber":"7")"), directory("k3", "Bob", "Lee"),
      record("dir", "k4",
             R"({"uid":"k4","mail":"bob2@acme.example","givenName":"Bob","sn":"Lee"})"),
      record("dir", "k5",
             R"({"uid":"k5","mail":"Ann.Lee@acme.example","givenName":"Anna","sn":"Lee"})")};
  std::string expected;
  std::sort(told.begin(), told.end(),
            [](const auto& a, const auto& b) { return a.key.key < b.key.key; });
  do {
    SetUp();
    const auto report = run(ListSource(told));
    EXPECT_EQ(report.row.counts.created, 3);
    EXPECT_EQ(report.row.counts.review, 2);
    std::string text;
    for (const auto& one : people())
      text += one.user_name + " " + one.email + " " +
              (*(*store_->reader())->people().records(one.id))[0].head.key.key + "\n";
    for (const auto& item : items(report)) text += item.record_key + " " + item.action + "\n";
    if (expected.empty()) expected = text;
    EXPECT_EQ(text, expected);
  } while (std::next_permutation(told.begin(), told.end(), [](const auto& a, const auto& b) {
    return a.key.key < b.key.key;
  }));
  EXPECT_NE(expected.find("bob.lee bob.lee@acme.example k3"), std::string::npos) << expected;
  EXPECT_NE(expected.find("bob.lee2 bob2@acme.example k4"), std::string::npos) << expected;
  EXPECT_NE(expected.find("k2 review"), std::string::npos) << "the lower key links";
}

TEST_F(SyncRun, WhatPassesFromOneToAnotherWithinARunArrives) {
  auto person_of = [](const std::string& key, const std::string& first, const std::string& mail) {
    return record("dir", key,
                  R"({"uid":")" + key + R"(","mail":")" + mail + R"(@acme.example","givenName":")" +
                      first + R"(","sn":"Lee"})");
  };
  run(ListSource({person_of("k5", "Ann", "office"), person_of("k6", "Cid", "cid")}));
  // The address goes from Ann to Bob, a newcomer whose key comes before hers.
  const auto report =
      run(ListSource({person_of("k1", "Bob", "office"), person_of("k5", "Ann", "ann"),
                      person_of("k6", "Cid", "cid")}));
  EXPECT_EQ(report.row.counts.created, 1);
  EXPECT_EQ(report.row.counts.updated, 1);
  EXPECT_EQ(report.row.counts.review, 0);
  EXPECT_EQ(report.row.counts.quarantined, 0);
  EXPECT_EQ(person("bob.lee").email, "office@acme.example");
  EXPECT_EQ(person("ann.lee").email, "ann@acme.example");
  const auto again =
      run(ListSource({person_of("k1", "Bob", "office"), person_of("k5", "Ann", "ann"),
                      person_of("k6", "Cid", "ann")}));
  EXPECT_EQ(again.row.counts.quarantined, 1) << "nobody gave that address up";
  EXPECT_EQ(person("cid.lee").email, "cid@acme.example");
  EXPECT_EQ(items(again).size(), 1u);
}

// Whose record can be decided only once somebody has left is under the same guard.
TEST_F(SyncRun, WhoLeavesByARecordThatClashedIsNotForgotten) {
  const auto bob = [](const char* mail, const char* type) {
    return record("dir", "bob",
                  std::string(R"({"uid":"bob","mail":")") + mail +
                      R"(@acme.example","givenName":"Bob","sn":"Lee","employeeType":")" + type +
                      "\"}");
  };
  for (const int leavers : {4, 5}) {
    SCOPED_TRACE(leavers);
    auto all = crowd(20);
    all.push_back(bob("bob", "staff"));
    run(ListSource(all));
    ASSERT_EQ(active(), 21);
    std::vector<SourceRecord> rest(all.begin() + leavers, all.end() - 1);
    rest.push_back(bob("u0", "left"));  // the address of somebody who is absent
    const auto report = run(ListSource(rest));
    const bool held = leavers == 5;  // the limit is five
    EXPECT_EQ(report.row.state, held ? RunState::held : RunState::done);
    EXPECT_EQ(report.row.counts.deactivated, 5);
    EXPECT_EQ(report.row.counts.held, held ? 1 : 0);
    EXPECT_EQ(active(), 16);
    EXPECT_EQ(person("bob.lee").state, held ? IdentityState::active : IdentityState::inactive);
    run(ListSource(all));
  }
}

TEST_F(SyncRun, ARunThatIsStoppedTakesNobodyAway) {
  run(crowd(100));
  std::stop_source stop;
  stop.request_stop();
  ListSource source(crowd(97));
  const auto report = run_source(*provisioner_, source, {.source = "dir", .actor = "test"},
                                 system_clock(), stop.get_token());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->row.state, RunState::cancelled);
  EXPECT_EQ(active(), 100);
}

TEST_F(SyncRun, ARehearsalLeavesNoTrace) {
  run(crowd(10));
  const auto audits = audit_rows();
  auto rehearsal = store_->rehearsal();
  ASSERT_TRUE(rehearsal) << describe(rehearsal.error());
  Provisioner provisioner(**rehearsal, engine_);
  ListSource source(crowd(20));
  auto report =
      run_source(provisioner, source, {.source = "dir", .actor = "test"}, system_clock(), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->row.counts.created, 10);
  EXPECT_EQ(people().size(), 10u);
  EXPECT_EQ(audit_rows(), audits);
}
MUSTER_TEST_ON_EVERY_ENGINE(SyncRun, ARehearsalLeavesNoTrace);

}  // namespace
}  // namespace muster::provision
