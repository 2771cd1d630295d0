// SPDX-License-Identifier: Apache-2.0
#include "store/readers/review_reader.h"

#include "store/tables/review_columns.h"

namespace muster::store {
namespace {

const Sql kRowOf{"select row_id from reviews where id = $1", "t"};
const std::string kBehind =
    "($1 = 0 or v.source_id = $1) and v.row_id > $2 order by v.row_id limit $3";
const Sql kOpen{
    select_reviews() + "where v.state = " + literal(ReviewState::open) + " and " + kBehind, "nnn"};
const Sql kResolved{
    select_reviews() + "where v.state = " + literal(ReviewState::resolved) + " and " + kBehind,
    "nnn"};
const Sql kAll{select_reviews() + "where " + kBehind, "nnn"};

const Sql& statement(std::optional<ReviewState> state) {
  if (!state) return kAll;
  return *state == ReviewState::open ? kOpen : kResolved;
}

}  // namespace

Result<std::optional<ReviewRow>> SqlReviewReader::get(std::string_view id) {
  auto session = session_.use();
  return find_review(*session, catalog_, id);
}

Result<std::vector<ReviewRow>> SqlReviewReader::list(std::string_view source,
                                                     std::optional<ReviewState> state,
                                                     std::string_view after, int count) {
  std::vector<ReviewRow> reviews;
  std::int64_t behind = 0;
  std::int64_t source_id = 0;
  auto session = session_.use();
  if (!source.empty()) {
    MUSTER_TRY(source_id, catalog_.id(*session, source));
    if (source_id == 0) return reviews;
  }
  if (!after.empty()) {
    MUSTER_CHECK(session->query(
        kRowOf, [&](Binder& binder) { binder.text(after); },
        [&](const Row& row) { behind = row.number(0); }));
  }
  MUSTER_CHECK(session->query(
      statement(state),
      [&](Binder& binder) { binder.number(source_id).number(behind).number(count); },
      [&](const Row& row) -> Status {
        MUSTER_TRY(auto review, read_review(row, *session, catalog_));
        reviews.push_back(std::move(review));
        return {};
      }));
  return reviews;
}

}  // namespace muster::store
