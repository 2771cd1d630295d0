// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/lifecycle.h"

#include "provision/explain/explain.h"
#include "provision/reviews/reviews.h"
#include "provision/runs/reevaluate.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"
#include "tests/support/standing_clock.h"

namespace muster::provision {
namespace {

using store::RunState;

std::string company_with(const std::string& department, const std::string& lifecycle) {
  std::string text(company);
  const std::string rule = "department: { authority: [dir, idp] }";
  text.replace(text.find(rule), rule.size(),
               "department: { authority: [dir, idp], " + department + " }");
  return text + lifecycle;
}

class Lifecycle : public World {
 protected:
  void SetUp() override {
    use(std::string(company));
    store::StoreOptions options;
    options.url = support::store_url("sqlite::memory:");
    options.sources = {"idp", "dir", "people"};
    options.clock = &clock_;
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened) << describe(opened.error());
    store_ = std::move(*opened);
    provisioner_ = std::make_unique<Provisioner>(*store_, engine_, clock_);
  }

  static SourceRecord numbered(int number) {
    return directory("u" + std::to_string(number), "P" + std::to_string(number), "Lee",
                     R"(,"departmentNumber":"Sales")");
  }

  RunReport sync(const std::vector<int>& numbers) {
    std::vector<SourceRecord> records;
    for (const int number : numbers) records.push_back(numbered(number));
    ListSource source(std::move(records));
    auto report = run_source(*provisioner_, source, {.source = "dir", .actor = "test"}, clock_, {});
    EXPECT_TRUE(report) << describe(report.error());
    return report ? *report : RunReport{};
  }

  static std::vector<int> range(int from, int to) {
    std::vector<int> numbers;
    for (int i = from; i < to; ++i) numbers.push_back(i);
    return numbers;
  }

  std::vector<RunReport> pass() {
    auto reports = run_lifecycle(*provisioner_, "test", clock_, {});
    EXPECT_TRUE(reports) << describe(reports.error());
    return reports ? *reports : std::vector<RunReport>{};
  }

  std::int64_t count(IdentityState state) {
    std::int64_t found = 0;
    for (const auto& one : people()) found += one.state == state;
    return found;
  }

  support::StandingClock clock_;
};

MUSTER_ON_EVERY_ENGINE(Lifecycle);

constexpr auto day = std::chrono::days(1);

TEST_F(Lifecycle, NothingToDoLeavesNoRun) {
  sync({1, 2});
  EXPECT_TRUE(pass().empty());
}

TEST_F(Lifecycle, GraceEndsWithoutTheSourceSayingAnything) {
  use(company_with("absent: next", "  absent: { grace: 7d, then: disable }\n"));
  sync(range(0, 10));
  clock_.pass(day);
  EXPECT_EQ(sync(range(1, 10)).row.counts.missing, 1);
  auto zero = person("p0.lee");
  EXPECT_EQ(zero.state, IdentityState::active);
  EXPECT_EQ(zero.state_reason,
            "absent from every source since 2026-11-23T12:00:00Z; becomes inactive at "
            "2026-11-30T12:00:00Z unless it comes back (lifecycle.absent.grace)");
  clock_.pass(6 * day);
  EXPECT_TRUE(pass().empty());
  clock_.pass(day);
  const auto reports = pass();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].row.state, RunState::done);
  EXPECT_EQ(reports[0].row.counts.deactivated, 1);
  zero = person("p0.lee");
  EXPECT_EQ(zero.state, IdentityState::inactive);
  EXPECT_TRUE(zero.state_reason.starts_with(
      "no source has a record of this person any more since 2026-11-30T12:00:00Z"))
      << zero.state_reason;
  EXPECT_TRUE(pass().empty());

  sync(range(0, 10));
  zero = person("p0.lee");
  EXPECT_EQ(zero.state, IdentityState::active) << "who returns is the same person, with the name";
  EXPECT_EQ(zero.state_reason, "");
}

TEST_F(Lifecycle, ComingBackCancelsTheGrace) {
  use(company_with("absent: next", "  absent: { grace: 7d }\n"));
  sync(range(0, 10));
  sync(range(1, 10));
  sync(range(0, 10));
  EXPECT_EQ(person("p0.lee").state_reason, "");
  clock_.pass(10 * day);
  EXPECT_TRUE(pass().empty());
  EXPECT_EQ(count(IdentityState::active), 10);
}

