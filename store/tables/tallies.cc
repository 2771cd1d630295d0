// SPDX-License-Identifier: Apache-2.0
#include "store/tables/tallies.h"

#include <vector>

namespace muster::store {
namespace {

const Sql kCount{
    "insert into record_counts (source_id, type, state, active, n) values ($1, $2, $3, $4, $5)"
    " on conflict (source_id, type, state, active) do update set n = record_counts.n + excluded.n",
    "nnnnn"};
const Sql kBucket{
    "insert into record_buckets (source_id, type, bucket, n) values ($1, $2, $3, $4)"
    " on conflict (source_id, type, bucket) do update set n = record_buckets.n + excluded.n",
    "nnnn"};

const Sql kFindings{
    "insert into finding_counts (kind, source, code, severity, n) values ($1, $2, $3, $4, $5)"
    " on conflict (kind, source, code, severity) do update set n = finding_counts.n + excluded.n",
    "nttnn"};
const Sql kStanding{
    "select kind, source, code, severity, n from finding_counts where n > 0"
    " order by kind, source, code, severity",
    ""};

std::int64_t number_of(std::optional<bool> active) { return active ? (*active ? 1 : 0) : -1; }

// Always in the order of the keys: two replicas that change the same counters then never wait for
// each other in a circle.
template <class Key>
std::vector<std::pair<Key, std::int64_t>> changed(const std::map<Key, std::int64_t>& tallies) {
  std::vector<std::pair<Key, std::int64_t>> out;
  for (const auto& [key, change] : tallies) {
    if (change != 0) out.emplace_back(key, change);
  }
  return out;
}

}  // namespace

void Tallies::count(std::int64_t source, ResourceType type, RecordState state,
                    std::optional<bool> active, std::int64_t row, std::int64_t change) {
  auto kind = static_cast<std::int64_t>(type);
  counts_[{source, kind, static_cast<std::int64_t>(state), number_of(active)}] += change;
  if (state != RecordState::gone) buckets_[{source, kind, row / kBucketRows}] += change;
}

void Tallies::count_identity(std::int64_t row) {
  ++counts_[{kIdentities, 0, 0, -1}];
  ++buckets_[{kIdentities, 0, row / kBucketRows}];
}

void Tallies::count_findings(About about, const std::string& source,
                             const std::vector<Finding>& findings, std::int64_t change) {
  for (const auto& finding : findings) {
    findings_[{static_cast<std::int64_t>(about), source, finding.code,
               static_cast<std::int64_t>(finding.severity)}] += change;
  }
}

std::int64_t Tallies::linked_people(std::int64_t source) const {
  std::int64_t sum = 0;
  for (std::int64_t active : {-1, 0, 1}) {
    auto found = counts_.find({source, static_cast<std::int64_t>(ResourceType::user),
                               static_cast<std::int64_t>(RecordState::linked), active});
    if (found != counts_.end()) sum += found->second;
  }
  return sum;
}

void Tallies::add(const Tallies& other) {
  for (const auto& [key, change] : other.counts_) counts_[key] += change;
  for (const auto& [key, change] : other.buckets_) buckets_[key] += change;
  for (const auto& [key, change] : other.findings_) findings_[key] += change;
}

void Tallies::clear() {
  counts_.clear();
  buckets_.clear();
  findings_.clear();
}

Status Tallies::flush(Session& session) {
  auto counts = changed(counts_);
  MUSTER_CHECK(session.write(kCount, counts.size(), [&](std::size_t i, Binder& binder) {
    const auto& [source, type, state, active] = counts[i].first;
    binder.number(source).number(type).number(state).number(active).number(counts[i].second);
  }));
  auto buckets = changed(buckets_);
  MUSTER_CHECK(session.write(kBucket, buckets.size(), [&](std::size_t i, Binder& binder) {
    const auto& [source, type, bucket] = buckets[i].first;
    binder.number(source).number(type).number(bucket).number(buckets[i].second);
  }));
  auto findings = changed(findings_);
  MUSTER_CHECK(session.write(kFindings, findings.size(), [&](std::size_t i, Binder& binder) {
    const auto& [about, source, code, severity] = findings[i].first;
    binder.number(about).text(source).text(code).number(severity).number(findings[i].second);
  }));
  clear();
  return {};
}

Result<AllStanding> read_all_standing(Session& session) {
  AllStanding all;
  MUSTER_CHECK(session.query(kStanding, {}, [&](const Row& row) {
    const bool of_record = row.number(0) == static_cast<std::int64_t>(Tallies::About::record);
    (of_record ? all.of_records : all.of_people)
        .push_back(
            {row.string(1), row.string(2), static_cast<Severity>(row.number(3)), row.number(4)});
  }));
  return all;
}

}  // namespace muster::store
