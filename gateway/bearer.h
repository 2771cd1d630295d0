// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/token_check.h"
#include "http/message.h"

namespace muster::gateway {

// Lets requests of a route in by their bearer token (RFC 6750): the principal, or a 401, 429 or 503
// in the words of `error_body`. `tokens` must outlive the routes.
http::Authorize bearer(auth::TokenCheck& tokens, http::ErrorBody error_body);

}  // namespace muster::gateway
