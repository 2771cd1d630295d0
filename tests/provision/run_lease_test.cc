// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/run_lease.h"

#include "provision/runs/lifecycle.h"
#include "provision/runs/reevaluate.h"
#include "tests/provision/world.h"
#include "tests/support/every_engine.h"

namespace muster::provision {
namespace {

constexpr auto duration = std::chrono::minutes(10);

// A source that lets something happen when it has told everything.
class ThenSource : public ListSource {
 public:
  ThenSource(std::vector<SourceRecord> records, std::function<void()> then)
      : ListSource(std::move(records)), then_(std::move(then)) {}
  Result<Pull> pull(const Sink& sink, std::stop_token stop) override {
    auto pulled = ListSource::pull(sink, std::move(stop));
    then_();
    return pulled;
  }

 private:
  std::function<void()> then_;
};

class RunLeases : public World {
 protected:
  std::unique_ptr<RunLease> take(const std::string& name, std::stop_token stop = {}) {
    auto lease = RunLease::take(*provisioner_, name, duration, std::move(stop));
    if (!lease) throw std::runtime_error(describe(lease.error()));
    return *std::move(lease);
  }
  Error refusal(const std::string& name) {
    auto lease = RunLease::take(*provisioner_, name, duration, {});
    EXPECT_FALSE(lease);
    return lease ? Error{} : lease.error();
  }

  // As if the holder had stood still until another host took over; that one ends what it left.
  void lose(const std::string& name) {
    const auto done = store_->write([&](store::Transaction& tx) -> Status {
      MUSTER_TRY(const auto lease, tx.leases().find(name));
      MUSTER_CHECK(tx.leases().release(*lease));
      MUSTER_CHECK(tx.leases().acquire(name, {"process 1 on bob", {}}, duration));
      MUSTER_CHECK(end_killed_runs(tx, name));
      return {};
    });
    ASSERT_TRUE(done) << describe(done.error());
  }

  static std::vector<SourceRecord> two() {
    return {directory("a", "Ann", "Lee"), directory("b", "Bob", "Ray")};
  }
  Result<RunReport> read(RunLease& lease, Source& source, const RunRequest& more = {}) {
    auto request = more;
    request.source = "dir";
    request.actor = "test";
    return run_source(lease.provisioner(), source, request, system_clock(), lease.stop_token());
  }

