// SPDX-License-Identifier: Apache-2.0
#include "operations/reviews/list.h"

#include "operations/reviews/entry.h"

namespace muster::operations {

Result<ReviewEntry> with_names(store::ReviewRow review, Names& names) {
  ReviewEntry entry;
  MUSTER_TRY(entry.candidates, names.of(review.candidates));
  MUSTER_TRY(entry.person, names.of(review.person));
  entry.review = std::move(review);
  return entry;
}

Result<std::vector<ReviewEntry>> list_reviews(const Installation& here, const ReviewQuery& query,
                                              const std::string& after, int count) {
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(auto rows, reader->reviews().list(query.source, query.state, after, count));
  Names names(*reader);
  std::vector<ReviewEntry> entries;
  for (auto& row : rows) {
    MUSTER_TRY(auto entry, with_names(std::move(row), names));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<QuarantinePage> list_quarantined(const Installation& here, const std::string& source,
                                        std::int64_t after, int count) {
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(const auto snapshot, here.store().snapshot());
  MUSTER_TRY(const auto heads, snapshot->walks().waiting(after, count));
  QuarantinePage page;
  std::vector<std::string> ids;
  for (const auto& head : heads) {
    page.next = head.row;
    const bool wanted = source.empty() || head.key.source == source;
    if (wanted && head.state == store::RecordState::quarantined) ids.push_back(head.id);
  }
  if (heads.size() < static_cast<std::size_t>(count)) page.next.reset();
  MUSTER_TRY(auto records, snapshot->records().rows(ids));
  Names names(*reader);
  for (auto& record : records) {
    if (!record) continue;
    MUSTER_TRY(auto person, names.of(record->head.identity_id));
    page.records.push_back(
        {std::move(record->head), std::move(record->state_reason), std::move(person)});
  }
  return page;
}

Result<ReviewShown> show_review(const Installation& here, const std::string& id) {
  ReviewShown shown;
  MUSTER_TRY(shown.details, provision::review_details(here.provisioner, id, here.clock.now()));
  MUSTER_TRY(auto reader, here.store().reader());
  Names names(*reader);
  MUSTER_TRY(shown.entry, with_names(shown.details.review, names));
  return shown;
}

}  // namespace muster::operations
