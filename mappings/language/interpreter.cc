// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/interpreter.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "mappings/language/operators.h"
#include "mappings/language/reader.h"

namespace muster::mappings {
namespace {

using Tag = Datum::Tag;

constexpr std::int64_t day_length = 86'400'000;
constexpr std::uint32_t most_rounds = 2'000'000;  // of all loops of one evaluation
constexpr std::size_t looks_per_round = 16;       // `in` is a loop too, a quick one
constexpr std::size_t most_steps = 1000;          // of one trace

// One evaluation. Loops bring the only jumps back, and each round counts against most_rounds, so
// every run ends.
class Interpreter {
 public:
  Interpreter(Machine::State& state, std::vector<Step>* steps)
      : state_(state),
        context_(state.context),
        steps_(steps),
        in_json_(!state.inputs.document.is_none()) {}

  template <bool traced>
  [[gnu::always_inline]] void run(const Code& code, Outcome& result) {
    start(code);
    finish(loop<traced>(), result);
  }
  // A condition; an error is no.
  bool holds(const Code& code) {
    start(code);
    const bool truth = loop<false>().truth();
    return truth && !context_.failed();
  }

 private:
  void start(const Code& code) {
    code_ = &code;
    if (state_.registers.size() < code.registers) state_.registers.resize(code.registers);
    registers_ = state_.registers.data();
    rounds_ = 0;
    left_code_ = {};
    if (context_.failed()) context_.restart();
  }
  // The register with the value of the expression.
  template <bool traced>
  [[gnu::always_inline]] const Datum& loop();

