// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "auth/veil.h"
#include "core/value.h"
#include "mappings/engine.h"
#include "operations/mapping/check.h"
#include "operations/mapping/presets.h"

namespace muster::operations {

// Every finding, with what it suggests, and a summary.
Value as_document(const CheckedMapping& checked);

// What one record became; values that the mapping calls sensitive are veiled.
Value as_document(const mappings::Mapped& mapped, const mappings::Engine& engine,
                  const auth::Veil& veil);

Value as_document(const Preset& preset);  // name and purpose

}  // namespace muster::operations
