// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <latch>
#include <random>
#include <thread>

#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class GroupCommitTest : public StoreTest {
 protected:
  // Starts `count` threads that all write while the writer is kept busy, so that they wait
  // together.
  void together(int count, const std::function<void(int)>& each) {
    std::latch busy(1);
    std::latch release(1);
    std::thread blocker([&] {
      must_write([&](Transaction&) -> Status {
        busy.count_down();
        release.wait();
        return {};
      });
    });
    busy.wait();
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([&, i] { each(i); });
    while (store_->counters().waiting < static_cast<std::uint64_t>(count))
      std::this_thread::yield();
    release.count_down();
    blocker.join();
    for (auto& thread : threads) thread.join();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, GroupCommitTest, every_place(), place_name);

TEST_P(GroupCommitTest, WaitingSubmissionsShareACommit) {
  const auto before = store_->counters();
  together(64, [&](int i) {
    RecordRow row = person("p" + std::to_string(i));
    EXPECT_TRUE(write([&](Transaction& tx) { return tx.records().insert({&row, 1}); }));
  });
  const auto after = store_->counters();
  EXPECT_EQ(after.submissions - before.submissions, 65u);
  EXPECT_EQ(after.commits - before.commits, 1u);
  EXPECT_EQ(after.waiting, 0u);
  EXPECT_EQ(list({.count = 1}).total, 64);
}

TEST_P(GroupCommitTest, OnlyTheFailingSubmissionsAreUndone) {
  together(40, [&](int i) {
    RecordRow row = person("p" + std::to_string(i));
    Identity identity = somebody("p" + std::to_string(i));
    std::vector<IdentityKey> keys;
    Status done = write([&](Transaction& tx) -> Status {
      MUSTER_CHECK(tx.records().insert({&row, 1}));
      MUSTER_CHECK(tx.identities().put({&identity, 1}, {&keys, 1}));
      if (i % 4 == 0) return fail(Fault::invalid, "changed my mind");
      if (i % 4 == 1) throw std::runtime_error("a bug");
      if (i % 4 == 2) {
        RecordRow twice = person("p" + std::to_string(i));
        return tx.records().insert({&twice, 1});
      }
      return {};
    });
    EXPECT_EQ(done.has_value(), i % 4 == 3);
    if (!done) {
      const Fault expected[] = {Fault::invalid, Fault::internal, Fault::conflict};
      EXPECT_EQ(done.error().fault, expected[i % 4]);
    }
  });
  EXPECT_EQ(list({.count = 1}).total, 10);
  EXPECT_EQ(list({}).rows.size(), 10u);
  EXPECT_EQ(reader()->people().list({.count = 1})->total, 10);
  EXPECT_EQ(reader()->people().list({})->rows.size(), 10u);
}

// Inserts one record; says how many parts its turn had.
class Insertion : public JointWork {
 public:
  Insertion(RecordRow row, std::string kind) : row_(std::move(row)), kind_(std::move(kind)) {}

  bool joins(const JointWork& other) const override {
    const auto* beside = dynamic_cast<const Insertion*>(&other);
    return beside != nullptr && beside->kind_ == kind_;
  }

  Status run(Transaction& tx, std::span<JointWork* const> parts) override {
    std::vector<RecordRow> rows;
    for (auto* part : parts) {
      auto& own = *static_cast<Insertion*>(part);
      own.joined = parts.size();
      rows.push_back(own.row_);
    }
    return tx.records().insert(rows);
  }

  std::size_t joined = 0;

 private:
  RecordRow row_;
  std::string kind_;
};

TEST_P(GroupCommitTest, JointWorkThatJoinsIsDoneInOneGo) {
  together(40, [&](int i) {
    if (i % 4 == 3) {
      RecordRow row = person("p" + std::to_string(i));
      EXPECT_TRUE(write([&](Transaction& tx) { return tx.records().insert({&row, 1}); }));
      return;
    }
    Insertion work(person("p" + std::to_string(i)), i % 4 == 0 ? "few" : "many");
    EXPECT_TRUE(store_->write_jointly(work));
    EXPECT_EQ(work.joined, i % 4 == 0 ? 10u : 20u);
  });
  EXPECT_EQ(list({.count = 1}).total, 40);
}

TEST_P(GroupCommitTest, OneOfJointWorkThatFailsTakesNobodyAlong) {
  RecordRow known = person("p7");
  insert(known);
  together(20, [&](int i) {
    Insertion work(person("p" + std::to_string(i)), "one");
    const auto done = store_->write_jointly(work);
    EXPECT_EQ(done.has_value(), i != 7);
    EXPECT_EQ(done ? Fault::conflict : done.error().fault, Fault::conflict);
    EXPECT_EQ(work.joined, 1u) << "each was tried by itself behind the one go that failed";
  });
  EXPECT_EQ(list({.count = 1}).total, 20);
  EXPECT_EQ(list({}).rows.size(), 20u);
}

