// SPDX-License-Identifier: Apache-2.0
#include "core/uuid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace muster {
namespace {

Timestamp at(std::int64_t milliseconds) {
  return Timestamp(std::chrono::milliseconds(milliseconds));
}

TEST(Uuid, HasVersionVariantAndTime) {
  // The example time of RFC 9562, A.6.
  const auto id = new_uuid(at(0x017F22E279B0));
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id.substr(0, 15), "017f22e2-79b0-7") << id;
  EXPECT_EQ(id[18], '-');
  EXPECT_NE(std::string_view("89ab").find(id[19]), std::string_view::npos) << id;
  EXPECT_EQ(id[23], '-');
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef-"), std::string::npos) << id;
}

TEST(Uuid, IsInOrderAlsoWithinAMillisecond) {
  const auto now = at(2'000'000'000'000);
  std::vector<std::string> ids;
  for (int i = 0; i < 10'000; ++i) ids.push_back(new_uuid(now));
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()))
      << "more than a counter holds: it runs over into the time";
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), ids.size());
}

TEST(Uuid, StaysInOrderWhenTheClockIsSetBackALittle) {
  const auto before = new_uuid(at(2'100'000'000'000));
  const auto after = new_uuid(at(2'099'999'999'000));
  EXPECT_LT(before, after);
}

TEST(Uuid, BelievesAnotherClock) {
  new_uuid(at(2'200'000'000'000));
  EXPECT_EQ(new_uuid(at(0)).substr(0, 13), "00000000-0000");
}

TEST(Uuid, IsUniqueOverThreadsAndInOrderWithinEach) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t each = 20'000;
  std::vector<std::vector<std::string>> made(threads);
  {
    std::vector<std::jthread> workers;
    for (auto& ids : made) {
      workers.emplace_back([&ids] {
        for (std::size_t i = 0; i < each; ++i) ids.push_back(new_uuid(at(2'300'000'000'000)));
      });
    }
  }
  std::set<std::string> all;
  for (const auto& ids : made) {
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    all.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), threads * each);
}

}  // namespace
}  // namespace muster
