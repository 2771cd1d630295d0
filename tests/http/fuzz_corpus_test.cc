// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz_head.h"

namespace muster::http {
namespace {

// What the fuzzer has kept is read again here; it aborts when a property does not hold.
TEST(FuzzCorpus, of_request_heads) {
  int read = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(MUSTER_SOURCE_DIR "/tests/fuzz/corpus/http_head_fuzz")) {
    std::ifstream file(entry.path(), std::ios::binary);
    fuzz_head(std::string(std::istreambuf_iterator<char>(file), {}));
    ++read;
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace muster::http
