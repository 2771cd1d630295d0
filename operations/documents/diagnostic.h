// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/diagnostic.h"
#include "core/value.h"

namespace muster::operations {

// severity, file, line, column, code, message.
Value as_document(const Diagnostic& diagnostic);

}  // namespace muster::operations
