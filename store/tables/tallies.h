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
  // What stands about a record of that source, or about a person whose owner has that tag: so much
  // more (+1) or less (-1) of each finding.
  enum class About { record, person };
  void count_findings(About about, const std::string& source, const std::vector<Finding>& findings,
                      std::int64_t change);

  // How many linked user records this adds to a source.
  std::int64_t linked_people(std::int64_t source) const;

  void add(const Tallies& other);
  void clear();
  Status flush(Session& session);

 private:
  using CountKey = std::tuple<std::int64_t, std::int64_t, std::int64_t,
                              std::int64_t>;  // source, type, state, active
  using BucketKey = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // source, type, bucket
  using FindingKey =
      std::tuple<std::int64_t, std::string, std::string, std::int64_t>;  // about, source, code,
                                                                         // severity
  std::map<CountKey, std::int64_t> counts_;
  std::map<FindingKey, std::int64_t> findings_;
  std::map<BucketKey, std::int64_t> buckets_;
};

// What finding_counts holds.
Result<AllStanding> read_all_standing(Session& session);

}  // namespace muster::store
