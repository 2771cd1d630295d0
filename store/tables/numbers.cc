// SPDX-License-Identifier: Apache-2.0
#include "store/tables/numbers.h"

#include <algorithm>

namespace muster::store {
namespace {

const Sql kLastRecord{"select coalesce(max(row_id), 0) from records", ""};
const Sql kLastIdentity{"select coalesce(max(row_id), 0) from identities", ""};
const Sql kRecords{"select nextval('records_row_id_seq') from generate_series(1, $1)", "n"};
const Sql kIdentities{"select nextval('identities_row_id_seq') from generate_series(1, $1)", "n"};

Result<std::vector<std::int64_t>> behind(Session& session, const Sql& last, std::size_t count) {
  std::int64_t number = 0;
  MUSTER_CHECK(session.query(last, {}, [&](const Row& row) { number = row.number(0); }));
  std::vector<std::int64_t> numbers(count);
  for (auto& next : numbers) next = ++number;
  return numbers;
}

Result<std::vector<std::int64_t>> from_sequence(Session& session, const Sql& sequence,
                                                std::size_t count) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(count);
  MUSTER_CHECK(session.query(
      sequence, [&](Binder& binder) { binder.number(static_cast<std::int64_t>(count)); },
      [&](const Row& row) { numbers.push_back(row.number(0)); }));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<std::vector<std::int64_t>> next(Session& session, const Sql& last, const Sql& sequence,
                                       std::size_t count) {
  return session.engine() == Engine::sqlite ? behind(session, last, count)
                                            : from_sequence(session, sequence, count);
}

}  // namespace

Result<std::vector<std::int64_t>> next_record_numbers(Session& session, std::size_t count) {
  return next(session, kLastRecord, kRecords, count);
}

Result<std::vector<std::int64_t>> next_identity_numbers(Session& session, std::size_t count) {
  return next(session, kLastIdentity, kIdentities, count);
}

}  // namespace muster::store
