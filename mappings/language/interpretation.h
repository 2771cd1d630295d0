// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mappings/language/code.h"
#include "mappings/language/interpreter.h"
#include "mappings/language/reader.h"

namespace muster::mappings {
namespace {

using Tag = Datum::Tag;

constexpr std::size_t most_steps = 1000;  // of one trace

// One evaluation. Loops bring the only jumps back, and each round counts against most_rounds, so
// every run ends. Its operations are in this header and the loop in interpreter.cc, which alone
// includes it: the compiler sees one unit and inlines what is called once (5 % of all mapping).
class Interpretation {
 public:
  Interpretation(Machine::State& state, std::vector<Step>* steps)
      : state_(state),
        context_(state.context),
        steps_(steps),
        in_json_(!state.inputs.document.is_none()) {}

  template <bool traced>
  [[gnu::always_inline]] void run(const Code& code, Outcome& result) {
    start(code);
    finish(loop<traced>(), result);
  }
  // A condition; an error is no, and the first one is kept as a doubt.
  bool holds(const Code& code, std::size_t position, Machine::Doubt& doubt) {
    start(code);
    const auto& value = loop<false>();
    if (!context_.failed()) return value.truth();
    if (doubt.outcome.kind == Outcome::Kind::error) return false;
    doubt.condition = position;
    finish(value, doubt.outcome);
    return false;
  }

 private:
  void start(const Code& code) {
    code_ = &code;
    if (state_.registers.size() < code.registers) state_.registers.resize(code.registers);
    registers_ = state_.registers.data();
    rounds_ = 0;
    left_ = {};
    if (!context_.failed()) return;
    context_.restart();
    told_ = read_ = {};
  }
  // The register with the value of the expression.
  template <bool traced>
  [[gnu::always_inline]] const Datum& loop();

  void add_finding(std::string_view attribute, const Remark& remark);
  void note_told(std::span<const Datum> arguments);
  Datum keep_or_fail(const Slot& slot, const Datum& datum, const Remark& remark);
  [[gnu::always_inline]] Datum slot(std::uint32_t number);
  Datum read_slot(const Slot& slot, SlotState& known);
  Datum read_json_slot(const Slot& slot);
  Datum field(const Datum& base, const FieldReference& reference);
  Datum fields(const Datum& base, const FieldReference& reference);
  Datum person(const Datum& reference);
  Datum sources();
  [[gnu::always_inline]] Datum call(const Instruction& at);
  Datum select(const Datum& list, const Selection& selection);
  bool start_loop(Datum* at, std::uint16_t mode);
  bool next_round(Datum* at);
  bool count_rounds(std::uint32_t rounds);
  void end_loop(Datum* at) { at[0] = list_datum(at[2].items_, at[2].size); }
  const Instruction* leave_element_out(std::size_t position);
  void write_step(const Instruction& at, std::size_t position);
  [[gnu::always_inline]] void finish(const Datum& value, Outcome& result) const;

