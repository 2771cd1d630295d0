// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "store/readers/resource_listings.h"
#include "store/schema.h"
#include "store/sql/sqlite.h"
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

// How SQLite means to run a statement, as its words for it.
std::string plan_of(Session& session, const Sql& sql) {
  const Sql explain{"explain query plan " + sql.text, sql.in};
  std::string steps;
  Status done = session.query(
      explain,
      [&](Binder& binder) {
        for (char type : sql.in) type == 'n' ? binder.number(1) : binder.text("x");
      },
      [&](const Row& row) { steps += row.string(3) + "; "; });
  session.forget_statements();
  return done ? steps : describe(done.error());
}

TEST(QueryPlans, AFilterOnAnIndexNeverWalksTheRecords) {
  auto session = *sqlite::connect({.path = ":memory:"}, sqlite::Role::writer);
  ASSERT_TRUE(migrate(*session, kClock.now()));
  struct Story {
    ResourceType type;
    Filter filter;
    const char* index;
  };
  const Story stories[] = {
      {kUser, equals("id", "x"), "records_id"},
      {kUser, equals("userName", "x"), "records_user_name"},
      {kUser, equals("externalId", "x"), "records_link_key"},
      {kUser, equals("emails.value", "x"), "email=?"},
      {kUser, equals("displayName", "x"), "records_display_name"},
      {kUser, equals("active", Value(false)), "records_inactive"},
      {kGroup, equals("members.value", "x"), "memberships_member"},
  };
  for (const auto& story : stories) {
    SCOPED_TRACE(dotted(story.filter.path));
    FilterPlan plan = plan_resource_filter(story.filter, kFilters.indexed(story.type));
    EXPECT_FALSE(plan.rest);
    Listing listing = resource_listing(plan, 1, story.type);
    for (const Sql* sql : {listing.page, listing.skip, listing.count}) {
      const std::string steps = plan_of(*session, *sql);
      EXPECT_EQ(steps.find("SCAN"), std::string::npos) << steps;
      EXPECT_EQ(steps.find("records_live"), std::string::npos) << steps;
      EXPECT_EQ(steps.find("TEMP B-TREE FOR ORDER"), std::string::npos) << steps;
    }
    const std::string page = plan_of(*session, *listing.page);
    EXPECT_NE(page.find(story.index), std::string::npos) << page;
  }
  const Listing whole = resource_listing({}, 1, kUser);
  for (const Sql* sql : {whole.page, whole.skip}) {
    const std::string steps = plan_of(*session, *sql);
    EXPECT_NE(steps.find("records_live (source_id=? AND type=? AND row_id>?)"), std::string::npos)
        << steps;
  }
}

TEST(QueryPlans, WhatWaitsIsFoundWithoutAWalkOverTheRecords) {
  auto session = *sqlite::connect({.path = ":memory:"}, sqlite::Role::writer);
  ASSERT_TRUE(migrate(*session, kClock.now()));
  const std::string steps = plan_of(
      *session, {"select r.id from records r where r.type = 0 and r.state in (1, 2) and r.row_id > "
                 "$1 order by r.row_id limit $2",
                 "nn"});
  EXPECT_NE(steps.find("records_waiting"), std::string::npos) << steps;
}

TEST(QueryPlans, RunsUnderWayAreFoundWithoutAWalkOverTheRuns) {
  auto session = *sqlite::connect({.path = ":memory:"}, sqlite::Role::writer);
  ASSERT_TRUE(migrate(*session, kClock.now()));
  const std::string steps =
      plan_of(*session, {"select id from runs where state = 0 order by row_id", ""});
  EXPECT_NE(steps.find("runs_running"), std::string::npos) << steps;
}

}  // namespace
}  // namespace muster::store
