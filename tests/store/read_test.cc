// SPDX-License-Identifier: Apache-2.0
// Reading beside the writer.
#include <chrono>
#include <future>
#include <thread>

#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

template <class V>
concept IsWritten = requires(V& view, std::span<const std::string> ids, std::span<RecordRow> rows) {
  view.records().stamp(ids, 1);
  view.records().insert(rows);
};
static_assert(IsWritten<Transaction>);
static_assert(!IsWritten<View>, "what is only read has nothing to write with");

// So long that only something that stands still takes as long.
constexpr auto kPatience = std::chrono::seconds(30);

class ReadTest : public StoreTest {
 protected:
  std::size_t live(Store& store) {
    std::size_t count = 0;
    Status done = store.read([&](View& view) -> Status {
      MUSTER_TRY(const auto heads, view.walks().live("entra", kUser, 0, 1000));
      count = heads.size();
      return {};
    });
    EXPECT_TRUE(done) << describe(done.error());
    return count;
  }
  std::size_t live() { return live(*store_); }
};
INSTANTIATE_TEST_SUITE_P(Engines, ReadTest, every_place(), place_name);

// Where readers have sessions of their own.
class ReadBesideTest : public ReadTest {};
INSTANTIATE_TEST_SUITE_P(Engines, ReadBesideTest, testing::Values(Place::file, Place::postgresql),
                         place_name);

TEST_P(ReadTest, SeesWhatWasCommitted) {
  EXPECT_EQ(live(), 0u);
  RecordRow mara = person("mara", "entra", "i-1");
  insert(mara);
  ASSERT_TRUE(store_->read([&](View& view) -> Status {
    EXPECT_EQ(view.now(), kClock.now());
    MUSTER_TRY(const auto heads, view.records().heads("entra", kUser, {&mara.head.key.key, 1}));
    EXPECT_TRUE(heads[0] && heads[0]->id == mara.head.id);
    const std::string owner[] = {"i-1"};
    MUSTER_TRY(const auto told, view.records().of_identities(owner));
    EXPECT_EQ(told[0].size(), 1u);
    MUSTER_TRY(const auto people, view.runs().live_people("entra"));
    EXPECT_EQ(people, 1);
    return {};
  }));
}

TEST_P(ReadTest, AnswersWithTheErrorOfTheLook) {
  const Status done =
      store_->read([](View&) -> Status { return fail(Fault::not_found, "none", "here", "mine"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, Fault::not_found);
  EXPECT_EQ(done.error().code, "mine");
  RecordRow mara = person("mara");
  insert(mara);  // the store goes on
  EXPECT_EQ(live(), 1u);
}

TEST_P(ReadTest, ARehearsalReadsItsOwnWrites) {
  auto rehearsal = *store_->rehearsal();
  RecordRow mara = person("mara");
  ASSERT_TRUE(rehearsal->write([&](Transaction& tx) { return tx.records().insert({&mara, 1}); }));
  EXPECT_EQ(live(*rehearsal), 1u);
  EXPECT_EQ(live(), 0u);
}

TEST_P(ReadTest, ReadersAndWritersTogetherLoseNothing) {
  constexpr int kThreads = 8;
  constexpr int kEach = 10;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        RecordRow row = person("p" + std::to_string(t) + "-" + std::to_string(i));
        ASSERT_TRUE(write([&](Transaction& tx) { return tx.records().insert({&row, 1}); }));
        ASSERT_TRUE(store_->read([&](View& view) -> Status {
          MUSTER_TRY(const auto heads,
                     view.records().heads("entra", kUser, {&row.head.key.key, 1}));
          EXPECT_TRUE(heads[0]) << "what was answered is there to read";
          return {};
        }));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(live(), static_cast<std::size_t>(kThreads * kEach));
}

TEST_P(ReadBesideTest, DoesNotWaitForAWriterThatIsBusy) {
  RecordRow mara = person("mara");
  insert(mara);
  RecordRow bob = person("bob");
  std::future<std::size_t> seen;
  bool answered = false;
  must_write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.records().insert({&bob, 1}));
    seen = std::async(std::launch::async, [&] { return live(); });
    answered = seen.wait_for(kPatience) == std::future_status::ready;
    return {};
  });
  EXPECT_TRUE(answered) << "the look waited until the writer had done";
  EXPECT_EQ(seen.get(), 1u) << "what is not committed is not seen";
  EXPECT_EQ(live(), 2u);
}

TEST_P(ReadBesideTest, StaysAtOneMomentWhileAWriterCommits) {
  RecordRow mara = person("mara");
  insert(mara);
  bool written = false;
  ASSERT_TRUE(store_->read([&](View& view) -> Status {
    MUSTER_TRY(const auto before, view.walks().live("entra", kUser, 0, 10));
    EXPECT_EQ(before.size(), 1u);
    auto writing = std::async(std::launch::async, [&] {
      RecordRow bob = person("bob");
      insert(bob);
      return live();
    });
    written = writing.wait_for(kPatience) == std::future_status::ready && writing.get() == 2;
    MUSTER_TRY(const auto after, view.walks().live("entra", kUser, 0, 10));
    EXPECT_EQ(after.size(), 1u);
    MUSTER_TRY(const auto people, view.runs().live_people("entra"));
    EXPECT_EQ(people, 1);
    return {};
  }));
  EXPECT_TRUE(written) << "a look keeps no writer waiting";
  EXPECT_EQ(live(), 2u);
}

TEST(PostgresqlRead, AConnectionThatWasLostMeanwhileIsMadeAnew) {
  const std::string url = support::Postgres::shared().new_database();
  auto store = *Store::open({.url = url, .sources = {"entra"}, .clock = &kClock});
  const auto look = [](View& view) -> Status {
    MUSTER_CHECK(view.walks().live("entra", kUser, 0, 10));
    return {};
  };
  ASSERT_TRUE(store->read(look));
  support::Postgres::shared().run(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and "
      "datname = '" +
          url.substr(url.rfind('/') + 1) + "'",
      "postgres");
  const Status again = store->read(look);
  EXPECT_TRUE(again) << describe(again.error());
}

}  // namespace
}  // namespace muster::store
