// SPDX-License-Identifier: Apache-2.0
#include "store/tables/journal_columns.h"

namespace muster::store {

// The index of the runs under way (0007_running) spells the number out.
static_assert(static_cast<int>(RunState::running) == 0);

Result<RunRow> read_run(const Row& row, Session& session, Catalog& catalog) {
  RunRow run;
  SourceNames names{session, catalog};
  MUSTER_CHECK(read_fields(row, 0, kRunFields, run, &names));
  return run;
}

}  // namespace muster::store
