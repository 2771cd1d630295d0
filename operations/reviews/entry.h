// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "operations/reviews/list.h"
#include "operations/reviews/names.h"

namespace muster::operations {

Result<ReviewEntry> with_names(store::ReviewRow review, Names& names);

}  // namespace muster::operations
