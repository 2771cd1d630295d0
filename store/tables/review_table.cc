// SPDX-License-Identifier: Apache-2.0
#include "store/tables/review_table.h"

#include "store/tables/review_columns.h"

namespace muster::store {
namespace {

const Sql kById{select_reviews() + "where v.id = $1", "t"};
const Sql kOfRecord{select_reviews() + "where v.record_id = $1", "t"};
const Sql kPut = insert_sql("reviews", kReviewColumns, on_conflict("id", kReviewColumns));

// Indexes of the migrations spell the number out.
static_assert(static_cast<int>(ReviewState::open) == 0);

}  // namespace

std::string select_reviews() {
  return "select v.row_id, " + select_list(kReviewColumns, "v") + " from reviews v ";
}

Result<ReviewRow> read_review(const Row& row, Session& session, Catalog& catalog) {
  ReviewRow review;
  SourceNames names{session, catalog};
  MUSTER_CHECK(read_fields(row, 1, kReviewFields, review, &names));
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
      bind_fields(binder, kReviewFields, reviews[i], sources[i]);
    }));
    return {};
  });
}

}  // namespace muster::store
