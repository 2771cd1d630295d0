// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <csignal>
#include <future>
#include <set>
#include <thread>

#include "store/leases/held_lease.h"
#include "tests/store/store_fixture.h"
#include "tests/support/process.h"
#include "tests/support/standing_clock.h"

namespace muster::store {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const LeaseHolder kAnn{"process 1 on ann", {}};
const LeaseHolder kBob{"process 1 on bob", {}};

class LeaseTest : public StoreTest {
 protected:
  void SetUp() override { store_ = open(); }

  std::unique_ptr<Store> open(milliseconds longest_pause = seconds(20)) {
    auto how = options();
    how.clock = &clock_;
    how.longest_pause = longest_pause;
    auto opened = Store::open(how);
    if (!opened) throw std::runtime_error(describe(opened.error()));
    return *std::move(opened);
  }

  static Result<Lease> acquire(Store& store, const LeaseHolder& holder,
                               milliseconds duration = seconds(30)) {
    Lease lease;
    MUSTER_CHECK(store.write([&](Transaction& tx) -> Status {
      MUSTER_TRY(lease, tx.leases().acquire("source:hr", holder, duration));
      return {};
    }));
    return lease;
  }
  Lease must_acquire(const LeaseHolder& holder, milliseconds duration = seconds(30)) {
    auto lease = acquire(*store_, holder, duration);
    EXPECT_TRUE(lease) << describe(lease.error());
    return lease ? *lease : Lease{};
  }
  std::optional<Lease> found() {
    std::optional<Lease> lease;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(lease, tx.leases().find("source:hr"));
      return {};
    });
    return lease;
  }
  Status check(const Lease& lease) {
    return write([&](Transaction& tx) { return tx.leases().check(lease); });
  }
  Status renew(const Lease& lease, milliseconds duration = seconds(30)) {
    return write([&](Transaction& tx) { return tx.leases().renew(lease, duration); });
  }
  void release(const Lease& lease) {
    must_write([&](Transaction& tx) { return tx.leases().release(lease); });
  }

  // PostgreSQL's clock is nobody's to move: there the leases' ends are.
  void let_pass(seconds time) {
    clock_.pass(time);
    if (GetParam() != Place::postgresql) return;
    const auto ms = std::to_string(milliseconds(time).count());
    sql("update leases set since = since - " + ms + ", until = until - " + ms);
  }
  void sql(const std::string& statement) {
    support::Postgres::shared().run(statement, url_.substr(url_.rfind('/') + 1));
  }

  static Status put_run(Store& store, const std::string& id) {
    return store.write([&](Transaction& tx) { return tx.runs().put({.id = id, .source = "hr"}); });
  }
  std::string running() {
    std::string ids;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(const auto runs, tx.runs().running());
      for (const auto& run : runs) ids += run.id + " ";
      return {};
    });
    return ids;
  }

  support::StandingClock clock_;
};
INSTANTIATE_TEST_SUITE_P(Engines, LeaseTest, every_place(), place_name);

TEST_P(LeaseTest, OneAtATimeHoldsIt) {
  EXPECT_FALSE(found());
  const auto lease = must_acquire(kAnn);
  EXPECT_GT(lease.fence, 0);
  EXPECT_EQ(lease.until - lease.since, seconds(30));
  const auto now = found();
  ASSERT_TRUE(now);
  EXPECT_TRUE(now->held);
  EXPECT_EQ(now->holder.name, kAnn.name);
  EXPECT_EQ(now->fence, lease.fence);
  EXPECT_TRUE(check(lease));

  const auto second = acquire(*store_, kBob);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().fault, Fault::conflict);
  EXPECT_EQ(second.error().code, "busy");
  EXPECT_NE(second.error().detail.find("process 1 on ann since 2"), std::string::npos)
      << second.error().detail;
  EXPECT_FALSE(lost_lease(second.error()));
  EXPECT_FALSE(acquire(*store_, kAnn)) << "not twice by one either";
  EXPECT_TRUE(check(lease));
}

TEST_P(LeaseTest, OneThatRanOutIsTakenWithALargerNumber) {
  const auto old = must_acquire(kAnn);
  let_pass(seconds(29));
  EXPECT_FALSE(acquire(*store_, kBob));
  let_pass(seconds(2));
  EXPECT_FALSE(found()->held);
  const auto lease = must_acquire(kBob);
  EXPECT_GT(lease.fence, old.fence);
  EXPECT_TRUE(check(lease));

  const auto refused = check(old);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(lost_lease(refused.error()));
  EXPECT_NE(refused.error().detail.find("lost to process 1 on bob since"), std::string::npos)
      << refused.error().detail;
  EXPECT_TRUE(lost_lease(renew(old).error()));
  release(old);
  EXPECT_TRUE(found()->held) << "only its holder gives it back";
  EXPECT_TRUE(check(lease));
}

