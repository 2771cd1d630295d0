// SPDX-License-Identifier: Apache-2.0
#include "store/tables/record_columns.h"

namespace muster::store {

// Indexes and counters of the migrations spell these numbers out.
static_assert(static_cast<int>(RecordState::linked) == 0 &&
              static_cast<int>(RecordState::review) == 1 &&
              static_cast<int>(RecordState::quarantined) == 2 &&
              static_cast<int>(RecordState::skipped) == 3 &&
              static_cast<int>(RecordState::gone) == 4);
static_assert(static_cast<int>(ResourceType::user) == 0 &&
              static_cast<int>(ResourceType::group) == 1);

std::string select_heads() {
  return "select " + select_list(kHeadColumns, "r") + " from records r ";
}

std::string select_records() {
  return "select " + select_list(kRowColumns, "r") + " from records r ";
}

Result<RecordHead> read_head(const Row& row, Session& session, Catalog& catalog) {
  RecordHead head;
  SourceNames names{session, catalog};
  MUSTER_CHECK(read_fields(row, 0, kHeadFields, head, &names));
  return head;
}

Result<RecordRow> read_record(const Row& row, Session& session, Catalog& catalog) {
  RecordRow record;
  SourceNames names{session, catalog};
  MUSTER_CHECK(read_fields(row, 0, kHeadFields, record.head, &names));
  MUSTER_CHECK(read_fields(row, kHeadFields.size(), kRecordFields, record));
  return record;
}

std::string live_states() { return in_list({RecordState::linked, RecordState::quarantined}); }

std::string silent_states() { return in_list({RecordState::skipped, RecordState::gone}); }

std::string waiting_states() { return in_list({RecordState::review, RecordState::quarantined}); }

}  // namespace muster::store
