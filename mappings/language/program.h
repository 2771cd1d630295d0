// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "mappings/language/environment.h"
#include "mappings/language/type.h"

namespace muster::mappings {

struct Code;         // code.h
struct LayoutSlots;  // code.h

// Numbers the record attributes that a group of programs reads, so that a record is searched once
// and not per expression. One per Environment; grows while compile() runs, then read-only and
// shared between threads.
class Layout {
 public:
  Layout();
  ~Layout();
  Layout(Layout&&) noexcept;
  Layout& operator=(Layout&&) noexcept;

  const LayoutSlots& slots() const { return *slots_; }
  LayoutSlots& slots() { return *slots_; }

 private:
  std::unique_ptr<LayoutSlots> slots_;
};

// What a program reads: for the order of evaluation and for asking sources only for what is needed.
// Sorted, unique; names in the declared spelling (Field::key where there is one, for `record` and
// `from`).
struct Reads {
  std::vector<std::string> record = {};                        // top-level attributes
  std::vector<std::string> out = {};                           // Field::name
  std::vector<std::pair<std::string, std::string>> from = {};  // tag, top-level attribute
  std::vector<std::string> tables = {};
  std::vector<std::string> sets = {};
  std::vector<std::string> fragments = {};  // also those called by fragments
  std::vector<std::string> deref = {};      // attributes of other people
  bool clock = false;                       // run_date or run_time
  bool sources = false;
  bool item = false;
  bool slugs = false;  // calls slug
};

// A compiled expression. Immutable, cheap to copy, shared between threads; it keeps the Library
// alive. The Layout it was compiled with must be the one that the machine runs it on.
class Program {
 public:
  explicit Program(std::shared_ptr<const Code> code);

  const Type& type() const;  // optional: may be none
  const Reads& reads() const;
  const std::string& text() const;
  const Code& code() const { return *code_; }

  // The value when the expression is a constant true or false, for W-UNREACH.
  std::optional<bool> constant() const;

 private:
  std::shared_ptr<const Code> code_;
};

// What a place in the file wants of its expression. A text literal that is given for another type
// is converted (and checked) at load; email, domain, dn and ref also fit text. `type.optional` =
// false with kind boolean is a condition (E-BOOL-OPT); other kinds accept none where the type says
// so.
struct Expected {
  Type type = {};     // kind nothing: anything goes
  bool flow = false;  // `clear` and `keep` may stand in tail position
};

// Reads, resolves, checks and compiles one expression. nullopt = refused; `diagnostics` then has at
// least one error. Codes: E-SYNTAX E-NAME E-TYPE E-BOOL-OPT E-CYCLE E-RE E-DN E-DOMAIN E-EMAIL
// E-DATE E-LIMIT.
std::optional<Program> compile(std::string_view text, const Place& place,
                               const Environment& environment, const Expected& expected,
                               Layout& layout, std::vector<Diagnostic>& diagnostics);

// Checks every fragment on its own with its declared types, so that a mistake in one that nobody
// calls is found too.
void check_fragments(const Library& library, std::vector<Diagnostic>& diagnostics);

// A text with holes, as username patterns write it without quotes: "{firstName}.{lastName}".
struct TemplatePart {
  bool expression = false;
  bool soft = false;      // {expr?}: none counts as ""
  std::string text = {};  // literal text, or the expression
  Place place = {};       // of the expression
};

// nullopt = refused (unclosed or empty hole), with a diagnostic.
std::optional<std::vector<TemplatePart>> split_template(std::string_view text, const Place& place,
                                                        std::vector<Diagnostic>& diagnostics);

}  // namespace muster::mappings
