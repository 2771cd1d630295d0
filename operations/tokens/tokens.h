// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "auth/token.h"
#include "operations/installation.h"

namespace muster::operations {

// Makes a token for a scim source and stores it with its audit row; its text is known to the caller
// alone. `actor`: who asks, for the audit. not_found: no such source; invalid: one that nobody
// pushes to.
Result<auth::NewToken> create_token(const Installation& here, const std::string& source,
                                    std::chrono::seconds lifetime, const std::string& actor);

struct TokenStatus {
  store::TokenRow token = {};
  std::string_view state = {};  // "valid", "expired", "revoked"
};

// All tokens, without their secrets.
Result<std::vector<TokenStatus>> list_tokens(const Installation& here);

// Ends a token; it stops working within a second. One that is revoked already stays as it is.
Result<store::TokenRow> revoke_token(const Installation& here, const std::string& id,
                                     const std::string& actor);

}  // namespace muster::operations
