// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <barrier>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "tests/store/store_fixture.h"
#include "tests/support/process.h"

namespace muster::store {
namespace {

class DurabilityTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Lasting, DurabilityTest, testing::Values(Place::file, Place::postgresql),
                         place_name);

TEST_P(DurabilityTest, AStoreIsThereAfterReopening) {
  Identity mara = somebody("mara");
  put(mara);
  RecordRow row = person("mara", "entra", mara.id);
  insert(row);
  reopen();
  EXPECT_EQ(list({}).total, 1);
  EXPECT_TRUE(*reader()->people().by_user_name("mara"));
  RecordRow next = person("next");
  insert(next);
  EXPECT_GT(next.head.row, row.head.row);
}

TEST(NewFile, ManyMayOpenItAtOnce) {
  for (int round = 0; round < 10; ++round) {
    support::TempDir folder;
    const std::string url = "sqlite:" + (folder.path() / "muster.db").string();
    std::barrier together(6);
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i)
      threads.emplace_back([&url, &together] {
        together.arrive_and_wait();
        const auto store = Store::open({.url = url, .sources = {"entra"}});
        EXPECT_TRUE(store) << describe(store.error());
      });
    for (auto& thread : threads) thread.join();
  }
}

TEST_P(DurabilityTest, TwoProgramsMayWriteOneStore) {
  auto second = Store::open(options());
  ASSERT_TRUE(second) << describe(second.error());
  auto fill = [](Store& store, const std::string& name) {
    for (int i = 0; i < 60; ++i) {
      RecordRow row = person(name + std::to_string(i));
      Identity identity = somebody(name + std::to_string(i));
      std::vector<IdentityKey> keys;
      Status done = store.write([&](Transaction& tx) -> Status {
        identity.version = 0;
        MUSTER_CHECK(tx.records().insert({&row, 1}));
        return tx.identities().put({&identity, 1}, {&keys, 1});
      });
      ASSERT_TRUE(done) << describe(done.error());
    }
  };
  std::thread other([&] { fill(**second, "b"); });
  fill(*store_, "a");
  other.join();
  EXPECT_EQ(list({.count = 200}).rows.size(), 120u);
  EXPECT_EQ(list({.count = 1}).total, 120);

  RecordRow row = person("shared");
  insert(row);
  RecordRow theirs = row;
  ASSERT_TRUE((*second)->write([&](Transaction& tx) { return tx.records().update({&theirs, 1}); }));
  Status late = write([&](Transaction& tx) { return tx.records().update({&row, 1}); });
  EXPECT_EQ(late.error().code, "version");
}

TEST_P(DurabilityTest, ANewerSchemaIsRefused) {
  store_.reset();
  const std::string newer = "insert into schema_migrations (number, applied) values (999, 0)";
  if (GetParam() == Place::file) {
    support::run_program({"sqlite3", url_.substr(7), newer}, folder_.path());
  } else {
    support::Postgres::shared().run(newer, url_.substr(url_.rfind('/') + 1));
  }
  auto opened = Store::open(options());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::invalid);
  EXPECT_NE(opened.error().detail.find("999"), std::string::npos);
}

TEST(StoreUrl, AWrongPlaceIsSaidSo) {
  support::TempDir folder;
  folder.write("not-a-store",
               "just some text that is long enough to not be a database file at all\n");
  struct Story {
    std::string url;
    Fault fault;
  };
  const Story stories[] = {
      {"mysql://somewhere", Fault::invalid},
      {"sqlite:", Fault::invalid},
      {"sqlite:" + (folder.path() / "no" / "folder" / "store.db").string(), Fault::unavailable},
      {"sqlite:" + (folder.path() / "not-a-store").string(), Fault::unavailable},
      {"postgresql://muster@127.0.0.1:1/none", Fault::unavailable},
  };
  for (const auto& story : stories) {
    SCOPED_TRACE(story.url);
    auto opened = Store::open({.url = story.url});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().fault, story.fault) << describe(opened.error());
    EXPECT_FALSE(opened.error().detail.empty());
  }
}

TEST(StoreFile, IsReadableByItsOwnerOnly) {
  support::TempDir folder;
  const auto path = folder.path() / "muster.db";
  auto opened = Store::open({.url = "sqlite:" + path.string()});
  ASSERT_TRUE(opened);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path).permissions() & perms::all,
            perms::owner_read | perms::owner_write);
}

