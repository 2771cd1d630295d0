// SPDX-License-Identifier: Apache-2.0
#include "core/content_hash.h"

#include <gtest/gtest.h>

namespace muster {
namespace {

// The hash is stored: it must be the same on every machine and after every upgrade (XXH3 test
// vectors).
TEST(ContentHash, IsTheXxh3OfTheText) {
  EXPECT_EQ(content_hash(""), 0x2D06800538D394C2);
  EXPECT_NE(content_hash("a"), content_hash("b"));
}

}  // namespace
}  // namespace muster
