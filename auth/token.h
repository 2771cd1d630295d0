// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/clock.h"
#include "core/secret.h"
#include "store/rows.h"

namespace muster::auth {

// A bearer token of a source: mst1_<12 characters id>_<43 characters, 256 random bits>_<6
// characters checksum>. The store keeps the SHA-256 of the secret part only, so a token can be
// shown once, when it is made.
struct NewToken {
  store::TokenRow row = {};
  Secret text = {};
};

NewToken make_token(std::string_view source, Timestamp now, std::chrono::seconds lifetime);

// The parts of a well-formed token (form and checksum); they point into `text`.
struct TokenParts {
  std::string_view id = {};
  std::string_view secret = {};
};
std::optional<TokenParts> parse_token(std::string_view text);

}  // namespace muster::auth
