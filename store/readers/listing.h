// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/query.h"
#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

// How one kind of row is found in its order: the statements of an index (or of the whole table) and
// what else they need. `bind` gives the parameters that all four share, which come first.
struct Listing {
  const Sql* page =
      nullptr;  // shared.., behind row, limit -> rows in order, the row number in column 0
  const Sql* skip = nullptr;       // shared.., from row, offset -> the row number there
  const Sql* count = nullptr;      // shared.. -> how many
  std::int64_t bucket_source = 0;  // the whole table: its counters in record_buckets
  std::int64_t bucket_type = 0;
  bool by_buckets = false;
  std::function<void(Binder&)> bind = {};
};

// The row number behind which the page of a query begins; nothing when the list is shorter than
// that.
Result<std::optional<std::int64_t>> page_begin(Session& session, const Listing& listing,
                                               std::int64_t start);

constexpr int kChunk = 256;  // rows that are evaluated together

// Lists `listing` without a further condition. `read` turns a row into a result.
template <class T, class Read>
Result<Page<T>> list_indexed(Session& session, const Listing& listing, const Query& query,
                             std::optional<std::int64_t> after, Read read) {
  Page<T> page;
  std::optional<std::int64_t> begin = after;
  if (!begin) {
    MUSTER_TRY(begin, page_begin(session, listing, query.start));
  }
  if (begin && query.count > 0) {
    MUSTER_CHECK(session.query(
        *listing.page,
        [&](Binder& binder) {
          listing.bind(binder);
          binder.number(*begin).number(query.count);
        },
        [&](const Row& row) -> Status {
          MUSTER_TRY(auto one, read(row));
          page.rows.push_back(std::move(one));
          return {};
        }));
  }
  if (!query.want_total) return page;
  auto got = static_cast<std::int64_t>(page.rows.size());
  if (!after && query.start <= 1 && got < query.count) {
    page.total = got;  // the page is the whole list
    return page;
  }
  MUSTER_CHECK(session.query(*listing.count, listing.bind,
                             [&](const Row& row) { page.total = row.number(0); }));
  return page;
}

// The same with a condition that has to look at each row: in order, `kChunk` rows in memory at a
// time.
template <class T, class Read, class Satisfies>
Result<Page<T>> list_evaluated(Session& session, const Listing& listing, const Query& query,
                               std::optional<std::int64_t> after, Read read, Satisfies satisfies) {
  Page<T> page;
  std::int64_t matched = 0;
  std::int64_t behind = after && !query.want_total ? *after : 0;
  auto wanted = [&](std::int64_t row) { return after ? row > *after : matched >= query.start; };
  for (;;) {
    std::vector<std::pair<std::int64_t, T>> chunk;
    MUSTER_CHECK(session.query(
        *listing.page,
        [&](Binder& binder) { listing.bind(binder), binder.number(behind).number(kChunk); },
        [&](const Row& row) -> Status {
          MUSTER_TRY(auto one, read(row));
          chunk.emplace_back(row.number(0), std::move(one));
          return {};
        }));
    for (auto& [row, one] : chunk) {
      MUSTER_TRY(bool yes, satisfies(row, one));
      behind = row;
      if (!yes) continue;
      ++matched;
      bool room = static_cast<std::int64_t>(page.rows.size()) < query.count;
      if (room && wanted(row)) page.rows.push_back(std::move(one));
      if (!query.want_total && static_cast<std::int64_t>(page.rows.size()) >= query.count)
        return page;
    }
    if (chunk.size() < kChunk) break;
  }
  if (query.want_total) page.total = matched;
  return page;
}

}  // namespace muster::store
