// SPDX-License-Identifier: Apache-2.0
#include "operations/runs/killed_runs.h"

#include <gtest/gtest.h>

#include <map>

#include "operations/runs/source_lock.h"
#include "tests/support/temp_dir.h"

namespace muster::operations {
namespace {

class KilledRuns : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = store::Store::open({.sources = {"hr", "directory"}});
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

  support::TempDir state_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(KilledRuns, WhoHoldsALockEndsTheRunsOfThatLockAlone) {
  ASSERT_TRUE(end_killed_runs(*store_, "hr"));
  EXPECT_EQ(running(), "apply lifecycle retry sync ");
  const auto ended = runs().at("import");
  EXPECT_EQ(ended.state, store::RunState::failed);
  EXPECT_TRUE(ended.ended);
  EXPECT_EQ(ended.counts.created, 7) << "what it had committed stays";
  EXPECT_NE(ended.detail.find("the process was killed"), std::string::npos) << ended.detail;
  EXPECT_EQ(runs().at("done").state, store::RunState::held);
  ASSERT_TRUE(end_killed_runs(*store_, lifecycle_lock));
  EXPECT_EQ(running(), "apply sync ");
  ASSERT_TRUE(end_killed_runs(*store_, apply_lock));
  EXPECT_EQ(running(), "sync ");
}

TEST_F(KilledRuns, ThoseThatAreAliveGoOn) {
  {
    const auto hr = SourceLock::acquire(state_.path(), "hr");
    const auto apply = SourceLock::acquire(state_.path(), apply_lock);
    ASSERT_TRUE(hr && apply);
    ASSERT_TRUE(end_all_killed_runs(*store_, state_.path()));
    EXPECT_EQ(running(), "apply import ");
  }
  ASSERT_TRUE(end_all_killed_runs(*store_, state_.path()));
  EXPECT_EQ(running(), "");
}

}  // namespace
}  // namespace muster::operations
