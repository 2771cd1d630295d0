// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/connectors/csv/fuzz_csv.h"
#include "tests/support/temp_dir.h"

namespace muster::connectors::csv::test {
namespace {

TEST(FuzzCorpus, replays) {
  const std::filesystem::path folder = MUSTER_SOURCE_DIR "/tests/fuzz/corpus/csv_fuzz";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename());
    fuzz_csv(support::read_file(entry.path()));
    ++files;
  }
  EXPECT_GE(files, 8);
}

}  // namespace
}  // namespace muster::connectors::csv::test
