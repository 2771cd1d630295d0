// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/identity.h"
#include "core/result.h"
#include "mappings/engine.h"
#include "provision/provisioner.h"
#include "provision/road/review_answer.h"
#include "store/rows.h"

namespace muster::provision {

// Carries the answer out through the road, in one transaction with its audit rows: the record
// contributes at once, without its source sending it again, and the decision is sticky like every
// link. Refused with nothing changed: not_found (review, person), conflict (the review is not
// open any more, the record changed or went, or the answer would break a rule: never_link_to, a
// second record of one source, somebody else's mail address, a record out of scope or invalid).
Result<Outcome> answer_review(Provisioner& provisioner, const ReviewAnswer& answer,
                              const std::string& actor);

// A review with what somebody needs to know to decide.
struct ReviewDetails {
  store::ReviewRow review = {};
  std::optional<store::RecordRow> record = {};
  std::vector<Identity> candidates = {};   // those that still exist
  mappings::Correlation correlation = {};  // as it would be decided now; only for an open one
};
Result<ReviewDetails> review_details(const Provisioner& provisioner, std::string_view review_id,
                                     Timestamp run_time);

}  // namespace muster::provision
