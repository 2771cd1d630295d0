// SPDX-License-Identifier: Apache-2.0
#include "provision/road/review_items.h"

#include "core/json.h"
#include "core/uuid.h"

namespace muster::provision {
namespace {

store::Resolution resolution_of(ReviewAnswer::Kind kind) {
  switch (kind) {
    case ReviewAnswer::Kind::link:
      return store::Resolution::link;
    case ReviewAnswer::Kind::create:
      return store::Resolution::create;
    case ReviewAnswer::Kind::ignore:
      return store::Resolution::ignore;
    case ReviewAnswer::Kind::reopen:
      return store::Resolution::none;
  }
  return store::Resolution::none;
}

AuditEntry audit_of_answer(const store::ReviewRow& review, const ReviewAnswer& answer,
                           const std::string& person) {
  Value detail;
  detail.set("source", review.source);
  detail.set("record", review.record_id);
  if (!person.empty()) detail.set("person", person);
  if (!answer.note.empty()) detail.set("note", answer.note);
  const bool reopened = answer.kind == ReviewAnswer::Kind::reopen;
  return {.actor = {},
          .action = reopened ? "review.reopen"
                             : "review." + std::string(name_of(resolution_of(answer.kind))),
          .subject = review.id,
          .run = {},
          .detail = write_json(detail)};
}

}  // namespace

std::string signature(const ReviewAnswer& answer, Timestamp when) {
  return answer.by + ", " + format_timestamp(when);
}

Status ReviewItems::load(std::span<const std::string> record_ids) {
  if (record_ids.empty()) return {};
  MUSTER_TRY(auto found, tx_.reviews().latest(record_ids));
  for (std::size_t i = 0; i < record_ids.size(); ++i) {
    if (found[i]) latest_.insert_or_assign(record_ids[i], std::move(*found[i]));
  }
  return {};
}

const store::ReviewRow* ReviewItems::find(const std::string& record_id) const {
  const auto found = latest_.find(record_id);
  return found == latest_.end() ? nullptr : &found->second;
}

void ReviewItems::open(const store::RecordHead& record, const std::string& reason,
                       const std::string& tier, std::vector<std::string> candidates) {
  auto& review = latest_[record.id];
  if (review.id.empty() || review.state == store::ReviewState::resolved) {
    review = {};
    review.id = new_uuid(tx_.now());
    review.source = record.key.source;
    review.record_id = record.id;
    review.record_key = record.key.key;
    review.opened = tx_.now();
  } else if (review.reason == reason && review.candidates == candidates) {
    return;
  }
  review.reason = reason;
  review.tier = tier;
  review.candidates = std::move(candidates);
  changed_.push_back(record.id);
}

void ReviewItems::close(const std::string& record_id, const std::string& why) {
  const auto found = latest_.find(record_id);
  if (found == latest_.end() || found->second.state == store::ReviewState::resolved) return;
  auto& review = found->second;
  review.state = store::ReviewState::resolved;
  review.resolution = store::Resolution::closed;
  review.resolved = tx_.now();
  review.note = why;
  changed_.push_back(record_id);
}

void ReviewItems::answer(const std::string& record_id, const ReviewAnswer& answer,
                         const std::string& person) {
  const auto found = latest_.find(record_id);
  if (found == latest_.end()) return;
  auto& review = found->second;
  const bool reopened = answer.kind == ReviewAnswer::Kind::reopen;
  audit_.push_back(audit_of_answer(review, answer, reopened ? review.person : person));
  review.state = reopened ? store::ReviewState::open : store::ReviewState::resolved;
  review.resolution = resolution_of(answer.kind);
  review.resolved = reopened ? std::nullopt : std::optional(tx_.now());
  review.person = reopened ? std::string() : person;
  review.by = reopened ? std::string() : answer.by;
  review.note = answer.note;
  changed_.push_back(record_id);
}

Status ReviewItems::flush(const SubmitContext& context) {
  std::vector<store::ReviewRow> rows;
  for (const auto& record_id : changed_) rows.push_back(latest_.at(record_id));
  changed_.clear();
  MUSTER_CHECK(tx_.reviews().put(rows));
  for (auto& entry : audit_) entry.actor = context.actor;
  MUSTER_CHECK(tx_.journal().audit(audit_));
  audit_.clear();
  return {};
}

}  // namespace muster::provision
