// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "operations/installation.h"
#include "provision/reviews/reviews.h"

namespace muster::operations {

// A review with the user names of those whom it is about; an id where nobody has it any more.
struct ReviewEntry {
  store::ReviewRow review = {};
  std::vector<std::string> candidates = {};  // as review.candidates
  std::string person = {};                   // whom the record was given to; may be empty
};

// Which reviews: an empty source is any, no state all.
struct ReviewQuery {
  std::string source = {};
  std::optional<store::ReviewState> state = {};
};

// One page in the order of opening, behind the review `after` (empty: from the start).
Result<std::vector<ReviewEntry>> list_reviews(const Installation& here, const ReviewQuery& query,
                                              const std::string& after, int count);

// A record in quarantine. It has no review, for nobody can decide it: a rule or the data has to
// change.
struct QuarantinedRecord {
  store::RecordHead head = {};
  std::string reason = {};
  std::string person = {};  // user name of the person it belongs to; may be empty
};

struct QuarantinePage {
  std::vector<QuarantinedRecord> records = {};
  std::optional<std::int64_t> next = {};  // where to go on; none: that was all
};

// One page in the order of arrival, from `after` on (0: from the start). It may be short or empty
// though more follow.
Result<QuarantinePage> list_quarantined(const Installation& here, const std::string& source,
                                        std::int64_t after, int count);

// One review: what was decided, or what there is to decide by.
struct ReviewShown {
  ReviewEntry entry = {};
  provision::ReviewDetails details = {};
};

// not_found: no such review.
Result<ReviewShown> show_review(const Installation& here, const std::string& id);

}  // namespace muster::operations
