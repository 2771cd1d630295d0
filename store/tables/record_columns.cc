// SPDX-License-Identifier: Apache-2.0
#include "store/tables/record_columns.h"

#include "store/codec.h"

namespace muster::store {

Result<RecordHead> read_head(const Row& row, Session& session, Catalog& catalog) {
  RecordHead head;
  head.row = row.number(0);
  head.id = row.text(1);
  MUSTER_TRY(head.key.source, catalog.name(session, row.number(2)));
  head.key.type = static_cast<ResourceType>(row.number(3));
  head.key.key = row.text(4);
  head.link_key = row.is_null(5) ? row.text(4) : row.text(5);
  head.content_hash = row.number(6);
  head.evaluated_with = row.number(7);
  head.identity_id = row.text(8);
  head.state = static_cast<RecordState>(row.number(9));
  head.enabled = row.number(10) != 0;
  head.missing_since = timestamp(row.optional_number(11));
  head.version = row.number(12);
  head.created = timestamp(row.number(13));
  head.modified = timestamp(row.number(14));
  return head;
}

Result<RecordRow> read_record(const Row& row, Session& session, Catalog& catalog) {
  RecordRow record;
  MUSTER_TRY(record.head, read_head(row, session, catalog));
  std::size_t column = kHeadCount;
  record.document = row.text(column++);
  MUSTER_TRY(record.contribution, read_contribution(row.text(column++), record.head.key));
  record.correlated_by = row.text(column++);
  record.state_reason = row.text(column++);
  record.search.user_name = row.text(column++);
  record.search.external_id = row.text(column++);
  record.search.display_name = row.text(column++);
  if (auto active = row.optional_number(column++)) record.search.active = *active != 0;
  MUSTER_TRY(record.search.emails, read_texts(row.text(column++)));
  MUSTER_TRY(record.aliases, read_texts(row.text(column++)));
  return record;
}

}  // namespace muster::store