  Machine::State& state_;
  const Code* code_ = nullptr;
  Context& context_;
  std::vector<Step>* steps_;
  Datum* registers_ = nullptr;
  bool in_json_ = false;
  std::uint32_t rounds_ = 0;
  Remark left_;            // the first element that was left out
  std::string_view told_;  // what failed: see Outcome
  std::string_view read_;
};

void Interpretation::add_finding(std::string_view attribute, const Remark& remark) {
  const bool known =
      std::any_of(state_.findings.begin(), state_.findings.end(), [&](const ReadFinding& finding) {
        return finding.attribute == attribute && finding.code == remark.code;
      });
  if (!known) state_.findings.push_back({attribute, remark.code, remark.message, remark.told});
}

// The first text that the function was given.
void Interpretation::note_told(std::span<const Datum> arguments) {
  for (const auto& one : arguments) {
    if (one.tag < Tag::text || one.tag > Tag::dn) continue;
    told_ = one.text();
    return;
  }
}

// A value that is none of its declared type is not the same as none: whoever reads it fails, as if
// the rule had converted it itself.
Datum Interpretation::keep_or_fail(const Slot& slot, const Datum& datum, const Remark& remark) {
  if (remark.code.empty()) return datum;
  add_finding(slot.name, remark);
  if (!remark.lost) return datum;
  context_.fail(remark.code, remark.message);
  told_ = remark.told;
  read_ = slot.name;
  return {};
}

Datum Interpretation::read_json_slot(const Slot& slot) {
  Remark remark;
  const auto datum =
      read_value(context_, state_.members[slot.place].value, slot.path.back().field, remark);
  return keep_or_fail(slot, datum, remark);
}

Datum Interpretation::read_slot(const Slot& slot, SlotState& known) {
  if (slot.root == 0 && in_json_) return read_json_slot(slot);
  const Value* value = slot.root == 0                           ? state_.inputs.record
                       : slot.root <= state_.inputs.from.size() ? state_.inputs.from[slot.root - 1]
                                                                : nullptr;
  if (value == nullptr || !value->is_object()) return {};
  const auto& top = slot.path[0];
  const auto& name = spelled(top.field);
  const auto& members = value->as_object();
  if (known.position < members.size() && members[known.position].name == name) {
    value = &members[known.position].value;
  } else {
    value = member_of(*value, top.field, top.fold);
    for (std::uint32_t i = 0; value != nullptr && i < members.size(); ++i) {
      if (&members[i].value == value) known.position = i;
    }
  }
  Remark remark;
  for (std::size_t i = 1; i < slot.path.size() && value != nullptr; ++i) {
    // A single complex attribute that arrived as a list: its first element speaks.
    if (value->is_list() && !value->as_list().empty()) value = &value->as_list()[0];
    value = value->is_object() ? member_of(*value, slot.path[i].field, slot.path[i].fold) : nullptr;
  }
  const auto datum = read_value(context_, value, slot.path.back().field, remark);
  return keep_or_fail(slot, datum, remark);
}

Datum Interpretation::field(const Datum& base, const FieldReference& reference) {
  if (base.tag != Tag::complex) return {};
  Remark remark;
  const auto& [wanted, fold] = reference;
  Datum datum;
  if (base.in_json) {
    const auto value = member_of(base.node(), wanted, fold);
    if (wanted.type.kind == Type::Kind::text && is_plain(value)) return text_datum(value.as_text());
    datum = read_value(context_, value, wanted, remark);
  } else {
    datum = read_value(context_, member_of(*base.object, wanted, fold), wanted, remark);
  }
  if (!remark.code.empty()) add_finding(reference.field.name, remark);
  return datum;
}

Datum Interpretation::fields(const Datum& base, const FieldReference& reference) {
  const auto elements = base.items();
  std::size_t most = elements.size();
  if (reference.field.type.kind == Type::Kind::list) {
    most = 0;
    for (const auto& element : elements) most += field(element, reference).size;
  }
  if (most == 0) return {};
  Datum* items = context_.list_room(most);
  if (items == nullptr) return {};
  std::size_t used = 0;
  for (const auto& element : elements) {
    const auto value = field(element, reference);
    if (value.tag == Tag::list) {
      for (const auto& item : value.items()) items[used++] = item;
    } else if (!value.is_none()) {
      items[used++] = value;
    }
  }
  return list_datum(items, used);
}

Datum Interpretation::person(const Datum& reference) {
  if (reference.is_none() || state_.inputs.referents == nullptr) return {};
  const Value* found = state_.inputs.referents->person(reference.text());
  if (found == nullptr || found->absent()) return {};
  Datum datum;
  datum.object = found;
  datum.tag = Tag::complex;
  return datum;
}

Datum Interpretation::sources() {
  const auto names = state_.inputs.sources;
  Datum* items = context_.list_room(names.size());
  if (items == nullptr) return {};
  for (std::size_t i = 0; i < names.size(); ++i) items[i] = text_datum(names[i]);
  return list_datum(items, names.size());
}

Datum Interpretation::select(const Datum& list, const Selection& selection) {
  const auto elements = list.items();
  if (elements.empty() || !count_rounds(list.size)) return {};
  Datum* kept = context_.list_room(elements.size());
  if (kept == nullptr) return {};
  std::size_t used = 0;
  for (const auto& element : elements) {
    const auto value = field(element, selection.member);
    const bool taken =
        !value.is_none() &&
        std::any_of(selection.wanted.begin(), selection.wanted.end(),
                    [&value](const Datum& one) { return one.text() == value.text(); });
    if (taken) kept[used++] = element;
  }
  return list_datum(kept, used);
}

// An element of map or filter that cannot be converted is left out, as those of a list that is
// read: where to go on. nullptr: the whole evaluation fails, as conditions always do: what they do
// not understand they must not pass over.
const Instruction* Interpretation::leave_element_out(std::size_t position) {
  if (!context_.failed_to_convert() || code_->type.kind == Type::Kind::boolean) return nullptr;
  for (auto next = position + 1; next < code_->instructions.size(); ++next) {
    const auto& at = code_->instructions[next];
    const bool loop = at.op == Op::next_map || at.op == Op::next_filter;
    if (!loop || at.k > position) continue;
    if (left_.code.empty()) left_ = {context_.code(), context_.message(), told_, false};
    told_ = read_ = {};
    context_.restart();
    registers_[at.a] = {};
    return &at;
  }
  return nullptr;
}

void Interpretation::write_step(const Instruction& at, std::size_t position) {
  const auto& label = code_->labels[position];
  if (label.empty() || steps_->size() >= most_steps) return;
  const bool jump = at.op == Op::jump_unless || at.op == Op::jump_present;
  const bool inside = at.op == Op::loop || at.op == Op::next_any || at.op == Op::next_all ||
                      at.op == Op::next_map || at.op == Op::next_filter;
  if (inside && registers_[at.dst].tag == Tag::list && at.op == Op::loop) return;
  steps_->push_back({label, registers_[jump ? at.a : at.dst]});
}

}  // namespace
}  // namespace muster::mappings
