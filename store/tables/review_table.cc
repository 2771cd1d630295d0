// SPDX-License-Identifier: Apache-2.0
#include "store/tables/review_table.h"

#include "store/codec.h"
#include "store/tables/record_columns.h"
#include "store/tables/review_columns.h"

namespace muster::store {
namespace {

const Sql kById{"select " + kReviewColumns + " from reviews v where v.id = $1", "t"};
const Sql kOfRecord{"select " + kReviewColumns + " from reviews v where v.record_id = $1", "t"};
const Sql kPut{
    "insert into reviews (id, source_id, record_id, record_key, state, reason, tier, candidates, "
    "opened, resolution, resolved, person, resolved_by, note)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    " on conflict (id) do update set state = excluded.state, reason = excluded.reason, tier = "
    "excluded.tier, candidates = excluded.candidates, resolution = excluded.resolution, resolved = "
    "excluded.resolved, person = excluded.person, resolved_by = excluded.resolved_by, note = "
    "excluded.note",
    "tnttnttt"
    "nnn"
    "ttt"};

}  // namespace

Result<ReviewRow> read_review(const Row& row, Session& session, Catalog& catalog) {
  ReviewRow review;
  review.id = row.text(1);
  MUSTER_TRY(review.source, catalog.name(session, row.number(2)));
  review.record_id = row.text(3);
  review.record_key = row.text(4);
  review.state = static_cast<ReviewState>(row.number(5));
  review.reason = row.text(6);
  review.tier = row.text(7);
  MUSTER_TRY(review.candidates, read_texts(row.text(8)));
  review.opened = timestamp(row.number(9));
  review.resolution = static_cast<Resolution>(row.number(10));
  review.resolved = timestamp(row.optional_number(11));
  review.person = row.text(12);
  review.by = row.text(13);
  review.note = row.text(14);
  return review;
}

Result<std::optional<ReviewRow>> find_review(Session& session, Catalog& catalog,
                                             std::string_view id) {
  std::optional<ReviewRow> found;
  MUSTER_CHECK(session.query(
      kById, [&](Binder& binder) { binder.text(id); },
      [&](const Row& row) -> Status {
        MUSTER_TRY(found, read_review(row, session, catalog));
        return {};
      }));
  return found;
}

Result<std::optional<ReviewRow>> SqlReviewTable::get(std::string_view id) {
  return find_review(scope_.session(), scope_.catalog(), id);
}

Result<std::vector<std::optional<ReviewRow>>> SqlReviewTable::latest(
    std::span<const std::string> record_ids) {
  std::vector<std::optional<ReviewRow>> found(record_ids.size());
  std::vector<std::int64_t> newest(record_ids.size(), 0);
  Session& session = scope_.session();
  MUSTER_CHECK(session.read(
      kOfRecord, record_ids.size(),
      [&](std::size_t i, Binder& binder) { binder.text(record_ids[i]); },
      [&](std::size_t i, const Row& row) -> Status {
        if (row.number(0) < newest[i]) return {};
        newest[i] = row.number(0);
        MUSTER_TRY(found[i], read_review(row, session, scope_.catalog()));
        return {};
      }));
  return found;
}

Status SqlReviewTable::put(std::span<const ReviewRow> reviews) {
  if (reviews.empty()) return {};
  return scope_.write([&]() -> Status {
    std::vector<std::int64_t> sources;
    for (const auto& review : reviews) {
      MUSTER_TRY(auto source, scope_.catalog().id_or_new(scope_.session(), review.source));
      sources.push_back(source);
    }
    MUSTER_CHECK(scope_.session().write(kPut, reviews.size(), [&](std::size_t i, Binder& binder) {
      const ReviewRow& review = reviews[i];
      binder.text(review.id).number(sources[i]).text(review.record_id).text(review.record_key);
      binder.number(static_cast<std::int64_t>(review.state))
          .text(review.reason)
          .text_or_null(review.tier)
          .text_or_null(write_texts(review.candidates))
          .number(milliseconds(review.opened));
      binder.number(static_cast<std::int64_t>(review.resolution))
          .number_or_null(milliseconds(review.resolved));
      binder.text_or_null(review.person).text_or_null(review.by).text_or_null(review.note);
    }));
    return {};
  });
}

}  // namespace muster::store
