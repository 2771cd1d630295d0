// SPDX-License-Identifier: Apache-2.0
#include "mappings/stages.h"

namespace muster::mappings {

Classified classify(const Model& model, Evaluator& evaluator) {
  for (const auto& rule : model.classify.rules)
    if (evaluator.holds(rule.rule)) return {rule.classification, rule.rule.id};
  return {model.classify.otherwise, model.classify.otherwise_id};
}

}  // namespace muster::mappings
