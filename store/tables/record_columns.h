// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "core/clock.h"
#include "store/catalog.h"
#include "store/rows.h"
#include "store/sql/session.h"

namespace muster::store {

// The columns of a RecordHead and of a whole RecordRow, of a table called `r`, and how they are
// read.
inline const std::string kHeadColumns =
    "r.row_id, r.id, r.source_id, r.type, r.key, r.link_key, r.content_hash, r.evaluated_with, "
    "r.identity_id, r.state,"
    " r.enabled, r.missing_since, r.version, r.created, r.modified";
constexpr std::size_t kHeadCount = 15;

inline const std::string kRowColumns =
    kHeadColumns +
    ", r.document, r.contribution, r.correlated_by, r.state_reason, r.user_name_key, "
    "r.external_id, r.display_name_key,"
    " r.active, r.emails, r.aliases";

Result<RecordHead> read_head(const Row& row, Session& session, Catalog& catalog);
Result<RecordRow> read_record(const Row& row, Session& session, Catalog& catalog);

inline std::int64_t milliseconds(Timestamp time) { return time.time_since_epoch().count(); }
inline Timestamp timestamp(std::int64_t value) {
  return Timestamp(std::chrono::milliseconds(value));
}
inline std::optional<std::int64_t> milliseconds(std::optional<Timestamp> time) {
  return time ? std::optional(milliseconds(*time)) : std::nullopt;
}
inline std::optional<Timestamp> timestamp(std::optional<std::int64_t> value) {
  return value ? std::optional(timestamp(*value)) : std::nullopt;
}

}  // namespace muster::store
