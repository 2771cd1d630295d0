// SPDX-License-Identifier: Apache-2.0
#include "operations/reviews/answer.h"

#include "operations/reviews/entry.h"

namespace muster::operations {

Result<AnsweredReview> answer_review(const Installation& here,
                                     const provision::ReviewAnswer& answer,
                                     const std::string& actor) {
  MUSTER_TRY(const auto outcome, provision::answer_review(here.provisioner, answer, actor));
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(auto review, reader->reviews().get(answer.review));
  if (!review) return fail(Fault::internal, "the review is gone", answer.review);
  Names names(*reader);
  AnsweredReview answered{.decision = outcome.decision};
  MUSTER_TRY(answered.entry, with_names(*std::move(review), names));
  MUSTER_TRY(answered.person, names.of(outcome.head.identity_id));
  return answered;
}

}  // namespace muster::operations
