// SPDX-License-Identifier: Apache-2.0
// The part of a batch that is about records which wait for a person, and about what they decide.
#include <algorithm>

#include "provision/road/refusal.h"
#include "provision/road/user_batch.h"

namespace muster::provision {
namespace {

using store::RecordState;
using Kind = ReviewAnswer::Kind;

mappings::Candidate candidate_of(const Person& person) {
  mappings::Candidate candidate;
  candidate.identity_id = person.now.id;
  candidate.user_name = person.now.user_name;
  for (const auto& row : person.told) candidate.sources.push_back(row.head.key.source);
  for (const auto& group : person.now.groups) candidate.groups.push_back(group.path);
  return candidate;
}

}  // namespace

Status UserBatch::load_reviews(const std::vector<Case>& cases) {
  std::vector<std::string> ids;
  for (const auto& c : cases) {
    if (!c.head) continue;
    const bool waits = c.head->state == RecordState::review;
    const bool kept_out = c.head->state == RecordState::skipped && c.item->mapped.in_scope &&
                          c.head->content_hash == c.item->hash;
    if (waits || kept_out || context_.answer != nullptr) ids.push_back(c.head->id);
  }
  return reviews_.load(ids);
}

// A person has to decide; the reason names both sides.
Status UserBatch::wait(Case& c, mappings::Correlation found) {
  c.tier = std::move(found.tier);
  for (const auto& candidate : found.candidates) c.candidates.push_back(candidate.identity_id);
  auto reason = std::move(found.reason);
  const bool review = found.outcome == mappings::Correlation::Outcome::review;
  const auto* person = c.candidates.size() == 1 ? people_.find(c.candidates[0]) : nullptr;
  if (review && person != nullptr) {
    const auto others = records_of(*person, c.row.head.key.source);
    if (!others.empty())
      reason += ": " + others + " has the person, " + c.row.head.key.key + " waits";
  }
  return keep_aside(c, RecordState::review, Verb::review, std::move(reason),
                    review ? "claim" : "review");
}

// Somebody decided to keep the record out, and it is still what it was then.
bool UserBatch::is_kept_out(const Case& c) const {
  if (!c.head || c.head->state != RecordState::skipped) return false;
  const auto* review = reviews_.find(c.head->id);
  return review != nullptr && review->resolution == store::Resolution::ignore &&
         c.head->content_hash == c.row.head.content_hash;
}

Status UserBatch::keep_out(Case& c, std::string reason) {
  c.row.head.state = RecordState::skipped;
  c.row.head.identity_id.clear();
  c.row.contribution.offers.clear();
  c.row.state_reason = reason;
  take(c, {Verb::skip, std::move(reason), {}});
  return {};
}

Status UserBatch::obey(Case& c) {
  const auto& answer = *context_.answer;
  if (answer.kind == Kind::reopen) return take_back(c);
  if (answer.kind == Kind::ignore)
    return keep_out(c, "kept out: " + answer.by + " decided so until the record's data changes");
  const auto& mapped = c.item->mapped;
  std::string hindrance;
  if (!mapped.in_scope) hindrance = "it is out of scope by rule '" + mapped.scope_rule + "'";
  if (mapped.quarantined) hindrance = "a mapping rule refuses a value of it";
  if (!hindrance.empty()) {
    return keep_aside(c, RecordState::review, Verb::review,
                      "the record cannot be applied: " + hindrance, "review");
  }
  c.row.correlated_by = "operator " + signature(answer, tx_.now());
  return answer.kind == Kind::create ? create_person(c) : link_as_told(c);
}

// The rules that hold for links hold whoever asks for one. Whom the person belongs to is decided by
// the ranks of the sources as ever.
Status UserBatch::link_as_told(Case& c) {
  const auto& wanted = context_.answer->person;
  const std::string ids[] = {wanted};
  MUSTER_CHECK(people_.load(ids));
  Person* person = people_.find(wanted);
  if (person == nullptr) {
    c.refused = Error{Fault::not_found, "there is no person with id " + wanted, {}, {}};
    return {};
  }
  const auto refusal = engine_.link_refusal(c.row.head.key.source, candidate_of(*person));
  if (!refusal.empty()) return keep_aside(c, RecordState::review, Verb::review, refusal, "review");
  c.outcome.decision.reason = "decided by " + context_.answer->by;
  return settle_into(c, *person, Bond::fresh);
}

Status UserBatch::take_back(Case& c) {
  const std::string reason = "taken back by " + context_.answer->by + ", waits again";
  if (Person* person = c.linked_to.empty() ? nullptr : people_.find(c.linked_to)) {
    MUSTER_CHECK(end_word(c, RecordState::review, reason));
    const auto* review = reviews_.find(c.head->id);
    const bool made = review != nullptr && review->resolution == store::Resolution::create;
    if (made && person->told.empty()) forget(*person);
  } else {
    take(c, {Verb::review, reason, {}});
  }
  c.row.head.state = RecordState::review;
  c.row.head.identity_id.clear();
  c.row.contribution.offers.clear();
  c.row.correlated_by.clear();
  c.row.state_reason = reason;
  return {};
}

// Somebody whom a decision made and nobody speaks for: the name stays taken, everything else is
// free for whom it belongs to.
void UserBatch::forget(Person& person) {
  auto rest = person.now;
  rest.email.clear();
  std::erase_if(rest.attributes,
                [](const auto& attribute) { return attribute.name != "userName"; });
  rest.state_reason = "made by a decision that was taken back";
  people_.accept(person, std::move(rest));
}

// The review that stands beside the record follows what was decided about it.
void UserBatch::note_review(const Case& c) {
  if (c.refused || !c.outcome.applied()) return;
  const auto& head = c.row.head;
  if (context_.answer != nullptr) {
    reviews_.answer(head.id, *context_.answer, head.identity_id);
  } else if (head.state == RecordState::review) {
    reviews_.open(head, c.row.state_reason, c.tier, c.candidates);
  } else if (c.head && c.head->state == RecordState::review) {
    const auto& decision = c.outcome.decision;
    reviews_.close(c.head->id,
                   decision.reason.empty() ? std::string(name_of(decision.verb)) : decision.reason);
  }
}

}  // namespace muster::provision
