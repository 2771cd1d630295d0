// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "operations/reviews/list.h"
#include "provision/reviews/reviews.h"

namespace muster::operations {

struct AnsweredReview {
  ReviewEntry entry = {};  // as it is now
  provision::Decision decision = {};
  std::string person = {};  // user name of the person the record contributes to now; may be empty
};

// Decides about a record in review, or takes a decision back (provision/reviews/reviews.h).
// `actor`: by which door who came, for the audit: "cli:anna".
Result<AnsweredReview> answer_review(const Installation& here,
                                     const provision::ReviewAnswer& answer,
                                     const std::string& actor);

}  // namespace muster::operations
