// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/key_index.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::connectors::csv::test {
namespace {

TEST(KeyIndex, remembers_the_first_line_of_each_key) {
  KeyIndex keys;
  for (std::uint32_t line = 1; line <= 100'000; ++line) {
    ASSERT_EQ(keys.first_line("k" + std::to_string(line), line), 0u);
  }
  for (std::uint32_t line = 1; line <= 100'000; ++line) {
    ASSERT_EQ(keys.first_line("k" + std::to_string(line), 7), line);
  }
  EXPECT_EQ(keys.first_line("K1", 100'001), 0u);
}

}  // namespace
}  // namespace muster::connectors::csv::test
