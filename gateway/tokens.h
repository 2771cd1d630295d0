// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"
#include "http/message.h"
#include "store/store.h"

namespace muster::gateway {

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

// Checks bearer tokens of requests. A revocation or expiry works within a second. Addresses that
// fail too often are told to wait; a token is never locked because others guess. Thread-safe;
// `store` and `clock` must outlive it.
class TokenCheck {
 public:
  TokenCheck(store::Store& store, const Clock& clock);
  ~TokenCheck();

  // For routes: the principal, or the 401 (429, 503) answer made by `error_body`.
  http::Authorize authorize(http::ErrorBody error_body);

  // Writes when tokens were last used, at minute grain. Call now and then; blocks.
  Status write_last_used();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::gateway
