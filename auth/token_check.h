// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "core/clock.h"
#include "core/result.h"
#include "store/store.h"

namespace muster::auth {

// Who somebody is who came with a good token.
struct Principal {
  std::string token_id = {};  // public part of the token
  std::string source = {};    // the source that it is bound to
};

// Why nobody is let in. Each way in says it in its own form.
struct Refusal {
  enum class Reason {
    denied,       // no token, a malformed one, an unknown, expired or revoked one: never said which
    too_many,     // this address has failed too often
    unavailable,  // the store cannot be asked
  };
  Reason reason = Reason::denied;
  std::chrono::seconds retry_after{0};  // too_many, unavailable: worth another try after that
};

using Admission = std::variant<Principal, Refusal>;

// Checks bearer tokens. A revocation or expiry works within a second. Addresses that fail too often
// are told to wait; a token is never locked because others guess. Thread-safe; `store` and `clock`
// must outlive it.
class TokenCheck {
 public:
  TokenCheck(store::Store& store, const Clock& clock);
  ~TokenCheck();

  // `bearer` is the text of the token, as it came; empty: none came. `address` is the peer's.
  // Costs at most one point read of the store.
  Admission check(std::string_view bearer, const std::string& address);

  // Writes when tokens were last used, at minute grain. Call now and then; blocks.
  Status write_last_used();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::auth
