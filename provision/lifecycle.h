// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <stop_token>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "mappings/engine.h"
#include "provision/provisioner.h"
#include "provision/sync_run.h"
#include "store/transaction.h"

namespace muster::provision {

// Settles again everybody whom time has changed (Identity::due) though no source said anything: ends
// the word of records whose grace is over, holds that ran out, people who were kept long enough.
// In batches, in order of what is due first. What would deactivate or delete people comes last and
// is held when there are more of them than the guard allows of all active people (state held); the
// rest goes on. The run and its items are in the store whatever happens; the row is returned. An
// error means that not even the run could be written. One such run at a time is the caller's
// business.
Result<RunReport> run_lifecycle(Provisioner& provisioner, const std::string& actor,
                                const Clock& clock, std::stop_token stop);

// Settles the people behind records that were just found missing, so that they say so and when they
// are due. Nobody is deactivated by this.
Status note_missing(store::Transaction& tx, const mappings::Engine& engine, Timestamp run_time,
                    std::span<const std::string> record_ids);

}  // namespace muster::provision
