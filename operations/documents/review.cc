// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/review.h"

#include "core/json.h"

namespace muster::operations {
namespace {

Value tiers_of(const mappings::Correlation& correlation) {
  Value::List tiers;
  for (const auto& tier : correlation.tiers) {
    Value one;
    one.set("id", tier.id);
    one.set("at", tier.at);
    if (!tier.skipped.empty()) one.set("skipped", tier.skipped);
    Value::List keys;
    for (const auto& key : tier.keys) keys.emplace_back(key.attribute + " = " + key.key);
    one.set("keys", std::move(keys));
    one.set("found", Value::List(tier.found.begin(), tier.found.end()));
    tiers.push_back(std::move(one));
  }
  return tiers;
}

}  // namespace

Value as_document(const ReviewEntry& entry) {
  const auto& review = entry.review;
  Value document;
  document.set("id", review.id);
  document.set("source", review.source);
  document.set("recordKey", review.record_key);
  document.set("recordId", review.record_id);
  document.set("state", store::name_of(review.state));
  document.set("reason", review.reason);
  document.set("tier", review.tier);
  Value::List candidates;
  for (std::size_t i = 0; i < review.candidates.size(); ++i) {
    Value one;
    one.set("id", review.candidates[i]);
    one.set("userName", entry.candidates[i]);
    candidates.push_back(std::move(one));
  }
  document.set("candidates", std::move(candidates));
  document.set("opened", format_timestamp(review.opened));
  if (review.state == store::ReviewState::open) return document;
  document.set("resolution", store::name_of(review.resolution));
  if (review.resolved) document.set("resolved", format_timestamp(*review.resolved));
  document.set("by", review.by);
  document.set("note", review.note);
  document.set("personId", review.person);
  document.set("person", entry.person);
  return document;
}

Value as_document(const QuarantinedRecord& record) {
  const auto& head = record.head;
  Value document;
  document.set("source", head.key.source);
  document.set("recordKey", head.key.key);
  document.set("recordId", head.id);
  document.set("state", store::name_of(head.state));
  document.set("reason", record.reason);
  document.set("since", format_timestamp(head.modified));
  document.set("personId", head.identity_id);
  document.set("person", record.person);
  return document;
}

Result<Value> as_document(const ReviewShown& shown) {
  const auto& details = shown.details;
  auto document = as_document(shown.entry);
  if (details.review.state == store::ReviewState::open) {
    document.set("tiers", tiers_of(details.correlation));
    document.set("decision", details.correlation.reason);
  }
  if (details.record) {
    const auto& text = details.record->document;
    MUSTER_TRY(auto record, parse_json(text, JsonLimits{64, text.size()}));
    document.set("record", std::move(record));
    document.set("recordState", store::name_of(details.record->head.state));
    document.set("linkedBy", details.record->correlated_by);
  }
  return document;
}

Value as_document(const AnsweredReview& answered) {
  auto document = as_document(answered.entry);
  document.set("decision", name_of(answered.decision.verb));
  return document;
}

}  // namespace muster::operations
