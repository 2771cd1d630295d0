// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/machine.h"

#include <algorithm>

#include "core/text.h"
#include "mappings/language/interpreter.h"

namespace muster::mappings {

Machine::Machine() : state_(std::make_unique<State>()) {}
Machine::~Machine() = default;
Machine::Machine(Machine&&) noexcept = default;
Machine& Machine::operator=(Machine&&) noexcept = default;

void Machine::start(const Layout& layout, const Inputs& inputs) {
  auto& state = *state_;
  state.high_water = std::max(state.high_water, state.arena.used());
  state.arena.reset();
  state.layout = &layout.slots();
  state.inputs = inputs;
  ++state.record;
  state.context.set_run_time(inputs.run_time);
  state.context.set_preference(inputs.preference);
  state.context.set_line({});
  const auto slots = layout.slots().slots.size();
  if (state.slots.size() < slots) state.slots.resize(slots);
  const auto shared = layout.slots().shared.size();
  if (state.shared.size() < shared) state.shared.resize(shared);
  if (!inputs.document.is_none()) {
    const auto& members = layout.slots().members;
    if (state.members.size() < members.size()) state.members.resize(members.size());
    members.find(inputs.document, state.members);
  }
  std::fill(state.out.begin(), state.out.end(), Datum());
  state.item = {};
  state.findings.clear();
}

void Machine::set_out(std::size_t attribute, const Outcome& outcome) {
  state_->set_out(attribute, outcome);
}

void Machine::set_line(std::string_view attribute) { state_->context.set_line(attribute); }

void Machine::trim(std::string_view attribute, Outcome& outcome) {
  trim_outcome(*state_, attribute, outcome);
}

void Machine::set_item(const Datum& item) { state_->item = item; }

void Machine::note(const Outcome& outcome, std::string_view rule, std::string_view at) {
  auto& findings = state_->findings;
  const auto known = std::find_if(findings.begin(), findings.end(), [&](const auto& finding) {
    return finding.attribute == outcome.read && finding.code == outcome.code &&
           (finding.rule.empty() || finding.rule == rule);
  });
  auto& finding = known == findings.end() ? findings.emplace_back() : *known;
  finding = {outcome.read, outcome.code, outcome.message, outcome.told, rule, at};
}

std::span<const ReadFinding> Machine::findings() const { return state_->findings; }

std::size_t Machine::high_water() const {
  return std::max(state_->high_water, state_->arena.used());
}

Outcome Machine::run(const Program& program) {
  Outcome outcome;
  interpret(*state_, program.code(), nullptr, outcome);
  return outcome;
}

std::size_t Machine::first_true(std::span<const Code* const> conditions, Doubt& doubt) {
  return interpret(*state_, conditions, doubt);
}

void Machine::run(std::span<const OutLine> lines, Outcome* outcomes) {
  interpret(*state_, lines, outcomes);
}

Outcome Machine::trace(const Program& program, std::vector<Step>& steps) {
  Outcome outcome;
  interpret(*state_, program.code(), &steps, outcome);
  return outcome;
}

}  // namespace muster::mappings
