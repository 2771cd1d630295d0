// SPDX-License-Identifier: Apache-2.0
#include "gateway/cron.h"

#include <gtest/gtest.h>

#include "gateway/scheduler.h"

namespace muster::gateway {
namespace {

Timestamp at(std::string_view text) { return *parse_timestamp(text); }

TEST(Cron, NextTimeAfterAGivenOne) {
  struct Case {
    const char* story;
    const char* expression;
    const char* now;
    const char* next;
  };
  const Case cases[] = {
      {"every minute", "* * * * *", "2026-11-22T10:00:30Z", "2026-11-22T10:01:00Z"},
      {"strictly after", "0 10 * * *", "2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z"},
      {"every quarter", "*/15 * * * *", "2026-11-22T10:46:00Z", "2026-11-22T11:00:00Z"},
      {"a range with steps", "0 8-18/5 * * *", "2026-11-22T13:30:00Z", "2026-11-22T18:00:00Z"},
      {"a list", "5,50 * * * *", "2026-11-22T10:06:00Z", "2026-11-22T10:50:00Z"},
      {"over the year", "30 2 1 1 *", "2026-11-22T10:00:00Z", "2027-01-01T02:30:00Z"},
      {"weekday names", "0 6 * * mon-fri", "2026-11-21T10:00:00Z", "2026-11-23T06:00:00Z"},
      {"seven is Sunday", "0 6 * * 7", "2026-11-23T10:00:00Z", "2026-11-29T06:00:00Z"},
      {"either day field", "0 0 13 * fri", "2026-11-22T10:00:00Z", "2026-11-27T00:00:00Z"},
      {"leap day", "0 0 29 2 *", "2026-11-22T10:00:00Z", "2028-02-29T00:00:00Z"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto cron = Cron::parse(c.expression);
    ASSERT_TRUE(cron) << describe(cron.error());
    const auto next = cron->next(at(c.now));
    ASSERT_TRUE(next);
    EXPECT_EQ(format_timestamp(*next), c.next);
  }
}

TEST(Cron, RefusesWhatIsNoExpression) {
  for (const auto* text :
       {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *",
        "* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *"}) {
    const auto cron = Cron::parse(text);
    ASSERT_FALSE(cron) << text;
    EXPECT_EQ(cron.error().fault, Fault::invalid);
  }
}

TEST(Cron, ADateThatNeverComesIsSaid) {
  const auto never = Cron::parse("0 0 30 2 *")->next(at("2026-11-22T10:00:00Z"));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().fault, Fault::not_found);
}

TEST(Schedule, AnIntervalCountsFromNow) {
  const auto due = next_due({.every = std::chrono::minutes(15)}, at("2026-11-22T10:00:00Z"));
  ASSERT_TRUE(due);
  EXPECT_EQ(format_timestamp(*due), "2026-11-22T10:15:00Z");
}

}  // namespace
}  // namespace muster::gateway