TEST_P(LeaseTest, WhoRenewsKeepsIt) {
  const auto lease = must_acquire(kAnn);
  let_pass(seconds(20));
  ASSERT_TRUE(renew(lease));
  let_pass(seconds(20));
  EXPECT_FALSE(acquire(*store_, kBob));
  let_pass(seconds(20));
  EXPECT_FALSE(found()->held);
  EXPECT_TRUE(check(lease)) << "nobody took it";
  ASSERT_TRUE(renew(lease));
  EXPECT_FALSE(acquire(*store_, kBob));
}

TEST_P(LeaseTest, NumbersGrowOverReleasesAndRestarts) {
  const auto first = must_acquire(kAnn);
  release(first);
  EXPECT_FALSE(found()->held);
  const auto second = must_acquire(kBob);
  EXPECT_GT(second.fence, first.fence);
  release(second);
  if (GetParam() == Place::memory) return;
  store_.reset();
  store_ = open();
  EXPECT_GT(must_acquire(kAnn).fence, second.fence);
}

TEST_P(LeaseTest, AWriteWithAnOldNumberIsRefusedWhole) {
  const auto lease = must_acquire(kAnn);
  int losses = 0;
  FencedStore fenced(*store_, lease, [&losses] { ++losses; });
  ASSERT_TRUE(put_run(fenced, "before"));
  let_pass(seconds(31));
  ASSERT_TRUE(put_run(fenced, "nobody-took-it"));
  must_acquire(kBob);
  bool called = false;
  const auto refused = fenced.write([&](Transaction& tx) {
    called = true;
    return tx.runs().put({.id = "after", .source = "hr"});
  });
  ASSERT_FALSE(refused);
  EXPECT_TRUE(lost_lease(refused.error()));
  EXPECT_FALSE(called);
  EXPECT_EQ(losses, 1);
  EXPECT_EQ(running(), "before nobody-took-it ");
}

TEST_P(LeaseTest, IsHeldFromTakingToTheEndOfTheObject) {
  Store::Work first = [](Transaction& tx) {
    return tx.runs().put({.id = "first", .source = "hr"});
  };
  {
    auto held = HeldLease::take(*store_, {.name = "source:hr", .holder = kAnn, .first = first});
    ASSERT_TRUE(held) << describe(held.error());
    EXPECT_EQ(running(), "first ");
    EXPECT_EQ(HeldLease::take(*store_, {.name = "source:hr", .holder = kBob}).error().code, "busy");
    EXPECT_TRUE(HeldLease::take(*store_, {.name = "source:other", .holder = kBob}));
    const LeaseKeeper keeper(**held);
    ASSERT_TRUE(put_run((*held)->store(), "second"));
    EXPECT_FALSE((*held)->stop_token().stop_requested());
  }
  EXPECT_FALSE(found()->held);
  first = [](Transaction&) -> Status { return fail(Fault::internal, "no"); };
  EXPECT_FALSE(HeldLease::take(*store_, {.name = "source:hr", .first = first}));
  EXPECT_FALSE(found()->held) << "taken and begun together or not at all";
}

TEST_P(LeaseTest, WhatIsDoneUnderALostOneIsAskedToStop) {
  const HeldLease::Request ann{.name = "source:hr", .holder = kAnn};
  auto held = HeldLease::take(*store_, ann);
  ASSERT_TRUE(held);
  let_pass(seconds(20));
  EXPECT_TRUE((*held)->renew());
  let_pass(seconds(20));
  EXPECT_FALSE(acquire(*store_, kBob)) << "it was renewed";
  let_pass(seconds(20));
  const auto lease = must_acquire(kBob);
  EXPECT_FALSE((*held)->stop_token().stop_requested());
  EXPECT_TRUE(lost_lease((*held)->renew().error()));
  EXPECT_TRUE((*held)->stop_token().stop_requested());
  held->reset();
  EXPECT_TRUE(check(lease)) << "its end gives back nothing that is another's";

  release(lease);
  held = HeldLease::take(*store_, ann);
  let_pass(seconds(31));
  must_acquire(kBob);
  EXPECT_TRUE(lost_lease(put_run((*held)->store(), "late").error()));
  EXPECT_TRUE((*held)->stop_token().stop_requested());

  std::stop_source caller;
  auto other = HeldLease::take(*store_, {.name = "source:other"});
  (*other)->stop_with(caller.get_token());
  EXPECT_FALSE((*other)->stop_token().stop_requested());
  caller.request_stop();
  EXPECT_TRUE((*other)->stop_token().stop_requested());
}

TEST_P(LeaseTest, OfAProcessThatIsKnownToHaveEndedIsFree) {
  must_acquire(this_process());
  EXPECT_EQ(HeldLease::take(*store_, {.name = "source:hr"}).error().code, "busy");
  let_pass(seconds(31));
  auto killed = this_process();
  killed.process = killed.process.substr(0, killed.process.rfind('/')) + "/1";  // another start
  must_acquire(killed);
  EXPECT_TRUE(HeldLease::take(*store_, {.name = "source:hr"}));
}

