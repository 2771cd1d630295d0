// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "mappings/language/ast.h"
#include "mappings/language/code.h"
#include "mappings/language/environment.h"
#include "mappings/language/function.h"
#include "mappings/language/program.h"

namespace muster::mappings {

// Line and column of a byte of an expression.
Diagnostic diagnostic_at(const Place& place, std::string_view text, std::size_t offset,
                         std::string code, std::string message);

// What to write so that a value of one type becomes one of the other: "; add '| first'". May be
// empty.
std::string conversion_hint(const Type& have, const Type& wanted);

// Checks one expression tree and turns it into code, in one walk. Every expression leaves its value
// in the register that was free when it began, so arguments lie next to each other. A mistake is
// written down and its value counts as `nothing` from there on, so that one run finds several.
class Compiler {
 public:
  Compiler(const Environment& environment, Layout& layout, std::vector<Diagnostic>& diagnostics);

  std::shared_ptr<const Code> compile(std::string_view text, const Place& place,
                                      const Expected& expected);
  void check(const Fragment& fragment);

 private:
  using Kind = Type::Kind;

  struct Result {
    Type type = {};
    const Node* literal = nullptr;  // a text literal, which may still become another type
  };

  // Something that a bare name may mean inside: a lambda's or fragment's parameter, or the fields
  // of a filter's element.
  struct Scope {
    std::string name = {};
    Type type = {};
    std::uint16_t at = 0;
    bool fields = false;   // the fields of `type` are the names
    bool barrier = false;  // nothing further out is seen (a fragment's body)
  };

  // Where the expression that is compiled now stands.
  struct Source {
    std::string_view text = {};
    const Place* place = nullptr;
    std::string called_from = {};
  };

  struct StaticPath {
    Slot slot = {};
    Type type = {};
  };

  // compiler.cc
  Result expression(const Node& node, bool tail = false);
  Result literal(const Node& node);
  Result flow(const Node& node, bool tail);
  Result constant(Datum datum, Type type);
  Result pattern(const Node& node);
  Result list(const Node& node, const Type* element);
  bool fold_list(std::size_t start);
  Result condition(const Node& node, bool tail);
  Result choice(const Node& node, bool tail);
  void conditional(const Node& node);

  // compiler_types.cc
  bool fits(const Type& have, const Type& wanted) const;
  bool convert(const Node& node, const Result& value, const Type& wanted, std::uint16_t at);
  bool convert_literal(const Node& node, Kind kind, std::uint16_t at);
  void expect(const Node& node, const Result& value, const Expected& expected);
  std::optional<Type> common(const Type& a, const Type& b) const;
  Type unify(const Node& node, const Type& a, const Type& b);

  // compiler_operators.cc
  Result binary(const Node& node, bool tail);
  Result coalesce(const Node& node, bool tail);
  Result logic(const Node& node);
  Result equality(const Node& node, bool negated);
  Result compare(const Node& node);
  Result match(const Node& node);
  Result member(const Node& node);
  bool is_sources(const Node& node) const;
  void known_tag(const Node& node);
  Result member_of_set(const Node& node, const NamedSet& set, const std::string& name);
  Result arithmetic(const Node& node);
  Result add_literal_period(const Node& node, int sign, std::uint16_t at);
  Result append(const Node& node);
  Op equality_op(const Node& node, const Result& left, const Result& right, std::uint16_t at);

  // compiler_names.cc
  Result name(const Node& node);
  Result field(const Node& node);
  Result filter(const Node& node);
  bool select_instead(std::size_t start, std::uint16_t at, const Node& filter);
  bool reads_record_only(const Node& node) const;
  std::optional<std::uint16_t> share(const Node& filter);
  Result out(const Node& node, const std::string& name);
  std::optional<StaticPath> static_path(const Node& node);
  std::optional<StaticPath> from_path(const Node& node);
  Result load(const StaticPath& path, const Node& node);
  const Scope* find_scope(std::string_view name) const;
  bool in_fragment() const;
  bool is_namespace(const Node& node, std::string_view name) const;
  Result field_of(const Node& node, const Result& base, const std::string& name, std::uint16_t at);
  void unknown_name(const Node& node);
  std::vector<std::string> names_in_reach() const;

