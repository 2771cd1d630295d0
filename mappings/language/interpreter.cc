// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/interpreter.h"

#include <re2/re2.h>

#include <algorithm>

#include "core/text.h"
#include "mappings/language/interpretation.h"
#include "mappings/language/operators.h"
#include "mappings/language/reader.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

constexpr std::int64_t day_length = 86'400'000;
constexpr std::uint32_t most_rounds = 2'000'000;  // of all loops of one evaluation
constexpr std::size_t looks_per_round = 16;       // `in` is a loop too, a quick one

// Reads a slot for the first time.
inline Datum Interpretation::slot(std::uint32_t number) {
  auto& known = state_.slots.data()[number];
  known.record = state_.record;
  const auto& slot = state_.layout->slots.data()[number];
  if (slot.root == 0 && in_json_) {
    const auto value = state_.members.data()[slot.place].value;
    if (value.tape() == nullptr) return known.value = {};
    if (slot.kind == Type::Kind::text && is_plain(value))
      return known.value = text_datum(value.as_text());
  }
  known.value = read_slot(slot, known);
  // What could not be read fails whoever reads it, not only the first one.
  if (context_.failed()) known.record = 0;
  return known.value;
}

inline Datum Interpretation::call(const Instruction& at) {
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
    add_finding(context_.line(), {context_.note_code(), context_.note_message()});
    context_.forget_note();
  }
  if (context_.failed()) note_told({arguments, at.b});
  return result;
}

bool Interpretation::count_rounds(std::uint32_t rounds) {
  rounds_ += rounds;
  if (rounds_ <= most_rounds) return true;
  context_.fail("W-LIMIT", "the lists of this record are too long for this rule");
  return false;
}

// at[0] is the list; true when there is a first element (then in at[3]).
bool Interpretation::start_loop(Datum* at, std::uint16_t mode) {
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
bool Interpretation::next_round(Datum* at) {
  if (!count_rounds(1)) return false;
  if (++at[1].number >= at[0].size) return false;
  at[3] = at[0].items_[at[1].number];
  return true;
}

inline void Interpretation::finish(const Datum& value, Outcome& result) const {
  result.kind = Outcome::Kind::none;
  if (context_.failed()) {
    result.kind = Outcome::Kind::error;
    result.code = context_.code();
    result.message = context_.message();
    result.told = told_;
    result.read = read_;
  } else if (value.tag == Tag::clear) {
    result.kind = Outcome::Kind::clear;
  } else if (value.tag == Tag::keep) {
    result.kind = Outcome::Kind::keep;
  } else if (!value.is_none()) {
    result.kind = Outcome::Kind::value;
    result.value = value;
  }
  if (result.kind == Outcome::Kind::error) return;
  result.code = left_.code;
  result.message = left_.message;
  result.told = left_.told;
}

bool matches(std::string_view text, const CallSite& site) {
  if (site.shape.is_literal()) return site.shape.found_in(text);
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *site.expression);
}

// long: one jump table of all operations, with everything they share in registers.
template <bool traced>
inline const Datum& Interpretation::loop() {
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
  Interpretation interpretation(state, steps);
  if (steps == nullptr)
    interpretation.run<false>(code, result);
  else
    interpretation.run<true>(code, result);
}

std::size_t interpret(Machine::State& state, std::span<const Code* const> conditions,
                      Machine::Doubt& doubt) {
  Interpretation interpretation(state, nullptr);
  std::size_t position = 0;
  while (position < conditions.size() &&
         !interpretation.holds(*conditions[position], position, doubt))
    ++position;
  return position;
}

void trim_outcome(Machine::State& state, std::string_view attribute, Outcome& outcome) {
  const auto text = outcome.value.text();
  if (outcome.kind != Outcome::Kind::value || solid_ends(text)) return;
  const auto kept = trim_invisible(text);
  if (kept.size() == text.size()) return;
  state.findings.push_back({attribute, "W-TRIMMED", trimmed_message});
  if (kept.empty())
    outcome.kind = Outcome::Kind::none;
  else
    outcome.value = text_datum(kept, outcome.value.tag);
}

void interpret(Machine::State& state, std::span<const OutLine> lines, Outcome* outcomes) {
  Interpretation interpretation(state, nullptr);
  for (const auto& line : lines) {
    auto& outcome = *outcomes++;
    if (line.code == nullptr) {
      outcome = {};
      continue;
    }
    state.context.set_line(line.name);
    interpretation.run<false>(*line.code, outcome);
    if (line.trim) trim_outcome(state, line.name, outcome);
    state.set_out(line.attribute, outcome);
  }
  state.context.set_line({});
}

}  // namespace muster::mappings
