// SPDX-License-Identifier: Apache-2.0
#include "provision/reviews/reviews.h"

#include "provision/road/batch_world.h"
#include "provision/road/prepared.h"

namespace muster::provision {
namespace {

struct Waiting {
  store::ReviewRow review = {};
  std::optional<store::RecordRow> record = {};
};

Result<Waiting> read(store::View& view, std::string_view review_id) {
  Waiting waiting;
  MUSTER_TRY(auto review, view.reviews().get(review_id));
  if (!review)
    return fail(Fault::not_found, "there is no review '" + std::string(review_id) + "'", {},
                "see_reviews");
  waiting.review = std::move(*review);
  const std::string ids[] = {waiting.review.record_id};
  MUSTER_TRY(auto rows, view.records().rows(ids));
  waiting.record = std::move(rows[0]);
  return waiting;
}

Status check_state(const Waiting& waiting, ReviewAnswer::Kind kind) {
  const auto& review = waiting.review;
  const bool gone = !waiting.record || waiting.record->head.state == store::RecordState::gone;
  if (kind == ReviewAnswer::Kind::reopen) {
    if (review.state == store::ReviewState::open)
      return fail(Fault::conflict, "the review is open: there is nothing to take back");
    if (review.resolution == store::Resolution::closed)
      return fail(Fault::conflict,
                  "nobody decided this review, it closed by itself: " + review.note);
    if (!gone && waiting.record->head.state == store::RecordState::review)
      return fail(Fault::conflict, "the record waits again already, in a later review", {},
                  "see_reviews");
    if (!gone && waiting.record->head.identity_id != review.person)
      return fail(Fault::conflict,
                  "the decision is not what counts any more: the record has been decided anew");
  } else if (review.state != store::ReviewState::open) {
    return fail(Fault::conflict,
                "the review was resolved already (" + std::string(name_of(review.resolution)) +
                    (review.by.empty() ? "" : " by " + review.by) +
                    "); reopen it first to decide anew",
                {}, "resolved");
  }
  if (gone) return fail(Fault::conflict, "the source no longer has the record");
  return {};
}

}  // namespace

Result<Outcome> answer_review(Provisioner& provisioner, const ReviewAnswer& answer,
                              const std::string& actor) {
  Submission submission;
  {
    MUSTER_TRY(const auto view, provisioner.store().snapshot());
    MUSTER_TRY(const auto waiting, read(*view, answer.review));
    MUSTER_CHECK(check_state(waiting, answer.kind));
    submission.record = record_of(*waiting.record);
    submission.seen_version = waiting.record->head.version;
  }
  return provisioner.submit_one(std::move(submission), {.actor = actor, .answer = &answer});
}

Result<ReviewDetails> review_details(const Provisioner& provisioner, std::string_view review_id,
                                     Timestamp run_time) {
  const auto engine = provisioner.engine();
  MUSTER_TRY(const auto view, provisioner.store().snapshot());
  MUSTER_TRY(auto waiting, read(*view, review_id));
  ReviewDetails details{.review = std::move(waiting.review), .record = std::move(waiting.record)};
  MUSTER_TRY(auto people, view->identities().get(details.review.candidates));
  for (auto& person : people) {
    if (person) details.candidates.push_back(std::move(*person));
  }
  const bool open = details.review.state == store::ReviewState::open;
  if (!open || !details.record || engine->source(details.review.source) == nullptr) return details;
  const auto mapped = engine->map(record_of(*details.record), run_time);
  BatchWorld world(*view);
  MUSTER_TRY(details.correlation, engine->correlate(mapped.contribution, world));
  return details;
}

}  // namespace muster::provision
