// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mappings/language/machine.h"
#include "mappings/model.h"

namespace muster::mappings {

// A step (language/machine.h) to keep.
struct KeptStep {
  std::string_view op = {};
  Value out = {};
};

// One rule that was evaluated while somebody asked why.
struct Evaluation {
  const Rule* rule = nullptr;
  Outcome::Kind kind = Outcome::Kind::none;
  Value value = {};
  std::string message = {};
  std::vector<KeptStep> steps = {};
};

// Runs rules on this thread's machine; with a trace, every rule is written down with its steps and
// gives the same result. One at a time per thread: a second one ends the first one's record.
class Evaluator {
 public:
  explicit Evaluator(std::vector<Evaluation>* trace);
  // On a machine of its own.
  explicit Evaluator(Machine& machine) : machine_(machine), trace_(nullptr) {}

  void start(const Layout& layout, const Inputs& inputs) { machine_.start(layout, inputs); }
  Outcome run(const Rule& rule) { return trace_ ? traced(rule) : machine_.run(rule.program); }
  // The first of the rules of its scope that holds; their number when none does. `doubt`: the first
  // one before it that could not be evaluated.
  std::size_t scope_rule(const SourceModel& source, Machine::Doubt& doubt);
  // Those that are not late, one outcome for each of `source.lines`.
  void run_lines(const SourceModel& source, Outcome* outcomes);
  // Whether a condition holds; an error is no, and a finding of the machine.
  bool holds(const Rule& rule) {
    const auto outcome = run(rule);
    if (outcome.kind == Outcome::Kind::error) machine_.note(outcome, rule.id, rule.at);
    return outcome.truth();
  }
  Machine& machine() { return machine_; }

 private:
  Outcome traced(const Rule& rule);

  Machine& machine_;
  std::vector<Evaluation>* trace_;
  std::vector<Step> steps_ = {};
};

}  // namespace muster::mappings
