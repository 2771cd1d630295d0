// SPDX-License-Identifier: Apache-2.0
#include "core/clock.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

using std::chrono::milliseconds;

std::string in_utc(std::string_view text) {
  const auto time = parse_timestamp(text);
  return time ? format_timestamp(*time) : "refused";
}

TEST(Timestamp, IsReadWithAnyOffsetAndWrittenInUtc) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-22T08:00:00Z", "2026-11-22T08:00:00Z"},
      {"2026-11-22t08:00:00z", "2026-11-22T08:00:00Z"},
      {"2026-11-22T08:00:00", "2026-11-22T08:00:00Z"},
      {"2026-11-22T01:30:00+02:00", "2026-11-21T23:30:00Z"},
      {"2026-12-31T23:30:00-05:45", "2027-01-01T05:15:00Z"},
      {"2026-11-22T08:00:00.5Z", "2026-11-22T08:00:00.500Z"},
      {"2026-11-22T08:00:00.1239999Z", "2026-11-22T08:00:00.123Z"},
      {"2026-11-22T08:00:00.0000000Z", "2026-11-22T08:00:00Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2026-11-22T24:00:00Z", "2026-11-23T00:00:00Z"},
      {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
  };
  for (const auto& [text, utc] : cases) EXPECT_EQ(in_utc(text), utc) << text;
}

TEST(Timestamp, WhatIsNoDateAndTimeIsRefused) {
  for (const auto* text : {"",
                           "2026-11-22",
                           "2026-11-22 08:00:00Z",
                           "2026-11-22T08:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-22T25:00:00Z",
                           "2026-11-22T24:00:01Z",
                           "2026-11-22T08:60:00Z",
                           "2026-11-22T08:00:61Z",
                           "2026-11-22T08:00:00.Z",
                           "2026-11-22T08:00:00+0200",
                           "2026-11-22T08:00:00+24:00",
                           "2026-11-22T08:00:00Zx",
                           " 2026-11-22T08:00:00Z",
                           "0000-01-01T00:00:00Z",
                           "12026-11-22T08:00:00Z",
                           "20261122080000Z"}) {
    const auto time = parse_timestamp(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().fault, Fault::invalid);
  }
}

TEST(Timestamp, OfTheEpochIsKnown) {
  EXPECT_EQ(format_timestamp(Timestamp{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_timestamp(Timestamp(milliseconds(1'763'798'400'007))),
            "2025-11-22T08:00:00.007Z");
}

TEST(SystemClock, IsThisCentury) {
  EXPECT_GT(system_clock().now(), *parse_timestamp("2026-01-01T00:00:00Z"));
  EXPECT_LT(system_clock().now(), *parse_timestamp("2100-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace muster
