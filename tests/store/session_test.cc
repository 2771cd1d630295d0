// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "store/catalog.h"
#include "store/sql/failure.h"
#include "store/sql/postgresql.h"
#include "store/sql/sqlite.h"
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

const Sql kAdd{"insert into things (id, name, size) values ($1, $2, $3)", "ntn"};
const Sql kAll{"select id, name, size from things order by id", ""};
const Sql kNamed{"select id from things where name = $1", "t"};
const Sql kSum{"select sum(size), count(*), max(case when size > 1 then 1 else 0 end) from things",
               ""};

class SessionTest : public StoreTest {
 protected:
  void SetUp() override {
    url_ = options().url;
    session_ = connect();
    ASSERT_TRUE(session_->run(
        "create table things (id bigint not null primary key, name text, size bigint)"));
  }

  std::unique_ptr<Session> connect() {
    auto made = GetParam() == Place::postgresql
                    ? postgresql::connect({.url = url_})
                    : sqlite::connect({.path = url_.substr(7)}, sqlite::Role::writer);
    if (!made) throw std::runtime_error(describe(made.error()));
    return *std::move(made);
  }

  Result<std::int64_t> add(const std::vector<std::string>& names) {
    return session_->write(kAdd, names.size(), [&](std::size_t i, Binder& binder) {
      const auto number = static_cast<std::int64_t>(i) + 1;
      binder.number(number).text_or_null(names[i]).number(-number);
    });
  }

  std::unique_ptr<Session> session_;
};
INSTANTIATE_TEST_SUITE_P(Engines, SessionTest, every_place(), place_name);

TEST_P(SessionTest, TextsComeBackAsTheyWereGiven) {
  const std::vector<std::string> names{"plain",
                                       "",
                                       "\"quoted\" and \\ and {1,2}",
                                       "Jürgen \xf0\x9f\x8c\xb1",
                                       "NULL",
                                       std::string(100'000, 'x')};
  ASSERT_EQ(add(names).value(), 6);
  std::vector<std::string> found;
  int nulls = 0;
  ASSERT_TRUE(session_->query(kAll, {}, [&](const Row& row) {
    EXPECT_EQ(row.number(2), -row.number(0));
    if (row.is_null(1)) ++nulls;
    found.push_back(row.string(1));
  }));
  EXPECT_EQ(found, names);
  EXPECT_EQ(nulls, 1) << "the empty one";
}

TEST_P(SessionTest, ATextThatNobodyKeepsIsKeptUntilTheStatementRan) {
  auto made = [](int n) {
    return "a name that is too long to stand in place " + std::to_string(n);
  };
  ASSERT_TRUE(
      session_->query(kAdd, [&](Binder& binder) { binder.number(1).text(made(7)).number(1); }, {}));
  int hits = 0;
  ASSERT_TRUE(session_->read(
      kNamed, 3, [&](std::size_t i, Binder& binder) { binder.text(made(static_cast<int>(i) + 5)); },
      [&](std::size_t i, const Row&) {
        EXPECT_EQ(i, 2u);
        ++hits;
      }));
  EXPECT_EQ(hits, 1);
}

TEST_P(SessionTest, SumsAndCountsAreNumbers) {
  ASSERT_TRUE(add({"a", "b", "c"}));
  ASSERT_TRUE(session_->query(kSum, {}, [&](const Row& row) {
    EXPECT_EQ(row.number(0), -6);
    EXPECT_EQ(row.number(1), 3);
    EXPECT_EQ(row.number(2), 0);
  }));
}

TEST_P(SessionTest, AnErrorOfTheCallbackEndsTheReading) {
  ASSERT_TRUE(add({"a", "b", "c"}));
  int rows = 0;
  Status ended = session_->query(kAll, {}, [&](const Row& row) -> Status {
    ++rows;
    if (row.number(0) == 2) return fail(Fault::internal, "damaged");
    return {};
  });
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().detail, "damaged");
  EXPECT_EQ(rows, 2);
  rows = 0;
  ASSERT_TRUE(session_->query(kAll, {}, [&](const Row&) { ++rows; }));
  EXPECT_EQ(rows, 3) << "the statement begins anew";
}

TEST_P(SessionTest, AnotherQuestionMayBeAskedWhileRowsAreRead) {
  ASSERT_TRUE(add({"a", "b", "c"}));
  std::vector<std::int64_t> ids;
  ASSERT_TRUE(session_->query(kAll, {}, [&](const Row& row) -> Status {
    return session_->query(
        kNamed, [&](Binder& binder) { binder.text(row.text(1)); },
        [&](const Row& found) { ids.push_back(found.number(0)); });
  }));
  EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2, 3}));
}

