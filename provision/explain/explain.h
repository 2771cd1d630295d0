// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/result.h"
#include "core/value.h"
#include "mappings/explain.h"
#include "provision/provisioner.h"

namespace muster::provision {

// Why a person is as it is, from everything that its sources told and by the rules in force: see
// mappings::explain_identity; with, per value, the steps of the winning rule, and per record its
// state, scope and correlation. `identity_id` may also be a record's id or SOURCE/KEY: then it is
// that record's person, or, when it has none yet, why that is so. not_found when there is none of
// these. Reads one snapshot of the store.
Result<Value> explain(const Provisioner& provisioner, std::string_view identity_id,
                      Timestamp run_time, const mappings::Mask& mask);

// Takes away what explains in most detail until the document is at most `bytes` of JSON; says so as
// "shortened".
void shorten(Value& document, std::size_t bytes);

}  // namespace muster::provision
