// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/value.h"
#include "mappings/evaluator.h"
#include "mappings/explain.h"

namespace muster::mappings {

// Pieces of the documents that explain a record or a person.
Value empty_object();
Value steps_of(const std::vector<KeptStep>& steps);
Value findings_of(const std::vector<Finding>& findings);
// `mask`: for a sensitive attribute, whose steps are left out too; nullptr otherwise.
Value evaluation_of(const Evaluation& evaluation, const Mask* mask);
// The rule's evaluation, or nullptr when it did not run.
const Evaluation* find_evaluation(const std::vector<Evaluation>& all, const Rule& rule);

}  // namespace muster::mappings
