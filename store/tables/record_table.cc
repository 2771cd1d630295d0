// SPDX-License-Identifier: Apache-2.0
#include "store/tables/record_table.h"

#include <algorithm>

#include "store/tables/record_changes.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kByKey{select_heads() + "where r.source_id = $1 and r.type = $2 and r.key = $3", "nnt"};
const Sql kByLinkKey{select_heads() +
                         "where r.source_id = $1 and r.type = $2 and r.link_key = $3 union all " +
                         select_heads() +
                         "where r.source_id = $1 and r.type = $2 and r.key = $3"
                         " and r.link_key is null",
                     "nnt"};
const Sql kById{select_records() + "where r.id = $1", "t"};
const Sql kOfIdentity{select_records() + "where r.identity_id = $1 and r.state in " + live_states(),
                      "t"};
const Sql kSilentOfIdentity{
    select_records() + "where r.identity_id = $1 and r.state in " + silent_states(), "t"};
const Sql kMissing{"update records set missing_since = $2 where id = $1", "tn"};

const std::string kGone = literal(RecordState::gone);
const std::string kOfUsers = "r.type = " + literal(ResourceType::user);
const Sql kLive{select_heads() + "where r.source_id = $1 and r.type = $2 and r.state <> " + kGone +
                    " and r.row_id > $3 order by r.row_id limit $4",
                "nnnn"};
const std::string kStale = "where r.row_id > $1 and " + kOfUsers + " and r.state <> " + kGone +
                           " and r.evaluated_with <> $2 and r.identity_id is ";
const Sql kStaleLinked{select_heads() + kStale + "not null order by r.row_id limit $3", "nnn"};
const Sql kStaleUnlinked{select_heads() + kStale + "null order by r.row_id limit $3", "nnn"};
const Sql kCountStale{"select count(*) from records r where " + kOfUsers + " and r.state <> " +
                          kGone + " and r.evaluated_with <> $1",
                      "n"};
const Sql kWaiting{select_heads() + "where " + kOfUsers + " and r.state in " + waiting_states() +
                       " and r.row_id > $1 order by r.row_id limit $2",
                   "nn"};
const Sql kStamp{"update records set evaluated_with = $2 where id = $1", "tn"};

bool older(const RecordHead& a, const RecordHead& b) { return a.row < b.row; }

Status add_head(const Row& row, Session& session, Catalog& catalog, std::vector<RecordHead>& to) {
  MUSTER_TRY(auto head, read_head(row, session, catalog));
  to.push_back(std::move(head));
  return {};
}

}  // namespace

Result<std::vector<std::optional<RecordHead>>> SqlRecordTable::heads(
    std::string_view source, ResourceType type, std::span<const std::string> keys) {
  std::vector<std::optional<RecordHead>> found(keys.size());
  Session& session = scope_.session();
  MUSTER_TRY(std::int64_t source_id, scope_.catalog().id(session, source));
  if (source_id == 0) return found;
  MUSTER_CHECK(session.read(
      kByKey, keys.size(),
      [&](std::size_t i, Binder& binder) {
        binder.number(source_id).number(static_cast<std::int64_t>(type)).text(keys[i]);
      },
      [&](std::size_t i, const Row& row) -> Status {
        MUSTER_TRY(found[i], read_head(row, session, scope_.catalog()));
        return {};
      }));
  return found;
}

Result<std::vector<std::vector<RecordHead>>> SqlRecordTable::heads_by_link_key(
    std::string_view source, ResourceType type, std::span<const std::string> link_keys) {
  std::vector<std::vector<RecordHead>> found(link_keys.size());
  Session& session = scope_.session();
  MUSTER_TRY(std::int64_t source_id, scope_.catalog().id(session, source));
  if (source_id == 0) return found;
  MUSTER_CHECK(session.read(
      kByLinkKey, link_keys.size(),
      [&](std::size_t i, Binder& binder) {
        binder.number(source_id).number(static_cast<std::int64_t>(type)).text(link_keys[i]);
      },
      [&](std::size_t i, const Row& row) {
        return add_head(row, session, scope_.catalog(), found[i]);
      }));
  for (auto& heads : found) std::sort(heads.begin(), heads.end(), older);
  return found;
}

Result<std::vector<std::optional<RecordRow>>> SqlRecordTable::rows(
    std::span<const std::string> record_ids) {
  std::vector<std::optional<RecordRow>> found(record_ids.size());
  Session& session = scope_.session();
  MUSTER_CHECK(session.read(
      kById, record_ids.size(), [&](std::size_t i, Binder& binder) { binder.text(record_ids[i]); },
      [&](std::size_t i, const Row& row) -> Status {
        MUSTER_TRY(found[i], read_record(row, session, scope_.catalog()));
        return {};
      }));
  return found;
}

