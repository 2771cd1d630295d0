// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/killed_runs.h"

#include <gtest/gtest.h>

#include <map>

#include "store/leases/held_lease.h"
#include "tests/support/standing_clock.h"

namespace muster::provision {
namespace {

class KilledRuns : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::Store::open({.sources = {"hr", "directory"}, .clock = &clock_});
    ASSERT_TRUE(opened) << describe(opened.error());
    store_ = std::move(*opened);
    using Kind = store::RunKind;
    put({.id = "import", .source = "hr", .kind = Kind::import, .counts = {.created = 7}});
    put({.id = "sync", .source = "directory", .kind = Kind::sync});
    put({.id = "lifecycle", .kind = Kind::lifecycle});
    put({.id = "retry", .kind = Kind::retry});
    put({.id = "apply", .kind = Kind::apply});
    put({.id = "done", .source = "hr", .kind = Kind::import, .state = store::RunState::held});
  }

  void put(const store::RunRow& run) {
    const auto done = store_->write([&](store::Transaction& tx) { return tx.runs().put(run); });
    ASSERT_TRUE(done) << describe(done.error());
  }

  std::map<std::string, store::RunRow> runs() {
    std::map<std::string, store::RunRow> found;
    auto reader = store_->reader();
    auto latest = (*reader)->runs().latest("", 100);
    EXPECT_TRUE(latest);
    for (auto& run : *latest) found.emplace(run.id, run);
    return found;
  }

  // The ids of the runs that are still under way, in the order of the alphabet.
  std::string running() {
    std::string ids;
    for (const auto& [id, run] : runs())
      if (run.state == store::RunState::running) ids += id + " ";
    return ids;
  }

  void end_killed(const std::string& lease) {
    const auto done = store_->write([&](store::Transaction& tx) -> Status {
      MUSTER_CHECK(end_killed_runs(tx, lease));
      return {};
    });
    ASSERT_TRUE(done) << describe(done.error());
  }

  support::StandingClock clock_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(KilledRuns, WhoTakesALeaseEndsTheRunsOfThatLeaseAlone) {
  end_killed(source_lease("hr"));
  EXPECT_EQ(running(), "apply lifecycle retry sync ");
  const auto ended = runs().at("import");
  EXPECT_EQ(ended.state, store::RunState::failed);
  EXPECT_TRUE(ended.ended);
  EXPECT_EQ(ended.counts.created, 7) << "what it had committed stays";
  EXPECT_NE(ended.detail.find("the process was killed"), std::string::npos) << ended.detail;
  EXPECT_EQ(runs().at("done").state, store::RunState::held);
  end_killed(std::string(lifecycle_lease));
  EXPECT_EQ(running(), "apply sync ");
  end_killed(std::string(apply_lease));
  EXPECT_EQ(running(), "sync ");
}

TEST_F(KilledRuns, ThoseThatAreAliveGoOn) {
  constexpr auto duration = std::chrono::seconds(30);
  const auto hr = store::HeldLease::take(*store_, {.name = source_lease("hr")});
  const auto apply = store::HeldLease::take(*store_, {.name = std::string(apply_lease)});
  ASSERT_TRUE(hr && apply);
  const auto ended = end_all_killed_runs(*store_, duration);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->size(), 3u);
  EXPECT_EQ(running(), "apply import ");
  clock_.pass(std::chrono::seconds(20));
  ASSERT_TRUE((*hr)->renew());
  clock_.pass(std::chrono::seconds(20));
  ASSERT_TRUE(end_all_killed_runs(*store_, duration));
  EXPECT_EQ(running(), "import ") << "it alone renewed its lease";
  EXPECT_TRUE(store::lost_lease((*apply)->renew().error())) << "it writes nothing any more";
  EXPECT_TRUE((*hr)->renew());
}

}  // namespace
}  // namespace muster::provision