  void add_finding(std::string_view attribute, std::string_view code, std::string_view message);
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
  std::string_view left_code_;  // of the first element that was left out
  std::string_view left_message_;
};

void Interpreter::add_finding(std::string_view attribute, std::string_view code,
                              std::string_view message) {
  const bool known =
      std::any_of(state_.findings.begin(), state_.findings.end(), [&](const ReadFinding& finding) {
        return finding.attribute == attribute && finding.code == code;
      });
  if (!known) state_.findings.push_back({attribute, code, message});
}

Datum Interpreter::read_json_slot(const Slot& slot) {
  Remark remark;
  const auto datum =
      read_value(context_, state_.members[slot.place].value, slot.path.back().field, remark);
  if (!remark.code.empty()) add_finding(slot.name, remark.code, remark.message);
  return datum;
}

Datum Interpreter::read_slot(const Slot& slot, SlotState& known) {
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
  if (!remark.code.empty()) add_finding(slot.name, remark.code, remark.message);
  return datum;
}

// Reads a slot for the first time.
inline Datum Interpreter::slot(std::uint32_t number) {
  auto& known = state_.slots.data()[number];
  known.record = state_.record;
  const auto& slot = state_.layout->slots.data()[number];
  if (slot.root == 0 && in_json_) {
    const auto value = state_.members.data()[slot.place].value;
    if (value.tape() == nullptr) return known.value = {};
    if (slot.kind == Type::Kind::text && is_plain(value))
      return known.value = text_datum(value.as_text());
  }
  return known.value = read_slot(slot, known);
}

Datum Interpreter::field(const Datum& base, const FieldReference& reference) {
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
  if (!remark.code.empty()) add_finding(reference.field.name, remark.code, remark.message);
  return datum;
}

Datum Interpreter::fields(const Datum& base, const FieldReference& reference) {
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

Datum Interpreter::person(const Datum& reference) {
  if (reference.is_none() || state_.inputs.referents == nullptr) return {};
  const Value* found = state_.inputs.referents->person(reference.text());
  if (found == nullptr || found->absent()) return {};
  Datum datum;
  datum.object = found;
  datum.tag = Tag::complex;
  return datum;
}

Datum Interpreter::sources() {
  const auto names = state_.inputs.sources;
  Datum* items = context_.list_room(names.size());
  if (items == nullptr) return {};
  for (std::size_t i = 0; i < names.size(); ++i) items[i] = text_datum(names[i]);
  return list_datum(items, names.size());
}

inline Datum Interpreter::call(const Instruction& at) {
  const auto& site = code_->sites.data()[at.k];
  const Datum* arguments = registers_ + at.a;
  std::uint32_t none = arguments[0].is_none();
  const std::uint32_t strict_ones = std::min<std::uint32_t>(at.b, 32);
  for (std::uint32_t i = 1; i < strict_ones; ++i)
    none |= std::uint32_t{arguments[i].is_none()} << i;
  if ((none & site.strict) != 0) return site.predicate ? truth_datum(false) : Datum();
  context_.begin(&site);
  const auto result = site.native(context_, {arguments, at.b});
  if (!context_.note_code().empty()) {
    add_finding({}, context_.note_code(), context_.note_message());
    context_.forget_note();
  }
  return result;
}

Datum Interpreter::select(const Datum& list, const Selection& selection) {
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

bool Interpreter::count_rounds(std::uint32_t rounds) {
  rounds_ += rounds;
  if (rounds_ <= most_rounds) return true;
  context_.fail("W-LIMIT", "the lists of this record are too long for this rule");
  return false;
}

// at[0] is the list; true when there is a first element (then in at[3]).
bool Interpreter::start_loop(Datum* at, std::uint16_t mode) {
  constexpr std::uint16_t any_mode = 2;
  const auto size = at[0].items().size();
  at[1] = number_datum(0);
  at[2] = {};
  if (mode < any_mode && size > 0) {
    Datum* items = context_.list_room(size);
    if (items == nullptr) return false;
    at[2].items_ = items;
    at[2].size = 0;
  }
  if (size == 0) {
    at[0] = mode < any_mode ? Datum() : truth_datum(mode != any_mode);
    return false;
  }
  at[3] = at[0].items_[0];
  return true;
}

// Moves on to the next element; false at the end.
bool Interpreter::next_round(Datum* at) {
  if (!count_rounds(1)) return false;
  if (++at[1].number >= at[0].size) return false;
  at[3] = at[0].items_[at[1].number];
  return true;
}

// An element of map or filter that cannot be converted is left out, as those of a list that is
// read: where to go on. nullptr: the whole evaluation fails, as conditions always do: what they do
// not understand they must not pass over.
const Instruction* Interpreter::leave_element_out(std::size_t position) {
  if (!context_.failed_to_convert() || code_->type.kind == Type::Kind::boolean) return nullptr;
  for (auto next = position + 1; next < code_->instructions.size(); ++next) {
    const auto& at = code_->instructions[next];
    const bool loop = at.op == Op::next_map || at.op == Op::next_filter;
    if (!loop || at.k > position) continue;
    if (left_code_.empty()) {
      left_code_ = context_.code();
      left_message_ = context_.message();
    }
    context_.restart();
    registers_[at.a] = {};
    return &at;
  }
  return nullptr;
}

void Interpreter::write_step(const Instruction& at, std::size_t position) {
  const auto& label = code_->labels[position];
  if (label.empty() || steps_->size() >= most_steps) return;
  const bool jump = at.op == Op::jump_unless || at.op == Op::jump_present;
  const bool inside = at.op == Op::loop || at.op == Op::next_any || at.op == Op::next_all ||
                      at.op == Op::next_map || at.op == Op::next_filter;
  if (inside && registers_[at.dst].tag == Tag::list && at.op == Op::loop) return;
  steps_->push_back({label, registers_[jump ? at.a : at.dst]});
}

inline void Interpreter::finish(const Datum& value, Outcome& result) const {
  result.kind = Outcome::Kind::none;
  if (context_.failed()) {
    result.kind = Outcome::Kind::error;
    result.code = context_.code();
    result.message = context_.message();
  } else if (value.tag == Tag::clear) {
    result.kind = Outcome::Kind::clear;
  } else if (value.tag == Tag::keep) {
    result.kind = Outcome::Kind::keep;
  } else if (!value.is_none()) {
    result.kind = Outcome::Kind::value;
    result.value = value;
  }
  if (result.kind == Outcome::Kind::error) return;
  result.code = left_code_;
  result.message = left_message_;
}

bool matches(std::string_view text, const CallSite& site) {
  if (site.shape.is_literal()) return site.shape.found_in(text);
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *site.expression);
}

template <bool traced>
inline const Datum& Interpreter::loop() {
  const Instruction* const code = code_->instructions.data();
  const Datum* const constants = code_->constants.data();
  const SlotState* const slots = state_.slots.data();
  Datum* const r = registers_;
  for (const Instruction* next = code;;) {
    const Instruction& at = *next++;
    switch (at.op) {
      case Op::constant:
        r[at.dst] = constants[at.k];
        continue;  // neither fails nor is worth a step
      case Op::slot:
        r[at.dst] = slots[at.k].record == state_.record ? slots[at.k].value : slot(at.k);
        break;
      case Op::out:
        r[at.dst] = at.k < state_.out.size() ? state_.out[at.k] : Datum();
        break;
      case Op::item:
        r[at.dst] = state_.item;
        break;
      case Op::sources:
        r[at.dst] = sources();
        break;
      case Op::run_time:
        r[at.dst] = number_datum(state_.inputs.run_time.time_since_epoch().count(), Tag::date);
        break;
      case Op::run_date: {
        const auto days = std::chrono::floor<std::chrono::days>(state_.inputs.run_time);
        r[at.dst] = number_datum(days.time_since_epoch().count() * day_length, Tag::date);
        break;
      }
      case Op::move:
        r[at.dst] = r[at.a];
        continue;  // neither fails nor is worth a step
      case Op::as_text:
        r[at.dst] = text_datum(r[at.a].text());
        break;
      case Op::field:
        r[at.dst] = field(r[at.a], code_->fields[at.k]);
        break;
      case Op::fields:
        r[at.dst] = fields(r[at.a], code_->fields[at.k]);
        break;
      case Op::person:
        r[at.dst] = person(r[at.a]);
        break;
      case Op::call:
        r[at.dst] = call(at);
        break;
      case Op::equal_text:
        r[at.dst] = truth_datum(!r[at.a].is_none() && r[at.a].size == r[at.b].size &&
                                r[at.a].text() == r[at.b].text());
        break;
      case Op::equal_number:
        r[at.dst] = truth_datum(!r[at.a].is_none() && r[at.a].tag == r[at.b].tag &&
                                r[at.a].number == r[at.b].number);
        break;
      case Op::equal_dn:
      case Op::equal_any:
        r[at.dst] = truth_datum(equal(r[at.a], r[at.b]));
        break;
      case Op::less:
        r[at.dst] = truth_datum(before(r[at.a], r[at.b], false));
        break;
      case Op::less_equal:
        r[at.dst] = truth_datum(before(r[at.a], r[at.b], true));
        break;
      case Op::member:
        rounds_ += static_cast<std::uint32_t>(r[at.b].items().size() / looks_per_round);
        r[at.dst] = truth_datum(has(r[at.b], r[at.a]));
        break;
      case Op::negate:
        r[at.dst] = truth_datum(!r[at.a].truth());
        break;
      case Op::truth:
        r[at.dst] = truth_datum(r[at.a].truth());
        continue;  // neither fails nor is worth a step
      case Op::add:
        r[at.dst] = arithmetic(context_, r[at.a], r[at.b], false);
        break;
      case Op::subtract:
        r[at.dst] = arithmetic(context_, r[at.a], r[at.b], true);
        break;
      case Op::append:
        r[at.dst] = append(context_, r[at.a], r[at.b]);
        break;
      case Op::make_list:
        r[at.dst] = make_list(context_, r + at.a, at.b);
        break;
      case Op::concat:
        r[at.dst] = concat(context_, r + at.a, at.b, code_->masks[at.k]);
        break;
      case Op::match:
        r[at.dst] = truth_datum(!r[at.a].is_none() && matches(r[at.a].text(), code_->sites[at.k]));
        break;
      case Op::jump:
        next = code + at.k;
        break;
      case Op::jump_unless:
        if (!r[at.a].truth()) next = code + at.k;
        break;
      case Op::jump_present:
        if (!r[at.a].is_none()) next = code + at.k;
        break;
      case Op::recall:
        if constexpr (!traced) {
          const auto& known = state_.shared[at.a];
          if (known.record != state_.record) continue;
          r[at.dst] = known.value;
          next = code + at.k;
        }
        continue;
      case Op::remember:
        state_.shared[at.a].record = state_.record;
        state_.shared[at.a].value = r[at.dst];
        continue;
      case Op::select:
        r[at.dst] = select(r[at.a], code_->selections[at.k]);
        break;
      case Op::loop:
        if (!start_loop(r + at.dst, at.b)) next = code + at.k;
        break;
      case Op::next_map:
        if (!r[at.a].is_none())
          const_cast<Datum*>(r[at.dst + 2].items_)[r[at.dst + 2].size++] = r[at.a];
        if (next_round(r + at.dst)) {
          next = code + at.k;
          continue;
        }
        end_loop(r + at.dst);
        break;
      case Op::next_filter:
        if (r[at.a].truth())
          const_cast<Datum*>(r[at.dst + 2].items_)[r[at.dst + 2].size++] = r[at.dst + 3];
        if (next_round(r + at.dst)) {
          next = code + at.k;
          continue;
        }
        end_loop(r + at.dst);
        break;
      case Op::next_any:
      case Op::next_all: {
        const bool any = at.op == Op::next_any;
        const bool decided = r[at.a].truth() == any;
        if (!decided && next_round(r + at.dst)) {
          next = code + at.k;
          continue;
        }
        r[at.dst] = truth_datum(decided == any);
        break;
      }
      case Op::done:
        return r[at.a];
    }
    if constexpr (traced) write_step(at, static_cast<std::size_t>(&at - code));
    if (context_.failed()) {
      next = leave_element_out(static_cast<std::size_t>(&at - code));
      if (next == nullptr) return r[0];
    }
  }
}

}  // namespace

void interpret(Machine::State& state, const Code& code, std::vector<Step>* steps, Outcome& result) {
  Interpreter interpreter(state, steps);
  if (steps == nullptr)
    interpreter.run<false>(code, result);
  else
    interpreter.run<true>(code, result);
}

std::size_t interpret(Machine::State& state, std::span<const Code* const> conditions) {
  Interpreter interpreter(state, nullptr);
  std::size_t position = 0;
  while (position < conditions.size() && !interpreter.holds(*conditions[position])) ++position;
  return position;
}

void interpret(Machine::State& state, std::span<const OutLine> lines, Outcome* outcomes) {
  Interpreter interpreter(state, nullptr);
  for (const auto& line : lines) {
    auto& outcome = *outcomes++;
    if (line.code == nullptr) {
      outcome = {};
      continue;
    }
    interpreter.run<false>(*line.code, outcome);
    state.set_out(line.attribute, outcome);
  }
}

}  // namespace muster::mappings