TEST_P(SessionTest, ParametersThatAreNotThoseOfTheStatementAreRefused) {
  using Bind = void (*)(Binder&);
  const Bind wrong[] = {
      [](Binder& binder) { binder.number(1).text("a"); },
      [](Binder& binder) { binder.number(1).text("a").number(2).number(3); },
      [](Binder& binder) { binder.text("1").text("a").number(2); },
      [](Binder& binder) { binder.number(1).number(2).number(3); },
  };
  for (auto bind : wrong) {
    auto done = session_->write(kAdd, 1, [&](std::size_t, Binder& binder) { bind(binder); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().fault, Fault::internal);
  }
  auto done = session_->write(kAdd, 1, [&](std::size_t, Binder& binder) {
    binder.number(1).text(std::string_view("a\0b", 3)).number(1);
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, Fault::invalid);
  EXPECT_TRUE(add({"a"})) << "the session goes on";
}

TEST_P(SessionTest, ATakenKeyIsAConflictAndARefusedRowIsNot) {
  ASSERT_TRUE(add({"a"}));
  auto taken = add({"b"});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().fault, Fault::conflict);
  EXPECT_EQ(taken.error().code, "key");
  Status refused = session_->run("insert into things (id, name) values (null, 'x')");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::internal);
  EXPECT_FALSE(lost_connection(refused.error()));
}

TEST_P(SessionTest, ASourceThatCannotBeReadIsAnErrorAndNoEmptyName) {
  Catalog catalog;
  EXPECT_FALSE(catalog.name(*session_, 7)) << "there is no such table";
  ASSERT_TRUE(session_->run("create table sources (id bigint not null primary key, name text)"));
  EXPECT_EQ(catalog.name(*session_, 7).value(), "");
  ASSERT_TRUE(session_->run("insert into sources (id, name) values (7, 'hr')"));
  EXPECT_EQ(catalog.name(*session_, 7).value(), "hr");
}

TEST(PostgresqlSession, ALostConnectionIsSaidSo) {
  const auto url = support::Postgres::shared().new_database();
  auto session = *postgresql::connect({.url = url});
  EXPECT_FALSE(session->broken());
  support::Postgres::shared().run(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and "
      "datname = '" +
      url.substr(url.rfind('/') + 1) + "'");
  static const Sql one{"select 1", ""};
  Status lost = session->query(one, {}, {});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().fault, Fault::unavailable);
  EXPECT_TRUE(lost_connection(lost.error()));
  EXPECT_TRUE(session->broken());
}

TEST(PostgresqlSession, AWrongUrlIsRefusedWithoutRepeatingIt) {
  auto refused = postgresql::connect({.url = "postgresql://u:secret@[host/x"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::invalid);
  EXPECT_EQ(refused.error().detail.find("secret"), std::string::npos);
}

TEST(SqliteSession, AnyPathWillDo) {
  support::TempDir folder;
  const auto path = (folder.path() / "a \"quoted\" 'name'.db").string();
  EXPECT_TRUE(sqlite::connect({.path = path}, sqlite::Role::writer));
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace muster::store