TEST(LeaseHolders, AreKnownToHaveEndedOnlyWhereTheyCouldBeSeen) {
  const auto self = this_process();
  EXPECT_EQ(self.name.find("process " + std::to_string(getpid()) + " on "), 0u) << self.name;
  ASSERT_FALSE(self.process.empty());
  EXPECT_FALSE(has_ended(self.process));
  EXPECT_FALSE(has_ended(""));
  EXPECT_FALSE(has_ended("another-kernel" + self.process.substr(self.process.find('/'))));

  const auto place = self.process.substr(0, self.process.rfind('/', self.process.rfind('/') - 1));
  support::TempDir folder;
  support::Process child({"/bin/sleep", "600"}, folder.path() / "log");
  const auto pid = support::run_program({"/usr/bin/pgrep", "-P", std::to_string(getpid()), "sleep"},
                                        folder.path());
  const auto number = pid.substr(0, pid.find('\n'));
  EXPECT_TRUE(has_ended(place + "/" + number + "/1")) << "a number that was given again";
  child.end(SIGKILL);
  EXPECT_TRUE(has_ended(place + "/" + number + "/1"));
  EXPECT_FALSE(has_ended(place + "/x/1"));
}

class SharedLeaseTest : public LeaseTest {};
INSTANTIATE_TEST_SUITE_P(Shared, SharedLeaseTest, testing::Values(Place::file, Place::postgresql),
                         place_name);

TEST_P(SharedLeaseTest, TwoStoresNeverHoldItTogether) {
  auto other = open();
  std::atomic<int> inside = 0;
  std::mutex mutex;
  std::set<std::int64_t> fences;
  const auto compete = [&](Store& store, const LeaseHolder& holder) {
    for (int held = 0; held < 20;) {
      const auto lease = acquire(store, holder);
      if (!lease) {
        ASSERT_EQ(lease.error().code, "busy") << describe(lease.error());
        continue;
      }
      ++held;
      EXPECT_EQ(++inside, 1);
      {
        const std::lock_guard lock(mutex);
        EXPECT_TRUE(fences.empty() || lease->fence > *fences.rbegin());
        fences.insert(lease->fence);
      }
      --inside;
      ASSERT_TRUE(store.write([&](Transaction& tx) { return tx.leases().release(*lease); }));
    }
  };
  std::thread second([&] { compete(*other, kBob); });
  compete(*store_, kAnn);
  second.join();
  EXPECT_EQ(fences.size(), 40u);
}

class PostgresqlLeaseTest : public LeaseTest {
 protected:
  // Whether somebody waits for a lock of somebody else.
  bool somebody_waits() {
    try {
      sql("do $$ begin if not exists (select from pg_locks where not granted) then raise 'nobody'; "
          "end if; end $$");
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Shared, PostgresqlLeaseTest, testing::Values(Place::postgresql),
                         place_name);

TEST_P(PostgresqlLeaseTest, WhoTakesItWaitsForTheTransactionThatPassedTheFence) {
  auto other = open();
  const auto lease = must_acquire(kAnn);
  let_pass(seconds(31));
  FencedStore fenced(*store_, lease, [] {});
  std::future<Result<Lease>> taken;
  ASSERT_TRUE(fenced.write([&](Transaction& tx) -> Status {
    taken = std::async(std::launch::async, [&] { return acquire(*other, kBob); });
    while (!somebody_waits()) std::this_thread::yield();
    EXPECT_NE(taken.wait_for(seconds(0)), std::future_status::ready);
    return tx.runs().put({.id = "in-time", .source = "hr"});
  }));
  const auto next = taken.get();
  ASSERT_TRUE(next) << describe(next.error());
  EXPECT_GT(next->fence, lease.fence);
  EXPECT_TRUE(lost_lease(put_run(fenced, "late").error()));
  EXPECT_EQ(running(), "in-time ");
}

TEST_P(PostgresqlLeaseTest, WhoIsRefusedDoesNotWait) {
  auto other = open();
  FencedStore fenced(*store_, must_acquire(kAnn), [] {});
  ASSERT_TRUE(fenced.write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.runs().put({.id = "long", .source = "hr"}));
    EXPECT_EQ(acquire(*other, kBob).error().code, "busy");
    return {};
  }));
}

TEST_P(PostgresqlLeaseTest, WhoStandsStillInATransactionKeepsNobodyWaiting) {
  auto other = std::move(store_);
  store_ = open(milliseconds(100));
  const auto lease = must_acquire(kAnn);
  let_pass(seconds(31));
  FencedStore fenced(*store_, lease, [] {});
  int calls = 0;
  const auto written = fenced.write([&](Transaction& tx) -> Status {
    ++calls;
    MUSTER_CHECK(tx.runs().put({.id = "frozen", .source = "hr"}));
    EXPECT_TRUE(acquire(*other, kBob)) << "here it stands still until somebody else has it";
    return tx.runs().put({.id = "frozen-too", .source = "hr"});
  });
  ASSERT_FALSE(written);
  EXPECT_TRUE(lost_lease(written.error())) << describe(written.error());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(running(), "");
}

}  // namespace
}  // namespace muster::store