  // compiler_fragments.cc
  Result call_fragment(const Node& node, const Fragment& fragment);
  Result inlined(const Fragment& fragment, std::uint16_t arguments);
  Result circle(const Node& node, const std::string& name);

  // compiler_calls.cc
  Result call(const Node& node);
  const Signature& overload(const Node& node, std::span<const Signature> overloads);
  bool has_several(const Node& node) const;
  Result call_function(const Node& node, std::span<const Signature> overloads);
  bool order_arguments(const Node& node, const Signature& signature,
                       std::vector<const Node*>& ordered);
  void look_into(const Node& node);
  std::vector<std::string> known_calls() const;

  // compiler_arguments.cc: those that are evaluated
  bool evaluated_argument(const Node& node, const FormalParameter& parameter,
                          const Signature& signature, Type& generic, bool& optional,
                          std::uint32_t position, CallSite& site);
  Type argument_type(const Node& node, const Result& value, const FormalParameter& parameter,
                     const Signature& signature, Type& generic, std::uint16_t at);
  bool literal_fits(const Node& node, const FormalParameter& parameter, const CallSite& site);
  void preset_argument(const FormalParameter& parameter);

  // compiler_constants.cc: those that are known when the file is loaded
  bool constant_argument(const Node& node, const FormalParameter& parameter, CallSite& site);
  bool refuse(const Node& node, const char* code, std::string message);  // false
  bool column_argument(const Node& node, CallSite& site);
  bool format_argument(const Node& node, CallSite& site);
  bool zone_argument(const Node& node, CallSite& site);
  bool scheme_argument(const Node& node, CallSite& site);
  bool replacement_argument(const Node& node, CallSite& site);
  bool named_resource(const Node& node, const FormalParameter& parameter, CallSite& site);
  bool regular_expression(const Node& node, CallSite& site);

  // compiler_words.cc
  bool word_argument(const Node& node, const FormalParameter& parameter, CallSite& site);
  bool known_region(const Node& node);

  // compiler_forms.cc: what looks like a function and is grammar
  Result loop(const Node& node);
  Result primary_element(const Node& node);
  Result dereference(const Node& node);

  // compiler.cc
  std::size_t emit(Op op, std::uint16_t dst, std::uint16_t a = 0, std::uint16_t b = 0,
                   std::uint32_t k = 0, std::string label = {});
  std::uint32_t here() const { return static_cast<std::uint32_t>(code_->instructions.size()); }
  // Lets the jump lead here.
  void patch(std::size_t instruction) {
    code_->instructions[instruction].k = here();
    last_target_ = here();
  }
  // The last instruction when it surely runs right before what comes next.
  Instruction* last() {
    return here() == 0 || last_target_ == here() ? nullptr : &code_->instructions.back();
  }
  void move_result(std::uint16_t to, std::uint16_t from);
  std::uint16_t only_argument(std::uint16_t at);
  std::uint16_t take();                             // the next free register
  void release_to(std::uint16_t at) { top_ = at; }  // all from `at` on are free again
  Result poison(const Node& node, std::string code, std::string message);
  Result poison();
  void report(std::size_t offset, std::string code, std::string message);
  std::uint32_t add_site(CallSite site);
  std::uint32_t add_field(const Field& field, bool fold);

  const Environment& environment_;
  Layout& layout_;
  std::vector<Diagnostic>& diagnostics_;
  std::shared_ptr<Code> code_;
  Context constants_;
  std::vector<Scope> scopes_;
  std::vector<std::string> fragments_;  // being inlined
  Source source_ = {};
  std::uint16_t top_ = 0;
  std::uint32_t last_target_ = 0;  // the last place that a jump leads to
  int filters_ = 0;                // inside so many value filters
  int lambdas_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  bool flow_allowed_ = false;
};

}  // namespace muster::mappings