TEST_F(Lifecycle, AReadThatNamesNobodyStartsNobodysGrace) {
  use(company_with("absent: next", "  absent: { grace: 7d }\n"));
  sync(range(0, 4));
  EXPECT_EQ(sync({}).row.state, RunState::held);
  clock_.pass(10 * day);
  EXPECT_TRUE(pass().empty());
  EXPECT_EQ(count(IdentityState::active), 4);
}

TEST_F(Lifecycle, TheGuardHoldsWhatWouldTakeManyAway) {
  use(company_with("absent: next", "  absent: { grace: 7d }\n"));
  sync(range(0, 40));
  sync(range(20, 40));
  clock_.pass(8 * day);
  const auto reports = pass();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].row.state, RunState::held);
  EXPECT_EQ(reports[0].row.counts.held, 20);
  EXPECT_NE(reports[0].row.detail.find("20 people would become inactive"), std::string::npos);
  EXPECT_EQ(count(IdentityState::active), 40);
  EXPECT_EQ(pass()[0].row.state, RunState::held) << "it is asked again until somebody decides";
}

TEST_F(Lifecycle, AHoldEndsByItself) {
  use(company_with("absent: hold 14d then next", ""));
  sync({1});
  ASSERT_TRUE(put(directory("u1", "P1", "Lee")));
  EXPECT_EQ(person("p1.lee").find("department")->value, Value("Sales"));
  clock_.pass(13 * day);
  EXPECT_TRUE(pass().empty());
  clock_.pass(day);
  ASSERT_EQ(pass().size(), 1u);
  EXPECT_EQ(person("p1.lee").find("department"), nullptr);
  EXPECT_EQ(events().back(), "user.updated");
}

TEST_F(Lifecycle, ASourceThatLeftIsHeardForItsTime) {
  use(company_with("gone: hold 30d", ""));
  sync({1});
  ASSERT_TRUE(put(record("idp", "i1", R"({"externalId":"i1","emails":[{"type":"work",
      "value":"P1.Lee@acme.example"}],"name":{"givenName":"P1","familyName":"Lee"}})")));
  ASSERT_TRUE(gone({"dir", ResourceType::user, "u1"}));
  EXPECT_EQ(person("p1.lee").find("department")->value, Value("Sales"));
  EXPECT_EQ(person("p1.lee").sources, std::vector<std::string>{"idp"});
  clock_.pass(30 * day);
  ASSERT_EQ(pass().size(), 1u);
  EXPECT_EQ(person("p1.lee").find("department"), nullptr);
  EXPECT_EQ(person("p1.lee").state, IdentityState::active);
}

TEST_F(Lifecycle, WhoIsKeptLongEnoughIsDeletedAndTheNameStaysTaken) {
  use(company_with("absent: next", "  absent: { retain: 400d, finally: delete }\n"));
  sync(range(0, 10));
  sync(range(1, 10));
  const auto before = person("p0.lee");
  EXPECT_EQ(before.state, IdentityState::inactive);
  EXPECT_EQ(before.due, clock_.now() + 400 * day);
  clock_.pass(400 * day);
  const auto reports = pass();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].row.state, RunState::done);
  const auto after = person("p0.lee");
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.state, IdentityState::deleted);
  EXPECT_EQ(after.email, "");
  ASSERT_EQ(after.attributes.size(), 1u);
  EXPECT_EQ(after.attributes[0].name, "userName");
  EXPECT_EQ(events().back(), "user.deleted");
  {
    auto reader = store_->reader();
    EXPECT_TRUE((*reader)->people().records(before.id)->empty());
  }
  EXPECT_TRUE(pass().empty());

  sync(range(0, 10));
  const auto again = person("p0.lee2");
  EXPECT_EQ(again.state, IdentityState::active);
  EXPECT_NE(again.id, before.id);
  EXPECT_EQ(person("p0.lee").state, IdentityState::deleted);
}

// Says the same of somebody as explain does, state and reason.
void expect_explained(const Provisioner& provisioner, const Identity& person, Timestamp now) {
  auto mask = [](const Value& value) { return value; };
  const auto told = explain(provisioner, person.id, now, mask);
  ASSERT_TRUE(told) << describe(told.error());
  const auto* state = told->find("state");
  EXPECT_EQ(*state->find("value"), Value(name_of(person.state)));
  EXPECT_EQ(*state->find("reason"), Value(person.state_reason));
  EXPECT_EQ(*told->find("stale"), Value(false)) << write_json(*told);
}

