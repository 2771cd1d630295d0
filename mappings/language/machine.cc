// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/machine.h"

#include <algorithm>

#include "core/text.h"
#include "mappings/language/interpreter.h"

namespace muster::mappings {

void Machine::State::find_members() {
  members.assign(layout->members.size(), {});
  inputs.document.each_member([this](std::string_view name, JsonNode value) {
    const auto found = layout->members.find(name);
    if (found.number == MemberIndex::none) return true;
    auto& member = members[found.number];
    if (member.value.tape() == nullptr || (found.exact && !member.exact)) {
      member.value = value;
      member.exact = found.exact;
    }
    return true;
  });
}

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
  const auto slots = layout.slots().slots.size();
  if (state.slots.size() < slots) state.slots.resize(slots);
  const auto shared = layout.slots().shared.size();
  if (state.shared.size() < shared) state.shared.resize(shared);
  if (!inputs.document.is_none()) state.find_members();
  std::fill(state.out.begin(), state.out.end(), Datum());
  state.item = {};
  state.findings.clear();
}

void Machine::set_out(std::size_t attribute, const Outcome& outcome) {
  auto& out = state_->out;
  if (out.size() <= attribute) out.resize(attribute + 1);
  out[attribute] = outcome.kind == Outcome::Kind::value ? outcome.value : Datum();
}

void Machine::set_item(const Datum& item) { state_->item = item; }

std::span<const ReadFinding> Machine::findings() const { return state_->findings; }

std::size_t Machine::high_water() const {
  return std::max(state_->high_water, state_->arena.used());
}

Outcome Machine::run(const Program& program) { return interpret(*state_, program.code(), nullptr); }

Outcome Machine::trace(const Program& program, std::vector<Step>& steps) {
  return interpret(*state_, program.code(), &steps);
}

}  // namespace muster::mappings
