// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "provision/road/people.h"
#include "provision/road/submission.h"
#include "store/transaction.h"

namespace muster::provision {

// People are settled again because something changed that is none of their own records: a group, a
// manager. `ids` are of identities, and of records in quarantine that waited for what changed:
// these are decided again. In portions, so that memory stays bounded however many there are; those
// who look at what changes by that follow, until nothing moves. `context` says for whom it is done.
Status settle_again(store::Transaction& tx, const mappings::Engine& engine,
                    const SubmitContext& context, Timestamp run_time, std::vector<std::string> ids);

// The same for everybody who looked at the people that `changed` wrote, or waits for them; those
// whom `changed` holds itself know already.
Status settle_referrers(store::Transaction& tx, const mappings::Engine& engine,
                        const SubmitContext& context, Timestamp run_time, const People& changed);

// What a record asked about other people when it was put in quarantine; nothing for one that is not
// there (any more).
struct Wait {
  std::string record_id = {};
  std::vector<Reference> asked = {};
};
Status keep_waits(store::Transaction& tx, std::span<const Wait> waits);

}  // namespace muster::provision
