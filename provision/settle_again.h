// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mappings/engine.h"
#include "provision/people.h"
#include "store/transaction.h"

namespace muster::provision {

// People are settled again because something changed that is none of their own records: a group, a
// manager. In portions, so that memory stays bounded however many there are; those who look at what
// changes by that follow, until nothing moves.
Status settle_again(store::Transaction& tx, const mappings::Engine& engine, Timestamp run_time,
                    std::vector<std::string> identity_ids);

// The same for everybody who looked at the people that `changed` wrote; those whom `changed` holds
// itself know already.
Status settle_referrers(store::Transaction& tx, const mappings::Engine& engine, Timestamp run_time,
                        const People& changed);

}  // namespace muster::provision