  store::RunRow last_run() {
    auto reader = store_->reader();
    auto runs = (*reader)->runs().latest("", 1);
    EXPECT_TRUE(runs && !runs->empty());
    return runs && !runs->empty() ? runs->front() : store::RunRow{};
  }
  // The run lost its lease: it says so, and nothing is to be seen of it but that it was ended.
  void expect_lost(const Error& error) {
    EXPECT_TRUE(store::lost_lease(error)) << describe(error);
    EXPECT_NE(error.detail.find("process 1 on bob"), std::string::npos) << error.detail;
    EXPECT_EQ(last_run().state, store::RunState::failed);
    EXPECT_NE(last_run().detail.find("the process was killed"), std::string::npos);
  }
};

MUSTER_ON_EVERY_ENGINE(RunLeases);

TEST_F(RunLeases, OneRunOfANameAtATime) {
  {
    const auto lease = take(source_lease("dir"));
    const auto error = refusal(source_lease("dir"));
    EXPECT_EQ(error.fault, Fault::conflict);
    EXPECT_EQ(error.code, "busy");
    EXPECT_EQ(error.detail.find("another run of source 'dir' is under way: the lease is held by "
                                "process " +
                                std::to_string(getpid()) + " on "),
              0u)
        << error.detail;
    take(source_lease("idp"));
    const auto lifecycle = take(std::string(lifecycle_lease));
    const auto apply = take(std::string(apply_lease));
    EXPECT_EQ(refusal(std::string(lifecycle_lease)).detail.find("another lifecycle run"), 0u);
    EXPECT_EQ(refusal(std::string(apply_lease)).detail.find("another application of a map"), 0u);
  }
  take(source_lease("dir"));
}

TEST_F(RunLeases, TakingItEndsWhatWasKilled) {
  ASSERT_TRUE(store_->write([](store::Transaction& tx) -> Status {
    MUSTER_CHECK(tx.runs().put({.id = "killed", .source = "dir"}));
    return tx.runs().put({.id = "other", .source = "people"});
  }));
  const auto lease = take(source_lease("dir"));
  auto reader = store_->reader();
  EXPECT_EQ((*(*reader)->runs().get("killed"))->state, store::RunState::failed);
  EXPECT_EQ((*(*reader)->runs().get("other"))->state, store::RunState::running);
}

TEST_F(RunLeases, ARunUnderOneIsLikeAnyOther) {
  const auto lease = take(source_lease("dir"));
  ListSource source(two());
  const auto report = read(*lease, source);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->row.state, store::RunState::done);
  EXPECT_EQ(people().size(), 2u);
}

TEST_F(RunLeases, WhatLosesItWhileReadingWritesNothing) {
  const auto lease = take(source_lease("dir"));
  ThenSource source(two(), [this] { lose(source_lease("dir")); });
  const auto audited = audit_rows();
  const auto report = read(*lease, source);
  ASSERT_FALSE(report);
  expect_lost(report.error());
  EXPECT_TRUE(lease->stop_token().stop_requested());
  EXPECT_TRUE(people().empty());
  EXPECT_EQ(audit_rows(), audited);
}

TEST_F(RunLeases, WhatLosesItWhileApplyingKeepsWhatItHadCommitted) {
  std::vector<SourceRecord> many;
  for (int i = 0; i < 2500; ++i) {
    const auto number = std::to_string(i);
    many.push_back(directory("key" + number, "First" + number, "Last" + number));
  }
  const auto lease = take(source_lease("dir"));
  ListSource source(many);
  RunRequest request;
  request.on_progress = [this, lost = false](const RunProgress& progress) mutable {
    if (progress.applied == 2000 && !std::exchange(lost, true)) lose(source_lease("dir"));
  };
  const auto report = read(*lease, source, request);
  ASSERT_FALSE(report);
  expect_lost(report.error());
  EXPECT_EQ(people().size(), 2000u);
  EXPECT_EQ(last_run().counts.created, 2000);
}

TEST_F(RunLeases, WhatLosesItAtItsEndIsNotMarkedDone) {
  {
    const auto lease = take(source_lease("dir"));
    ListSource source(two());
    ASSERT_TRUE(read(*lease, source));
  }
  const auto lease = take(source_lease("dir"));
  // Nobody is new, so nothing is left to write but the end of the run.
  ThenSource source(two(), [this] { lose(source_lease("dir")); });
  const auto report = read(*lease, source, {.snapshot = false});
  ASSERT_FALSE(report);
  expect_lost(report.error());
}

TEST_F(RunLeases, OtherRunsStopAsWell) {
  ASSERT_TRUE(put(directory("a", "Ann", "Lee")));
  auto changed = std::string(company);
  const std::string_view line = "department: 'departmentNumber'";
  changed.replace(changed.find(line), line.size(), "department: '\"other\"'");
  use(changed);
  const auto lease = take(std::string(apply_lease));
  lose(std::string(apply_lease));
  const auto applied =
      reevaluate(lease->provisioner(), {.actor = "test"}, system_clock(), lease->stop_token());
  ASSERT_FALSE(applied);
  EXPECT_TRUE(store::lost_lease(applied.error()));
  for (const auto& one : person("ann.lee").attributes) EXPECT_NE(one.name, "department");

  const auto lifecycle = take(std::string(lifecycle_lease));
  lose(std::string(lifecycle_lease));
  const auto retried = retry_waiting(lifecycle->provisioner(), {.actor = "test"}, system_clock(),
                                     lifecycle->stop_token());
  ASSERT_FALSE(retried);
  EXPECT_TRUE(store::lost_lease(retried.error()));
}

TEST_F(RunLeases, AnExchangedMappingIsInForceThereToo) {
  const auto lease = take(std::string(apply_lease));
  EXPECT_EQ(lease->provisioner().engine(), engine_);
  const auto before = engine_;
  use(std::string(company) + "\n# another file\n");
  EXPECT_NE(before, engine_);
  EXPECT_EQ(lease->provisioner().engine(), engine_);
}

TEST_F(RunLeases, WhatAsksTheCallerToStopAsksTheRun) {
  std::stop_source caller;
  const auto lease = take(source_lease("dir"), caller.get_token());
  EXPECT_FALSE(lease->stop_token().stop_requested());
  caller.request_stop();
  EXPECT_TRUE(lease->stop_token().stop_requested());
}

}  // namespace
}  // namespace muster::provision