Result<std::vector<std::vector<RecordRow>>> SqlRecordTable::of_identities(
    std::span<const std::string> identity_ids) {
  return of_identities(kOfIdentity, identity_ids);
}

Result<std::vector<std::vector<RecordRow>>> SqlRecordTable::silent_of_identities(
    std::span<const std::string> identity_ids) {
  return of_identities(kSilentOfIdentity, identity_ids);
}

Result<std::vector<std::vector<RecordRow>>> SqlRecordTable::of_identities(
    const Sql& sql, std::span<const std::string> identity_ids) {
  std::vector<std::vector<RecordRow>> found(identity_ids.size());
  Session& session = scope_.session();
  MUSTER_CHECK(session.read(
      sql, identity_ids.size(),
      [&](std::size_t i, Binder& binder) { binder.text(identity_ids[i]); },
      [&](std::size_t i, const Row& row) -> Status {
        MUSTER_TRY(auto record, read_record(row, session, scope_.catalog()));
        found[i].push_back(std::move(record));
        return {};
      }));
  for (auto& records : found) {
    std::sort(records.begin(), records.end(),
              [](const RecordRow& a, const RecordRow& b) { return older(a.head, b.head); });
  }
  return found;
}

Status SqlRecordTable::insert(std::span<RecordRow> rows) {
  if (rows.empty()) return {};
  return scope_.write([&] { return insert_records(scope_, rows); });
}

Status SqlRecordTable::update(std::span<RecordRow> rows) {
  if (rows.empty()) return {};
  return scope_.write([&] { return update_records(scope_, rows); });
}

Status SqlRecordTable::mark_missing(std::span<const std::string> record_ids,
                                    std::optional<Timestamp> since) {
  if (record_ids.empty()) return {};
  return scope_.write([&]() -> Status {
    MUSTER_CHECK(
        scope_.session().write(kMissing, record_ids.size(), [&](std::size_t i, Binder& binder) {
          binder.text(record_ids[i]).number_or_null(milliseconds(since));
        }));
    return {};
  });
}

Result<std::vector<RecordHead>> SqlRecordTable::live(std::string_view source, ResourceType type,
                                                     std::int64_t after_row, int limit) {
  std::vector<RecordHead> found;
  Session& session = scope_.session();
  MUSTER_TRY(std::int64_t source_id, scope_.catalog().id(session, source));
  if (source_id == 0) return found;
  MUSTER_CHECK(session.query(
      kLive,
      [&](Binder& binder) {
        binder.number(source_id)
            .number(static_cast<std::int64_t>(type))
            .number(after_row)
            .number(limit);
      },
      [&](const Row& row) { return add_head(row, session, scope_.catalog(), found); }));
  return found;
}

Result<std::vector<RecordHead>> SqlRecordTable::stale(std::int64_t fingerprint, bool linked,
                                                      std::int64_t after_row, int limit) {
  std::vector<RecordHead> found;
  Session& session = scope_.session();
  MUSTER_CHECK(session.query(
      linked ? kStaleLinked : kStaleUnlinked,
      [&](Binder& binder) { binder.number(after_row).number(fingerprint).number(limit); },
      [&](const Row& row) { return add_head(row, session, scope_.catalog(), found); }));
  return found;
}

Result<std::int64_t> SqlRecordTable::count_stale(std::int64_t fingerprint) {
  std::int64_t count = 0;
  MUSTER_CHECK(scope_.session().query(
      kCountStale, [&](Binder& binder) { binder.number(fingerprint); },
      [&](const Row& row) { count = row.number(0); }));
  return count;
}

Result<std::vector<RecordHead>> SqlRecordTable::waiting(std::int64_t after_row, int limit) {
  std::vector<RecordHead> found;
  Session& session = scope_.session();
  MUSTER_CHECK(session.query(
      kWaiting, [&](Binder& binder) { binder.number(after_row).number(limit); },
      [&](const Row& row) { return add_head(row, session, scope_.catalog(), found); }));
  return found;
}

Status SqlRecordTable::stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) {
  if (record_ids.empty()) return {};
  return scope_.write([&]() -> Status {
    MUSTER_CHECK(scope_.session().write(
        kStamp, record_ids.size(),
        [&](std::size_t i, Binder& binder) { binder.text(record_ids[i]).number(fingerprint); }));
    return {};
  });
}

}  // namespace muster::store
