// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mappings/language/character_set.h"
#include "mappings/language/context.h"
#include "mappings/language/date.h"
#include "mappings/language/environment.h"
#include "mappings/language/field_reference.h"
#include "mappings/language/member_tree.h"
#include "mappings/language/pattern_shape.h"
#include "mappings/language/program.h"
#include "mappings/language/transliterate.h"

namespace re2 {
class RE2;
}

namespace muster::mappings {

// Registers hold one Datum each. "a", "b" and "dst" are registers unless said otherwise.
enum class Op : std::uint8_t {
  constant,      // dst = constants[k]
  slot,          // dst = the record's slot k
  out,           // dst = out attribute k
  item,          // dst = item
  sources,       // dst = sources
  run_time,      // dst = the run's time
  run_date,      // dst = the run's day at midnight UTC
  move,          // dst = a
  as_text,       // dst = a (a DN or ref) as text
  field,         // dst = field k of the complex a
  fields,        // dst = field k of each element of the list a
  person,        // dst = the person, a complex, whom the reference a names
  call,          // dst = functions[k](registers from a, b many)
  equal_text,    // dst = a == b, by text
  equal_number,  // dst = a == b
  equal_dn,
  equal_any,   // lists and everything else
  less,        // dst = a < b
  less_equal,  // dst = a <= b
  member,      // dst = a in the list b
  negate,      // dst = not a
  truth,       // dst = a, none counts as false
  add,         // dst = a + b
  subtract,
  append,     // dst = a ++ b
  make_list,  // dst = [registers from a, b many], without none
  // dst = text of the registers from a, b many; none where a strict one (bit of masks[k]) is
  concat,
  match,         // dst = a ~ sites[k]
  jump,          // to k
  jump_unless,   // to k when a is not true
  jump_present,  // to k when a is not none
  recall,        // dst = what `remember` a holds for this record, then to k; else goes on
  remember,      // keeps `dst` as a
  select,        // dst = the elements of the list a that selections[k] takes
  loop,          // registers dst.. = {list a, position 0, output}; to k when there is nothing
  next_map,      // appends a to the loop dst; goes on at k
  next_filter,   // keeps the element of the loop dst when a is true; goes on at k
  next_any,      // ends the loop dst with true when a is true
  next_all,      // ends the loop dst with false when a is not true
  done,          // the result is a
};

struct Instruction {
  Op op = Op::done;
  std::uint16_t dst = 0;
  std::uint16_t a = 0;
  std::uint16_t b = 0;
  std::uint32_t k = 0;
};

// The constant part of one call: what is known when the file is loaded.
struct CallSite {
  Native native = nullptr;
  std::uint32_t strict = 0;     // bit i: argument i must not be none
  bool predicate = false;       // a none argument makes it false instead of none
  bool one_of_several = false;  // reads one value of an attribute that has several
  const Table* table = nullptr;
  std::size_t column = 0;
  const NamedSet* set = nullptr;
  std::shared_ptr<const re2::RE2> expression = {};
  PatternShape shape = {};  // of the expression
  CharacterSet characters = {};
  Scheme scheme = Scheme::strip;
  DateFormat format = {};
  Zone zone = {};
  DateUnit unit = DateUnit::day;
  std::string text = {};  // a form, a language, a namespace's 16 bytes, a message
};

// The elements of a list of complex values whose field, a text, is one of a few.
struct Selection {
  FieldReference member = {};
  std::vector<Datum> wanted = {};
};

// A program. Everything that an instruction points at by number is here; constants live in `arena`.
struct Code {
  std::vector<Instruction> instructions = {};
  std::vector<std::string> labels = {};  // per instruction, for explain; empty: no step of its own
  std::vector<Datum> constants = {};
  std::vector<CallSite> sites = {};
  std::vector<std::uint64_t> masks = {};
  std::vector<FieldReference> fields = {};
  std::vector<Selection> selections = {};
  std::size_t registers = 0;
  Arena arena = {};
  Type type = {};
  Reads reads = {};
  std::string text = {};
  std::shared_ptr<const Library> library = {};
};

// Where in a record an attribute is: from the top down.
struct Slot {
  std::size_t root = 0;                   // 0 = the record, n = Inputs::from[n - 1]
  std::uint32_t place = 0;                // root 0: its number in LayoutSlots::members
  Type::Kind kind = Type::Kind::nothing;  // of what stands there
  std::vector<FieldReference> path = {};
  std::string name = {};  // as expressions write it
};

struct LayoutSlots {
  std::vector<Slot> slots = {};
  MemberTree members = {};  // of the record
  // Parts of expressions that read nothing but the record, by their text: evaluated once.
  std::vector<std::string> shared = {};

  Slot numbered(Slot slot) {
    if (slot.root == 0) slot.place = members.add(slot.path);
    slot.kind = slot.path.back().field.type.kind;
    return slot;
  }
};

}  // namespace muster::mappings