TEST_P(GroupCommitTest, AFailedWritingStepCannotBeIgnored) {
  RecordRow first = person("mara");
  insert(first);
  RecordRow other = person("bob");
  RecordRow second = person("mara");
  Status done = write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.records().insert({&other, 1}));
    (void)tx.records().insert({&second, 1});
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, Fault::conflict);
  EXPECT_EQ(list({}).rows.size(), 1u);
}

TEST_P(GroupCommitTest, ASubmissionSeesWhatItAndEarlierOnesDid) {
  RecordRow row = person("mara");
  must_write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.records().insert({&row, 1}));
    MUSTER_TRY(auto heads, tx.records().heads("entra", kUser, {&row.head.key.key, 1}));
    EXPECT_TRUE(heads[0]);
    EXPECT_EQ(tx.now(), kClock.now());
    return {};
  });
  EXPECT_TRUE(*reader()->resources().get("entra", kUser, row.head.id));
}

TEST_P(GroupCommitTest, ManyThreadsLoseNothing) {
  constexpr int kThreads = 64;
  constexpr int kEach = 8;
  std::vector<std::thread> threads;
  std::atomic<int> read = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        RecordRow row = person("p" + std::to_string(t) + "-" + std::to_string(i));
        ASSERT_TRUE(write([&](Transaction& tx) { return tx.records().insert({&row, 1}); }));
        auto got = reader()->resources().get("entra", kUser, row.head.id);
        if (got && *got) ++read;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(read, kThreads * kEach) << "what was answered is there to read";
  EXPECT_EQ(list({.count = 1}).total, kThreads * kEach);
  EXPECT_LT(store_->counters().commits, store_->counters().submissions);
}

// Whatever is done to records, the counters that spare counting stay true.
TEST_P(GroupCommitTest, CountersStayTrue) {
  std::mt19937 random(42);
  auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<RecordRow> rows;
  for (int step = 0; step < 150; ++step) {
    std::vector<RecordRow> batch;
    bool fresh = rows.empty() || pick(3) == 0;
    for (int i = 0; i < 1 + pick(40); ++i) {
      if (fresh) {
        batch.push_back(
            person("p" + std::to_string(step) + "-" + std::to_string(i), pick(2) ? "hr" : "entra"));
      } else {
        auto& row = rows[static_cast<std::size_t>(pick(static_cast<int>(rows.size())))];
        if (std::any_of(batch.begin(), batch.end(),
                        [&](auto& one) { return one.head.id == row.head.id; }))
          continue;
        batch.push_back(row);
        batch.back().head.state = static_cast<RecordState>(pick(5));
        if (pick(2)) batch.back().search.active = pick(2) == 0;
      }
    }
    bool keep = pick(5) != 0;
    Status done = write([&](Transaction& tx) -> Status {
      MUSTER_CHECK(fresh ? tx.records().insert(batch) : tx.records().update(batch));
      return keep ? Status{} : fail(Fault::invalid, "undone");
    });
    ASSERT_EQ(done.has_value(), keep) << describe(done.error());
    if (!keep) continue;
    for (auto& row : batch) {
      auto known = std::find_if(rows.begin(), rows.end(),
                                [&](auto& one) { return one.head.id == row.head.id; });
      known == rows.end() ? rows.push_back(row) : void(*known = row);
    }
  }
  for (const std::string source : {"entra", "hr"}) {
    SCOPED_TRACE(source);
    std::vector<std::string> live;
    std::int64_t linked = 0;
    std::int64_t active = 0;
    std::sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.head.row < b.head.row; });
    for (const auto& row : rows) {
      if (row.head.key.source != source) continue;
      if (row.head.state == RecordState::linked) ++linked;
      if (row.head.state == RecordState::gone) continue;
      live.push_back(row.head.id);
      if (row.search.active == true) ++active;
    }
    for (std::size_t start = 1; start <= live.size(); start += 13) {
      auto page = list({.start = static_cast<std::int64_t>(start), .count = 1}, kUser, source);
      EXPECT_EQ(page.total, static_cast<std::int64_t>(live.size()));
      EXPECT_EQ(page.rows.at(0).id, live[start - 1]);
    }
    EXPECT_EQ(list({.filter = equals("active", Value(true)), .count = 1}, kUser, source).total,
              active);
    must_write([&](Transaction& tx) -> Status {
      EXPECT_EQ(tx.runs().live_people(source).value(), linked);
      return {};
    });
  }
}

}  // namespace
}  // namespace muster::store
