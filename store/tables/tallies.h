// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "core/record.h"
#include "core/result.h"
#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

constexpr std::int64_t kBucketRows = 1024;

// Identities are counted like records of a source with this number, which no source has.
constexpr std::int64_t kIdentities = 0;

// What a transaction changes in the counters (record_counts, record_buckets): collected while it
// runs and written once before its commit, so that a batch touches a counter once and totals never
// have to count rows.
class Tallies {
 public:
  // One record of that kind more (+1) or less (-1).
  void count(std::int64_t source, ResourceType type, RecordState state, std::optional<bool> active,
             std::int64_t row, std::int64_t change);
  void count_identity(std::int64_t row);

  // How many linked user records this adds to a source.
  std::int64_t linked_people(std::int64_t source) const;

  void add(const Tallies& other);
  void clear();
  Status flush(Session& session);

 private:
  using CountKey = std::tuple<std::int64_t, std::int64_t, std::int64_t,
                              std::int64_t>;  // source, type, state, active
  using BucketKey = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // source, type, bucket
  std::map<CountKey, std::int64_t> counts_;
  std::map<BucketKey, std::int64_t> buckets_;
};

}  // namespace muster::store
