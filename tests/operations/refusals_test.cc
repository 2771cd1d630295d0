// SPDX-License-Identifier: Apache-2.0
#include "operations/sources/refusals.h"

#include <gtest/gtest.h>

#include <vector>

namespace muster::operations {
namespace {

using namespace std::chrono_literals;

store::RunRow run(store::RunState state, const std::string& code, Timestamp at) {
  return {.state = state, .code = code, .started = at, .ended = at + 1s};
}

TEST(Refusals, TheWaitDoublesToAnHour) {
  const Timestamp noon{};
  std::vector<store::RunRow> runs;  // newest first
  EXPECT_FALSE(refusals_of(runs));
  const std::chrono::minutes waits[] = {2min, 4min, 8min, 16min, 32min, 60min, 60min, 60min};
  for (const auto wait : waits) {
    const auto at = noon + std::chrono::hours(runs.size());
    runs.insert(runs.begin(), run(store::RunState::failed, "49", at));
    const auto refused = refusals_of(runs);
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->times, static_cast<int>(runs.size()));
    EXPECT_EQ(refused->since, noon);
    EXPECT_EQ(refused->next, at + 1s + wait);
  }
  auto again = runs;
  again.insert(again.begin(), run(store::RunState::running, "", noon + 9h));
  EXPECT_EQ(refusals_of(again)->times, static_cast<int>(runs.size())) << "one is under way";
}

TEST(Refusals, AnyOtherEndEndsThem) {
  const Timestamp noon{};
  for (const auto& last :
       {run(store::RunState::done, "", noon + 1h), run(store::RunState::failed, "-1", noon + 1h),
        run(store::RunState::incomplete, "", noon + 1h)}) {
    const std::vector<store::RunRow> runs = {last, run(store::RunState::failed, "49", noon)};
    EXPECT_FALSE(refusals_of(runs));
    EXPECT_FALSE(refused_credentials(runs[0]));
    EXPECT_TRUE(refused_credentials(runs[1]));
  }
}

}  // namespace
}  // namespace muster::operations
