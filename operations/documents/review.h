// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/value.h"
#include "operations/reviews/answer.h"
#include "operations/reviews/list.h"

namespace muster::operations {

Value as_document(const ReviewEntry& entry);
Value as_document(const QuarantinedRecord& record);
// The review, which tiers were asked, and the record whole. internal when what is stored is no
// JSON.
Result<Value> as_document(const ReviewShown& shown);
// The review as it is now, and the verb of what followed.
Value as_document(const AnsweredReview& answered);

}  // namespace muster::operations
