// SPDX-License-Identifier: Apache-2.0
#include "store/readers/listing.h"

#include "store/tables/tallies.h"

namespace muster::store {
namespace {

// The first bucket that reaches the wanted place, and how many rows stand before it.
const Sql kBucket{
    "select b.bucket, b.reaches - b.n from (select bucket, n, sum(n) over (order by bucket) as "
    "reaches"
    " from record_buckets where source_id = $1 and type = $2) b where b.reaches >= $3 order by "
    "b.bucket limit 1",
    "nnn"};

}  // namespace

Result<std::optional<std::int64_t>> page_begin(Session& session, const Listing& listing,
                                               std::int64_t start) {
  if (start <= 1) return 0;
  std::int64_t from = 0;
  std::int64_t offset = start - 1;
  if (listing.by_buckets) {
    bool reached = false;
    MUSTER_CHECK(session.query(
        kBucket,
        [&](Binder& binder) {
          binder.number(listing.bucket_source).number(listing.bucket_type).number(start);
        },
        [&](const Row& row) {
          reached = true;
          from = row.number(0) * kBucketRows;
          offset = start - 1 - row.number(1);
        }));
    if (!reached) return std::nullopt;
  }
  std::optional<std::int64_t> begin;
  MUSTER_CHECK(session.query(
      *listing.skip,
      [&](Binder& binder) {
        listing.bind(binder);
        binder.number(from).number(offset);
      },
      [&](const Row& row) { begin = row.number(0) - 1; }));
  return begin;
}

}  // namespace muster::store