TEST_F(Lifecycle, AChangedRetentionReachesWhoLeftBefore) {
  use(std::string(company));
  sync(range(0, 12));
  sync(range(3, 12));
  clock_.pass(10 * day);
  EXPECT_TRUE(pass().empty());

  const auto apply = [&](const std::string& absent) {
    use(company_with("absent: next", absent));
    const auto report = reevaluate(*provisioner_, {.actor = "test"}, clock_, {});
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->row.state, RunState::done) << report->row.detail;
    expect_explained(*provisioner_, person("p0.lee"), clock_.now());
  };
  apply("  absent: { retain: 400d, finally: delete }\n");
  EXPECT_EQ(person("p0.lee").due, *parse_timestamp("2027-12-27T12:00:00Z"));
  EXPECT_TRUE(pass().empty());

  apply("  absent: { retain: 1s, finally: delete }\n");
  EXPECT_EQ(person("p0.lee").state, IdentityState::inactive) << "that is the lifecycle run's";
  apply("  absent: { retain: 20d, finally: delete }\n");
  EXPECT_TRUE(pass().empty()) << "what is lengthened again counts";

  apply("  absent: { retain: 1s, finally: delete }\n");
  const auto reports = pass();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].row.state, RunState::done);
  EXPECT_EQ(count(IdentityState::deleted), 3);
  expect_explained(*provisioner_, person("p0.lee"), clock_.now());
  apply("  absent: { retain: 400d, finally: delete }\n");
  EXPECT_EQ(count(IdentityState::deleted), 3);
}

TEST_F(Lifecycle, AShorterRetentionIsGuarded) {
  sync(range(0, 40));
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(gone({"dir", ResourceType::user, "u" + std::to_string(i)}));
  clock_.pass(day);
  use(company_with("absent: next", "  absent: { retain: 1s, finally: delete }\n"));
  ASSERT_TRUE(reevaluate(*provisioner_, {.actor = "test"}, clock_, {}));
  const auto reports = pass();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].row.state, RunState::held);
  EXPECT_EQ(count(IdentityState::deleted), 0);
}

// A leaver and the successor with the same address.
class Releases : public Lifecycle {
 protected:
  void with(const std::string& release) {
    std::string text(company);
    const std::string place = "schema:\n";
    text.replace(text.find(place), place.size(), place + release);
    use(text);
  }
  static SourceRecord shared(const std::string& key) {
    return record("dir", key,
                  R"({"uid":")" + key + R"(","mail":"info@acme.example",)" +
                      R"("givenName":"N","sn":")" + key + "\"}");
  }
  RunReport run(const std::vector<std::string>& keys) {
    std::vector<SourceRecord> records;
    for (const auto& key : keys) records.push_back(shared(key));
    for (int i = 0; i < 5; ++i) records.push_back(numbered(i));
    ListSource source(std::move(records));
    auto report = run_source(*provisioner_, source, {.source = "dir", .actor = "test"}, clock_, {});
    EXPECT_TRUE(report) << describe(report.error());
    return report ? *report : RunReport{};
  }
};
MUSTER_ON_EVERY_ENGINE(Releases);

TEST_F(Releases, TheSuccessorHasTheAddressInTheRunInWhichTheLeaverGoes) {
  run({"old"});
  const auto report = run({"new"});
  EXPECT_EQ(report.row.counts.review, 0);
  EXPECT_EQ(person("n.new").email, "info@acme.example");
  const auto old = person("n.old");
  EXPECT_EQ(old.state, IdentityState::inactive);
  EXPECT_EQ(old.email, "") << "the claim is given up";
  ASSERT_NE(old.find("email"), nullptr) << "the history is not";
  EXPECT_TRUE(old.find("email")->released);
  expect_explained(*provisioner_, old, clock_.now());

  // Who comes back while somebody else has it stays as it is; once it is free, it is theirs again.
  EXPECT_EQ(run({"new", "old"}).row.counts.quarantined, 1);
  EXPECT_EQ(person("n.old").state, IdentityState::inactive);
  run({"old"});
  EXPECT_EQ(person("n.old").state, IdentityState::active);
  EXPECT_EQ(person("n.old").email, "info@acme.example");
  EXPECT_FALSE(person("n.old").find("email")->released);
  EXPECT_EQ(person("n.new").email, "");
}

TEST_F(Releases, AnAddressIsKeptForTheTimeThatTheFileSays) {
  with("  release: { email: after 30d }\n");
  run({"old"});
  EXPECT_EQ(run({"new"}).row.counts.review, 1);
  EXPECT_EQ(run({"new"}).row.counts.review, 1);
  EXPECT_EQ(person("n.old").email, "info@acme.example");
  expect_explained(*provisioner_, person("n.old"), clock_.now());
  clock_.pass(30 * day);
  const auto reports = pass();
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(person("n.old").email, "");
  EXPECT_EQ(person("n.new").email, "info@acme.example") << "the same look lets the successor in";
}

