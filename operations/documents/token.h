// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/token.h"
#include "core/value.h"
#include "operations/tokens/tokens.h"

namespace muster::operations {

// With its text: to be shown this once.
Value as_document(const auth::NewToken& token);
Value as_document(const TokenStatus& status);

}  // namespace muster::operations
