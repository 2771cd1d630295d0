// SPDX-License-Identifier: Apache-2.0
#include "core/secret.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <new>

namespace muster {
namespace {

// A place for a Secret that can be looked at after the Secret is gone (a short text lives inside
// the object).
struct Place {
  alignas(Secret) unsigned char bytes[sizeof(Secret)] = {};

  bool holds(const char* text) const {
    const std::string_view all(reinterpret_cast<const char*>(bytes), sizeof bytes);
    return all.find(text) != all.npos;
  }
};

TEST(Secret, IsRevealedOnlyOnRequest) {
  const Secret secret("hunter2");
  EXPECT_EQ(secret.reveal(), "hunter2");
  EXPECT_FALSE(secret.empty());
  EXPECT_TRUE(Secret().empty());
}

TEST(Secret, IsWipedWhenItGoes) {
  Place place;
  auto* secret = new (place.bytes) Secret("hunter2");
  ASSERT_TRUE(place.holds("hunter2"));
  std::destroy_at(secret);
  EXPECT_FALSE(place.holds("hunter2"));
  EXPECT_FALSE(place.holds("unter2"));
}

TEST(Secret, IsWipedWhereItWasMovedFrom) {
  Place place;
  auto* secret = new (place.bytes) Secret("hunter2");
  const Secret moved = std::move(*secret);
  EXPECT_EQ(moved.reveal(), "hunter2");
  EXPECT_FALSE(place.holds("unter2"));
  EXPECT_TRUE(secret->empty());
  std::destroy_at(secret);
}

TEST(Secret, IsReplacedAsAWhole) {
  Secret secret(std::string(100, 'x'));
  const Secret other("short");
  secret = other;
  EXPECT_EQ(secret.reveal(), "short");
  EXPECT_EQ(other.reveal(), "short");
  secret = *&secret;
  EXPECT_EQ(secret.reveal(), "short");
}

}  // namespace
}  // namespace muster