// Stands for a full disk: the process may not make files larger.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(StoreFile, AFullDiskFailsTheWriteAndNothingElse) {
  support::TempDir folder;
  const std::string url = "sqlite:" + (folder.path() / "muster.db").string();
  auto store = *Store::open({.url = url, .sources = {"entra"}, .clock = &kClock});
  auto insert = [&](const std::string& name) {
    RecordRow row = person(name);
    row.document = "{\"title\":\"" + std::string(200000, 'x') + "\"}";
    return store->write([&](Transaction& tx) { return tx.records().insert({&row, 1}); });
  };
  ASSERT_TRUE(insert("before"));
  {
    FileLimit limit(std::filesystem::file_size(folder.path() / "muster.db-wal") + 20000);
    Status refused = insert("refused");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::unavailable);
    EXPECT_NE(refused.error().detail.find("disk"), std::string::npos) << refused.error().detail;
    EXPECT_EQ((*store->reader())->resources().list("entra", kUser, {})->total, 1);
  }
  EXPECT_TRUE(insert("after"));
  store.reset();
  store = *Store::open({.url = url, .clock = &kClock});
  EXPECT_EQ((*store->reader())->resources().list("entra", kUser, {})->total, 2);
}

// A server that restarts costs no more than the submissions of that moment.
TEST(PostgresqlConnection, ComesBackByItself) {
  auto url = support::Postgres::shared().new_database();
  auto store = *Store::open({.url = url, .sources = {"entra"}, .clock = &kClock});
  auto insert = [&](const std::string& name) {
    RecordRow row = person(name);
    return store->write([&](Transaction& tx) { return tx.records().insert({&row, 1}); });
  };
  ASSERT_TRUE(insert("before"));
  { auto reader = *store->reader(); }
  support::Postgres::shared().run(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and "
      "datname = '" +
      url.substr(url.rfind('/') + 1) + "'");
  EXPECT_TRUE(insert("after")) << "lost before its commit, so it is repeated";
  (void)(*store->reader())->resources().list("entra", kUser, {});
  auto page = (*store->reader())->resources().list("entra", kUser, {});
  ASSERT_TRUE(page) << describe(page.error());
  EXPECT_EQ(page->total, 2);
}

// The child of the next test: says each id on its standard output after write() has returned.
void write_until_killed(const std::string& path) {
  auto store = *Store::open({.url = "sqlite:" + path, .sources = {"entra"}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0;; ++i) {
        RecordRow row = person("p" + std::to_string(t) + "-" + std::to_string(i));
        if (!store->write([&](Transaction& tx) { return tx.records().insert({&row, 1}); })) return;
        const std::string line = row.head.id + "\n";
        if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(Crash, EveryAcknowledgedRowIsThereAfterAKill) {
  support::TempDir folder;
  const std::string path = (folder.path() / "muster.db").string();
  const auto acknowledged = folder.path() / "acknowledged";
  std::size_t rows = 0;
  for (int round = 0; round < 3; ++round) {
    support::Process child({"/proc/self/exe", "--write-until-killed", path}, acknowledged);
    const std::size_t enough = 37 * 400;
    while (child.running() && std::filesystem::file_size(acknowledged) < enough)
      std::this_thread::yield();
    EXPECT_EQ(child.end(SIGKILL), -SIGKILL);
    auto store = *Store::open({.url = "sqlite:" + path, .sources = {"entra"}});
    auto reader = *store->reader();
    std::ifstream lines(acknowledged);
    for (std::string id; std::getline(lines, id) && id.size() == 36; ++rows) {
      auto got = reader->resources().get("entra", kUser, id);
      ASSERT_TRUE(got && *got) << id;
    }
    auto total = reader->resources().list("entra", kUser, {.count = 0})->total;
    EXPECT_GE(*total, static_cast<std::int64_t>(rows));
    // Names of the next round are free again.
    ASSERT_TRUE(store->write([&](Transaction& tx) -> Status {
      MUSTER_TRY(auto heads, tx.walks().live("entra", kUser, 0, 100000));
      std::vector<std::string> ids;
      for (const auto& head : heads) ids.push_back(head.id);
      MUSTER_TRY(auto all, tx.records().rows(ids));
      std::vector<RecordRow> gone;
      for (auto& row : all) {
        row->head.state = RecordState::gone;
        gone.push_back(*std::move(row));
      }
      return tx.records().update(gone);
    }));
    rows = 0;
  }
}

}  // namespace
}  // namespace muster::store

int main(int count, char** arguments) {
  if (count == 3 && std::string(arguments[1]) == "--write-until-killed") {
    muster::store::write_until_killed(arguments[2]);
    return 0;
  }
  testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
