// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"
#include "core/secret.h"
#include "core/value.h"

namespace muster::auth {

// Stands in for values that are not to be shown: their length, and a hash (HMAC-SHA256, 8 bytes) by
// which equal values are known to be equal, and only where the key is known. Thread-safe.
class Veil {
 public:
  // With the key of an installation, which is made when there is none: "veil.key" in the state
  // directory. unavailable when it can neither be read nor made.
  static Result<Veil> open(const std::filesystem::path& state_directory);
  // With a key that ends with the process.
  static Result<Veil> make();

  // "(12 bytes, 9f3a1c...)"; none stays none.
  Value operator()(const Value& value) const;

 private:
  explicit Veil(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

}  // namespace muster::auth
