// SPDX-License-Identifier: Apache-2.0
#include "mappings/evaluator.h"

namespace muster::mappings {
namespace {

// A machine keeps its grown buffers, so a thread keeps its machine.
Machine& machine_of_thread() {
  thread_local Machine machine;
  return machine;
}

}  // namespace

Evaluator::Evaluator(std::vector<Evaluation>* trace)
    : machine_(machine_of_thread()), trace_(trace) {}

std::size_t Evaluator::scope_rule(const SourceModel& source, Machine::Doubt& doubt) {
  if (!trace_) return machine_.first_true(source.scope_codes, doubt);
  std::size_t position = 0;
  for (; position < source.scope.size(); ++position) {
    const auto outcome = run(source.scope[position]);
    if (outcome.truth()) break;
    if (outcome.kind == Outcome::Kind::error && doubt.outcome.kind != Outcome::Kind::error)
      doubt = {position, outcome};
  }
  return position;
}

void Evaluator::run_lines(const SourceModel& source, Outcome* outcomes) {
  if (!trace_) return machine_.run(source.out_lines, outcomes);
  for (const auto& line : source.lines) {
    machine_.set_line(line.attribute);
    *outcomes = line.late ? Outcome() : traced(line.rule);
    if (line.trim) machine_.trim(line.attribute, *outcomes);
    machine_.set_out(line.out, *outcomes++);
  }
  machine_.set_line({});
}

Outcome Evaluator::traced(const Rule& rule) {
  Evaluation evaluation;
  evaluation.rule = &rule;
  steps_.clear();
  Outcome outcome = machine_.trace(rule.program, steps_);
  evaluation.steps.reserve(steps_.size());
  for (const auto& step : steps_) evaluation.steps.push_back({step.op, to_value(step.out)});
  evaluation.kind = outcome.kind;
  if (outcome.kind == Outcome::Kind::value) evaluation.value = to_value(outcome.value);
  evaluation.message = outcome.message;
  trace_->push_back(std::move(evaluation));
  return outcome;
}

}  // namespace muster::mappings
