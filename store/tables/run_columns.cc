// SPDX-License-Identifier: Apache-2.0
#include "store/tables/run_columns.h"

#include "store/codec.h"
#include "store/tables/record_columns.h"

namespace muster::store {

Result<RunRow> read_run(const Row& row, Session& session, Catalog& catalog) {
  RunRow run;
  run.id = row.text(0);
  MUSTER_TRY(run.source, catalog.name(session, row.number(1)));
  run.kind = static_cast<RunKind>(row.number(2));
  run.state = static_cast<RunState>(row.number(3));
  run.actor = row.text(4);
  run.detail = row.text(5);
  run.server = row.text(6);
  MUSTER_TRY(run.counts, read_counts(row.text(7)));
  run.started = timestamp(row.number(8));
  run.ended = timestamp(row.optional_number(9));
  return run;
}

}  // namespace muster::store