TEST_F(Releases, AnAddressThatIsNeverReleasedIsTakenForGood) {
  with("  release: { email: never }\n");
  run({"old"});
  EXPECT_EQ(run({"new"}).row.counts.review, 1);
  clock_.pass(1000 * day);
  pass();
  EXPECT_EQ(run({"new"}).row.counts.review, 1);
  std::string review, reason;
  ASSERT_TRUE(store_->read([&](store::View& view) -> Status {
    MUSTER_TRY(const auto heads, view.walks().waiting(0, 10));
    const std::string ids[] = {heads.front().id};
    MUSTER_TRY(const auto latest, view.reviews().latest(ids));
    review = latest[0]->id;
    reason = latest[0]->reason;
    return {};
  }));
  EXPECT_NE(reason.find("n.old"), std::string::npos) << reason;
  const ReviewAnswer create{
      .kind = ReviewAnswer::Kind::create, .review = review, .person = "", .by = "ann"};
  const auto refused = answer_review(*provisioner_, create, "ann");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::conflict);
  EXPECT_NE(refused.error().detail.find("n.old"), std::string::npos) << describe(refused.error());
  EXPECT_NE(refused.error().detail.find("schema.release.email"), std::string::npos);
  // Another rule, and the same decision works.
  use(std::string(company));
  ASSERT_TRUE(reevaluate(*provisioner_, {.actor = "test"}, clock_, {}));
  EXPECT_EQ(person("n.new").email, "info@acme.example");
}

TEST_F(Releases, ARehireUnderANewIdFindsTheOldAccountWhereTheTierSaysSo) {
  std::string text(company);
  const std::string tier = "{ id: employee-no, match: [employeeId], one: link }";
  text.replace(text.find(tier), tier.size(),
               "{ id: employee-no, match: [employeeId], one: link, leavers: link }");
  use(text);
  ASSERT_TRUE(put(directory("first", "Ann", "Lee", R"(,"employeeNumber":"7")")));
  const auto id = person("ann.lee").id;
  ASSERT_TRUE(gone({"dir", ResourceType::user, "first"}));
  EXPECT_TRUE(person("ann.lee").find("employeeId")->released);
  const auto back = put(directory("second", "Ann", "Lee", R"(,"employeeNumber":"7")"));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->identity.id, id);
  EXPECT_EQ(person("ann.lee").state, IdentityState::active);
  EXPECT_EQ(person("ann.lee").email, "ann.lee@acme.example");
  // By default a person decides.
  use(std::string(company));
  ASSERT_TRUE(gone({"dir", ResourceType::user, "second"}));
  const auto again = put(directory("third", "Ann", "Lee", R"(,"employeeNumber":"7")"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->decision.verb, Verb::review);
}

TEST_F(Lifecycle, ReturningBeforeTheEndCancelsTheDeletion) {
  use(company_with("absent: next", "  absent: { retain: 400d, finally: delete }\n"));
  sync(range(0, 10));
  sync(range(1, 10));
  clock_.pass(399 * day);
  sync(range(0, 10));
  clock_.pass(10 * day);
  EXPECT_TRUE(pass().empty());
  EXPECT_EQ(person("p0.lee").state, IdentityState::active);
}

TEST_F(Lifecycle, AnExpiredContractEndsOnItsDay) {
  auto text = std::string(company);
  text.replace(text.find("    kind: { type"), 0, "    contractEnd: date\n");
  text.replace(text.find("      kind: '\"contractor\"'"), 0,
               "      contractEnd: 'date(end, \"yyyy-MM-dd\", \"UTC\")'\n");
  use(text + "  expired: { when: 'contractEnd < run_date', then: disable }\n");
  ASSERT_TRUE(put(record("people", "c1", R"({"id":"c1","mail":"c1@x.example","first":"Con",
      "last":"Tractor","end":"2026-11-30"})")));
  EXPECT_EQ(person("con.tractor").state, IdentityState::active);
  clock_.pass(8 * day);
  pass();
  EXPECT_EQ(person("con.tractor").state, IdentityState::active) << "on its last day";
  clock_.pass(day);
  const auto reports = pass();
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].row.counts.deactivated, 1);
  EXPECT_EQ(person("con.tractor").state, IdentityState::inactive);
}

}  // namespace
}  // namespace muster::provision
