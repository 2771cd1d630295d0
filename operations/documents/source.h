// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/value.h"
#include "operations/sources/list.h"

namespace muster::operations {

// All values are text, "never" and "" where there was no run. `remarks`: refused credentials, and
// attributes that nobody has; "" when all is well.
Value as_document(const SourceStatus& source);

}  // namespace muster::operations
