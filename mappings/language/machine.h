// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/json_node.h"
#include "core/value.h"
#include "mappings/language/datum.h"
#include "mappings/language/program.h"

namespace muster::mappings {

class Preference;

// Other people, as `deref` asks for them.
class Referents {
 public:
  virtual ~Referents() = default;
  // The person whom a reference names, as an object of identity attributes; nullptr: nobody. Stays
  // as it is until the machine starts its next record.
  virtual const Value* person(std::string_view reference) = 0;
};

// What a program may look at. Everything must stay as it is until the machine starts its next
// record.
struct Inputs {
  const Value* record = nullptr;  // an object; nullptr = everything is none
  // In the order of Environment::from; nullptr = no such record.
  std::span<const Value* const> from = {};
  std::span<const std::string> sources = {};
  Timestamp run_time = {};
  JsonNode document = {};            // an object, in the place of `record`
  Referents* referents = nullptr;    // nullptr: every reference names nobody
  Preference* preference = nullptr;  // nullptr: of several values the first is read
};

// The result of one evaluation. `error`: a conversion or a limit failed; `code` and `message` say
// which (no values).
struct Outcome {
  // A whole word, for the reason that Datum has no gap.
  enum class Kind : std::uint64_t { none, value, clear, keep, error };
  Kind kind = Kind::none;
  Datum value = {};
  // Of an error: "W-EMAIL", "W-LIMIT". Otherwise of an element that was left out of a list; empty:
  // none was.
  std::string_view code = {};
  std::string_view message = {};
  // What could not be converted: the text, and the attribute of the record that it was read as; of
  // an argument of a function, the text alone.
  std::string_view told = {};
  std::string_view read = {};

  bool truth() const { return kind == Kind::value && value.truth(); }
  bool left_out() const { return kind != Kind::error && !code.empty(); }
};

// Something odd about the record itself, found while it was read; the attribute counts as none or
// as said.
struct ReadFinding {
  // As expressions write it. Found by a function (domain_in): the attribute whose line called it;
  // empty: no line did.
  std::string_view attribute = {};
  std::string_view code = {};  // W-MULTI W-TYPE W-DN W-DATE W-INT W-EMAIL W-ODD-DOMAIN ...
  std::string_view message = {};
  std::string_view told = {};  // what it is about
  // Whose evaluation failed by it, and where that stands; empty: nobody's, or that of many.
  std::string_view rule = {};
  std::string_view at = {};
};

// One step of a traced evaluation; lives as long as an Outcome.
struct Step {
  // "emails[type == \"work\"].value", "first", "??"; lives in the program
  std::string_view op = {};
  Datum out = {};
};

// A line of a map as it runs: `out.<attribute>` is its value. Without code it gives none.
struct OutLine {
  const Code* code = nullptr;  // of a Program that lives as long
  std::size_t attribute = 0;
  bool trim = false;           // see Machine::trim
  std::string_view name = {};  // of the attribute, for what functions find odd; lives as long
};

// Runs programs over records, one after the other. No allocation once its buffers have grown; no
// exceptions. One per worker thread.
class Machine {
 public:
  Machine();
  ~Machine();
  Machine(Machine&&) noexcept;
  Machine& operator=(Machine&&) noexcept;

  // Takes the next record. All earlier outcomes, data and findings end here. `layout` must outlive
  // the record.
  void start(const Layout& layout, const Inputs& inputs);

  // Evaluates one program on the record. Its outcome stays valid until start().
  Outcome run(const Program& program);

  // The first of the conditions that holds, as a position; their number when none does. `doubt`:
  // the first one before it that could not be evaluated.
  struct Doubt {
    std::size_t condition = 0;
    Outcome outcome = {};  // kind error, when there is a doubt
  };
  std::size_t first_true(std::span<const Code* const> conditions, Doubt& doubt);

  // The same for the lines of a map, one after the other, as many outcomes as lines: what one gives
  // is `out.<attribute>` (see set_out) for those behind it.
  void run(std::span<const OutLine> lines, Outcome* outcomes);

  // run() with every step written down; gives the same outcome.
  Outcome trace(const Program& program, std::vector<Step>& steps);

  // What `out.<attribute>` is from now on (position in Environment::out); none until set, once a
  // record. clear, keep and errors count as none.
  void set_out(std::size_t attribute, const Outcome& outcome);

  // The attribute whose line of the map runs from now on, until the next record.
  void set_line(std::string_view attribute);

  // Takes blanks and invisible characters off the ends of a text, and tells it as a finding about
  // `attribute`. Nothing else left: the outcome is none.
  void trim(std::string_view attribute, Outcome& outcome);

  // What `item` is from now on.
  void set_item(const Datum& item);

  // A rule could not be evaluated, and the evaluation of the record goes on: a finding.
  void note(const Outcome& outcome, std::string_view rule, std::string_view at);

  // Findings about the record's attributes that were read so far, each attribute at most once.
  std::span<const ReadFinding> findings() const;

  // The most bytes that one record has taken of the arena so far.
  std::size_t high_water() const;

  struct State;  // interpreter.h

 private:
  std::unique_ptr<State> state_;
};

}  // namespace muster::mappings
