// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mappings/language/code.h"
#include "mappings/language/context.h"
#include "mappings/language/machine.h"

namespace muster::mappings {

// An attribute of the current record, typed when it is first asked for.
struct SlotState {
  std::uint64_t record = 0;  // which record `value` belongs to
  Datum value = {};
  // Where the last record had the member: records of one source are alike.
  std::uint32_t position = 0;
};

// What a part of several expressions gave.
struct SharedState {
  std::uint64_t record = 0;  // which record it belongs to
  Datum value = {};
};

struct Machine::State {
  // Until now it is none.
  void set_out(std::size_t attribute, const Outcome& outcome) {
    if (out.size() <= attribute) out.resize(attribute + 1);
    if (outcome.kind == Outcome::Kind::value) out.data()[attribute] = outcome.value;
  }

  Arena arena = {};
  Context context{arena};
  const LayoutSlots* layout = nullptr;
  Inputs inputs = {};
  std::uint64_t record = 0;
  std::vector<SlotState> slots = {};
  std::vector<MemberState> members = {};  // by number in the layout's MemberTree
  std::vector<SharedState> shared = {};   // by position in LayoutSlots::shared
  std::vector<Datum> out = {};
  std::vector<Datum> registers = {};
  std::vector<ReadFinding> findings = {};
  Datum item = {};
  std::size_t high_water = 0;
};

// See Machine::trim.
void trim_outcome(Machine::State& state, std::string_view attribute, Outcome& outcome);

// Runs the code on the machine's record; `steps` takes the trace when it is not null.
void interpret(Machine::State& state, const Code& code, std::vector<Step>* steps, Outcome& result);
void interpret(Machine::State& state, std::span<const OutLine> lines, Outcome* outcomes);
// See Machine::first_true.
std::size_t interpret(Machine::State& state, std::span<const Code* const> conditions,
                      Machine::Doubt& doubt);

}  // namespace muster::mappings
