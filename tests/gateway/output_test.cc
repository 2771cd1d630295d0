// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/output.h"

#include <gtest/gtest.h>

namespace muster::gateway::cli {
namespace {

TEST(Output, WidthIsWhatATerminalShows) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("Zoë"), 3u);
  EXPECT_EQ(display_width("Zoe\u0308"), 3u);
  EXPECT_EQ(display_width("田中"), 4u);
}

TEST(Output, CsvCellsAreQuotedAndNeverFormulas) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"hi\""), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("@x"), "'@x");
}

TEST(Output, ForeignTextCannotSteerATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a?[31mb");
  EXPECT_EQ(printable("a\nb"), "a?b");
  EXPECT_EQ(printable("Ω"), "Ω");
}

}  // namespace
}  // namespace muster::gateway::cli
