// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "auth/veil.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/value.h"
#include "mappings/engine.h"

namespace muster::operations {

struct EvaluationRequest {
  std::string source = {};  // that tells the record
  // As the source would tell it, in JSON: a SCIM resource, or attribute -> value(s).
  std::string record = {};
  Timestamp at = {};
  std::string mapping_name = {};  // where the mapping and the record come from, for messages
  std::string record_name = {};
};

// not_found when the mapping has no such source: known before anybody is asked for the record.
Status check_source(const mappings::Engine& engine, const EvaluationRequest& request);

// What one record becomes by the map of its source: scope, attributes, flows, findings, sensitive
// values veiled. No installation is asked. not_found: no such source; invalid: not a record.
Result<Value> evaluate(const mappings::Engine& engine, const EvaluationRequest& request,
                       const auth::Veil& veil);

// The same step by step, and what follows where nobody is known (mappings::explain_alone).
Result<Value> explain_evaluation(const mappings::Engine& engine, const EvaluationRequest& request,
                                 const auth::Veil& veil);

}  // namespace muster::operations
