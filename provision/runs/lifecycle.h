// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "mappings/engine.h"
#include "provision/provisioner.h"
#include "provision/runs/sync_run.h"
#include "store/transaction.h"

namespace muster::provision {

// What time has changed though no source said anything, in up to two runs, each only when there is
// something to do: first, when rules read the run time, everything that was evaluated on another
// day (reevaluate.h); then everybody who is due (Identity::due): the word of records whose grace is
// over ends, holds run out, people who were kept long enough are deleted. In batches, in order of
// what is due first. What would deactivate or delete people comes last and is held when there are
// more of them than the guard allows of all active people (state held); the rest goes on. The runs
// and their items are in the store whatever happens; the rows are returned. An error means that not
// even a run could be written. One at a time is the caller's business.
Result<std::vector<RunReport>> run_lifecycle(Provisioner& provisioner, const std::string& actor,
                                             const Clock& clock, std::stop_token stop);

// Settles the people behind records that were just found missing, so that they say so and when they
// are due. Nobody is deactivated by this.
Status note_missing(store::Transaction& tx, const mappings::Engine& engine, Timestamp run_time,
                    std::span<const std::string> record_ids);

}  // namespace muster::provision
