// SPDX-License-Identifier: Apache-2.0
#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "mappings/language/arguments.h"
#include "mappings/language/compiler.h"
#include "mappings/language/foreign_words.h"
#include "mappings/language/unicode.h"

namespace muster::mappings {
namespace {

using Role = FormalParameter::Role;

constexpr std::int64_t expression_memory = 1 << 20;  // of a compiled regular expression
constexpr std::uint16_t map_mode = 0;
constexpr std::uint16_t filter_mode = 1;
constexpr std::uint16_t any_mode = 2;
constexpr std::uint16_t all_mode = 3;

std::u32string characters_of(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) out += next_code_point(text, at);
  return out;
}

}  // namespace

std::vector<std::string> Compiler::known_calls() const {
  auto names = function_names();
  names.emplace_back("deref");
  for (const auto& [name, fragment] : environment_.library->fragments) names.push_back(name);
  return names;
}

Compiler::Result Compiler::call(const Node& node) {
  const auto& fragments = environment_.library->fragments;
  if (const auto found = fragments.find(node.text); found != fragments.end()) {
    return call_fragment(node, found->second);
  }
  if (node.text == "map" || node.text == "filter" || node.text == "any" || node.text == "all")
    return loop(node);
  if (node.text == "primary") return primary_element(node);
  if (node.text == "deref") return dereference(node);
  const auto overloads = find_functions(node.text);
  if (overloads.empty()) {
    const auto foreign = word_for_function(node.text);
    look_into(node);
    return poison(node, "E-NAME",
                  "unknown function '" + node.text + "'" +
                      (foreign.empty() ? did_you_mean(node.text, known_calls())
                                       : "; did you mean '" + std::string(foreign) + "'?"));
  }
  return call_function(node, overloads);
}

// The mistakes in the arguments of a call that is a mistake itself. Names of tables and sets have a
// meaning only for the function that was meant.
void Compiler::look_into(const Node& node) {
  const auto& library = *environment_.library;
  const auto at = top_;
  for (const auto& argument : node.children) {
    const auto& value = inner(argument);
    const bool resource = value.kind == Node::Kind::name && (library.tables.contains(value.text) ||
                                                             library.sets.contains(value.text));
    if (resource || value.kind == Node::Kind::lambda) continue;
    expression(value);
    release_to(at);
  }
}

// list, x => body
Compiler::Result Compiler::loop(const Node& node) {
  if (node.children.size() != 2 || node.children[1].kind != Node::Kind::lambda ||
      node.children[0].kind == Node::Kind::named || node.children[0].kind == Node::Kind::lambda) {
    return poison(node, "E-TYPE",
                  node.text + " takes a list and 'x => ...': list | " + node.text + "(x => ...)");
  }
  const auto& lambda = node.children[1];
  const auto mode = node.text == "map"      ? map_mode
                    : node.text == "filter" ? filter_mode
                    : node.text == "any"    ? any_mode
                                            : all_mode;
  const auto at = top_;
  const auto base = expression(node.children[0]);
  const bool empty = base.type.kind == Kind::nothing;
  if (!empty && base.type.kind != Kind::list) {
    release_to(at);
    return poison(
        node.children[0], "E-TYPE",
        node.text + " takes a list, not " + name_of(base.type) + "; write [x] for a list of one");
  }
  if (lambdas_ == 2) {
    release_to(at);
    return poison(lambda, "E-LIMIT", "'x => ...' can be nested twice at most");
  }
  take();  // position
  take();  // output
  const auto element = take();
  const auto start = emit(Op::loop, at, 0, mode);
  scopes_.push_back(
      {.name = lambda.text, .type = empty ? Type{} : *base.type.element, .at = element});
  ++lambdas_;
  const auto body = here();
  const auto value_at = top_;
  Result value;
  if (mode == map_mode) {
    value = expression(lambda.children[0]);
  } else {
    conditional(lambda.children[0]);
  }
  --lambdas_;
  scopes_.pop_back();
  constexpr std::array<Op, 4> steps = {Op::next_map, Op::next_filter, Op::next_any, Op::next_all};
  emit(steps[mode], at, value_at, 0, body, node.text);
  patch(start);
  release_to(static_cast<std::uint16_t>(at + 1));
  if (mode == any_mode || mode == all_mode) return {make_type(Kind::boolean)};
  if (mode == filter_mode) return {as_optional(base.type)};
  return {list_of(value.type, base.type.optional || value.type.optional)};
}

// deref(reference, "attribute")
Compiler::Result Compiler::dereference(const Node& node) {
  const auto* people = environment_.people.get();
  if (in_fragment() || people == nullptr)
    return poison(node, "E-NAME",
                  "deref cannot stand here: other people are known in the maps of sources and in "
                  "the rules behind the user name");
  if (node.children.size() != 2 || node.children[1].kind != Node::Kind::text)
    return poison(node, "E-TYPE",
                  "deref takes a reference and the name of an attribute: deref(manager, "
                  "\"displayName\")");
  const auto at = top_;
  const auto reference = expression(node.children[0]);
  const bool mistaken = reference.type.kind == Kind::nothing && !reference.type.optional;
  if (!mistaken && !convert(node.children[0], reference, make_type(Kind::ref), at))
    report(node.children[0].offset, "E-TYPE",
           "deref takes a reference, not " + name_of(reference.type) + "; write ref(x)");
  release_to(at);
  const auto& attribute = node.children[1];
  const auto position = people->find(attribute.text);
  if (!position) {
    std::vector<std::string> names;
    for (const auto& field : people->fields) names.push_back(field.name);
    return poison(attribute, "E-NAME",
                  "unknown attribute '" + attribute.text + "' of the identity" +
                      did_you_mean(attribute.text, names));
  }
  const auto& field = people->fields[*position];
  code_->reads.deref.push_back(field.name);
  take();
  emit(Op::person, at, at);
  emit(Op::field, at, at, 0, add_field(field, people->fold_names), print(node));
  return {as_optional(field.type)};
}

// Puts arguments by position and by name in the order of the parameters; those of a variadic one
// stay in order at the end. Missing ones are nullptr.
bool Compiler::order_arguments(const Node& node, const Signature& signature,
                               std::vector<const Node*>& ordered) {
  const auto& parameters = signature.parameters;
  const bool variadic = !parameters.empty() && parameters.back().variadic;
  const std::size_t fixed = parameters.size() - (variadic ? 1 : 0);
  ordered.assign(fixed, nullptr);
  std::size_t position = 0;
  for (const auto& argument : node.children) {
    std::size_t index = position++;
    if (argument.kind == Node::Kind::lambda) {
      report(argument.offset, "E-TYPE", node.text + " takes no 'x => ...'");
      return false;
    }
    if (argument.kind == Node::Kind::named) {
      index = position_of(parameters, argument.text);
      if (index >= fixed) {
        report(argument.offset, "E-NAME",
               node.text + " has no parameter '" + argument.text + "': " + signature.text);
        return false;
      }
    }
    if (index >= fixed && variadic) {
      ordered.push_back(&argument);
      continue;
    }
    if (index >= fixed || ordered[index] != nullptr) {
      report(argument.offset, "E-TYPE", "too many arguments: " + signature.text);
      return false;
    }
    ordered[index] = &inner(argument);
  }
  for (std::size_t i = 0; i < fixed; ++i) {
    if (ordered[i] != nullptr || parameters[i].preset) continue;
    report(node.offset, "E-TYPE",
           "the argument '" + parameters[i].name + "' is missing: " + signature.text);
    return false;
  }
  if (variadic && ordered.size() == fixed) {
    report(node.offset, "E-TYPE", "at least one argument is missing: " + signature.text);
    return false;
  }
  return true;
}

Compiler::Result Compiler::call_function(const Node& node, std::span<const Signature> overloads) {
  const auto at = top_;
  const auto* signature = &overloads[0];
  // Overloads differ in the kind of the first argument: list or not.
  if (overloads.size() > 1 && !node.children.empty()) {
    const auto instructions = code_->instructions.size();
    const auto target = last_target_;
    const auto failed = failed_;
    const auto known = diagnostics_.size();
    const auto first = expression(inner(node.children[0]));
    for (const auto& candidate : overloads) {
      const auto& parameter = candidate.parameters[0];
      const bool list = parameter.role == Role::generic_list ||
                        parameter.role == Role::generic_lists ||
                        (!parameter.types.empty() && parameter.types[0].kind == Kind::list);
      if (list == (first.type.kind == Kind::list)) {
        signature = &candidate;
        break;
      }
    }
    code_->instructions.resize(instructions);
    last_target_ = target;
    code_->labels.resize(instructions);
    diagnostics_.resize(known);
    failed_ = failed;
    release_to(at);
  }
  std::vector<const Node*> ordered;
  if (!order_arguments(node, *signature, ordered)) {
    look_into(node);
    return poison();
  }
  CallSite site;
  site.native = signature->native;
  if (node.text == "slug") code_->reads.slugs = true;
  const auto& result = signature->result;
  site.predicate =
      result.types.size() == 1 && result.types[0].kind == Kind::boolean && !result.accepts_none;
  Type generic;
  bool optional = result.accepts_none;
  std::uint32_t position = 0;
  bool good = true;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const auto& parameter = signature->parameters[std::min(i, signature->parameters.size() - 1)];
    if (!parameter.evaluated()) {
      const Node* argument = ordered[i];
      Node preset;
      if (argument == nullptr) {
        preset.kind = Node::Kind::text;
        preset.offset = node.offset;
        preset.text = *parameter.preset;
        argument = &preset;
      }
      good = constant_argument(*argument, parameter, site) && good;
      continue;
    }
    if (ordered[i] == nullptr) {
      preset_argument(parameter);
    } else {
      good = evaluated_argument(*ordered[i], parameter, *signature, generic, optional, position,
                                site) &&
             good;
    }
    ++position;
  }
  release_to(at);
  take();
  const bool predicate = site.predicate;
  good = good && known_at_load(node, ordered, site);
  const auto first = position == 1 ? only_argument(at) : at;
  emit(Op::call, at, first, static_cast<std::uint16_t>(position), add_site(std::move(site)),
       node.text);
  if (!good) return {};
  if (node.text == "phone" && ordered[1] != nullptr && ordered[1]->kind == Node::Kind::text &&
      !ordered[1]->text.empty() && !known_region(*ordered[1]))
    return {};
  if (result.role == Role::generic) return {optional ? as_optional(generic) : as_required(generic)};
  if (result.role == Role::generic_list) return {list_of(generic, optional)};
  auto type = result.types.at(0);
  type.optional = !predicate && optional;
  return {type};
}

// What some functions need of arguments that stand in the file.
bool Compiler::known_at_load(const Node& node, const std::vector<const Node*>& arguments,
                             const CallSite& site) {
  const auto literal = [&](std::size_t i, Node::Kind kind) {
    return i < arguments.size() && arguments[i] != nullptr && arguments[i]->kind == kind;
  };
  if (node.text == "find_re" && literal(2, Node::Kind::integer) &&
      (arguments[2]->number < 0 ||
       arguments[2]->number > site.expression->NumberOfCapturingGroups())) {
    report(arguments[2]->offset, "E-RE",
           "the regular expression has no group " + std::to_string(arguments[2]->number) +
               "; groups are its parts in (...), counted from 1, and 0 is all of it");
    return false;
  }
  if (node.text == "date" && literal(1, Node::Kind::text) && !arguments[1]->text.empty()) {
    const auto problem = date_pattern_problem(arguments[1]->text);
    if (!problem.empty()) report(arguments[1]->offset, "E-DATE", problem);
    return problem.empty();
  }
  return true;
}

void Compiler::preset_argument(const FormalParameter& parameter) {
  const auto& preset = *parameter.preset;
  if (preset == "none") {
    constant({}, make_type(Kind::nothing, true));
  } else if (!parameter.types.empty() && parameter.types[0].kind == Kind::integer) {
    constant(number_datum(std::stoll(preset)), make_type(Kind::integer));
  } else {
    constant(constants_.copy(preset), text_type());
  }
}

bool Compiler::evaluated_argument(const Node& node, const FormalParameter& parameter,
                                  const Signature& signature, Type& generic, bool& optional,
                                  std::uint32_t position, CallSite& site) {
  const auto at = top_;
  const auto before = diagnostics_.size();
  const auto value = expression(node);
  if (value.type.kind == Kind::nothing && !value.type.optional && diagnostics_.size() > before)
    return false;
  const auto type = argument_type(node, value, parameter, signature, generic, at);
  if (!parameter.accepts_none) {
    if (position < 32) site.strict |= std::uint32_t{1} << position;
    optional = optional || type.optional;
  }
  return diagnostics_.size() == before;
}

// Checks the value against the parameter and converts it where that is allowed.
Type Compiler::argument_type(const Node& node, const Result& value,
                             const FormalParameter& parameter, const Signature& signature,
                             Type& generic, std::uint16_t at) {
  const auto& type = value.type;
  if (type.kind == Kind::nothing || parameter.role == Role::any) return type;
  if (parameter.role == Role::generic_lists && type.kind == Kind::list) {
    generic =
        as_required(type.element->kind == Kind::list ? *type.element->element : *type.element);
    return type;
  }
  if (parameter.role == Role::generic || parameter.role == Role::generic_list ||
      parameter.role == Role::generic_lists) {
    const bool list = parameter.role != Role::generic;
    if (list != (type.kind == Kind::list) && (list || generic.kind != Kind::nothing)) {
      report(node.offset, "E-TYPE",
             name_of(type) + " does not fit '" + parameter.name + "' of " + signature.text +
                 (list ? "; write [x] for a list of one" : ""));
      return {};
    }
    auto both = common(generic, list ? *type.element : type);
    if (!both) {
      report(node.offset, "E-TYPE",
             name_of(type) + " does not fit " + name_of(generic) + " in " + signature.text);
      return {};
    }
    generic = as_required(*std::move(both));
    return type;
  }
  for (const auto& wanted : parameter.types) {
    if (type.kind == wanted.kind && fits(type, wanted)) return type;
  }
  for (const auto& wanted : parameter.types) {
    if (convert(node, value, wanted, at)) return type;
  }
  const auto& wanted = parameter.types.at(0);
  const bool list = type.kind == Kind::list && wanted.kind != Kind::list;
  const bool written =
      type.kind == Kind::text && wanted.kind != Kind::list && wanted.kind != Kind::text;
  const bool counted = type.kind == Kind::integer || type.kind == Kind::boolean ||
                       type.kind == Kind::date || type.kind == Kind::duration;
  report(node.offset, "E-TYPE",
         name_of(type) + " does not fit '" + parameter.name + "' of " + signature.text +
             (list ? "; add '| first', or map(x => " + signature.name + "(x))"
              : written && wanted.kind == Kind::dn      ? "; write dn(x)"
              : written && wanted.kind == Kind::integer ? "; write int(x)"
              : counted && wanted.kind == Kind::text    ? "; write text(x)"
                                                        : ""));
  return {};
}

bool Compiler::named_resource(const Node& node, const FormalParameter& parameter, CallSite& site) {
  const auto& library = *environment_.library;
  const bool table = parameter.role == Role::table;
  std::vector<std::string> known;
  if (table) {
    for (const auto& [name, value] : library.tables) known.push_back(name);
  } else {
    for (const auto& [name, value] : library.sets) known.push_back(name);
  }
  const std::string what = table ? "table" : "set";
  if (node.kind != Node::Kind::name) {
    report(node.offset, "E-TYPE", "the name of a " + what + " is needed here");
    return false;
  }
  if (std::find(known.begin(), known.end(), node.text) == known.end()) {
    report(node.offset, "E-NAME",
           "unknown " + what + " '" + node.text + "'" + did_you_mean(node.text, known));
    return false;
  }
  if (table) {
    site.table = &library.tables.find(node.text)->second;
    code_->reads.tables.push_back(node.text);
    return true;
  }
  const auto& set = library.sets.find(node.text)->second;
  const bool domains = parameter.role == Role::domains;
  if (domains ? !std::holds_alternative<DomainSet>(set) : !std::holds_alternative<DnSet>(set)) {
    report(node.offset, "E-TYPE",
           "the set '" + node.text + "' holds no " + (domains ? "domains" : "DNs"));
    return false;
  }
  site.set = &set;
  code_->reads.sets.push_back(node.text);
  return true;
}

// What must be known when the file is loaded: names of tables and sets, and literals.
bool Compiler::constant_argument(const Node& node, const FormalParameter& parameter,
                                 CallSite& site) {
  if (parameter.role == Role::table || parameter.role == Role::domains ||
      parameter.role == Role::dns) {
    return named_resource(node, parameter, site);
  }
  if (parameter.role == Role::expression) return regular_expression(node, site);
  if (node.kind != Node::Kind::text) {
    report(node.offset, "E-TYPE",
           "'" + parameter.name + "' must be a text in quotes, known when the file is loaded");
    return false;
  }
  const auto refuse = [&](const char* code, std::string message) {
    report(node.offset, code, std::move(message));
    return false;
  };
  switch (parameter.role) {
    case Role::column: {
      if (site.table == nullptr || node.text.empty()) return true;
      const auto column = site.table->column(node.text);
      if (!column) {
        return refuse("E-NAME", "the table has no column '" + node.text + "'" +
                                    did_you_mean(node.text, site.table->columns()));
      }
      site.column = *column;
      return true;
    }
    case Role::format: {
      if (node.text.empty()) return true;
      auto format = parse_date_format(node.text);
      if (!format) {
        return refuse(
            "E-DATE",
            "a date pattern has the letters yyyy MM dd HH mm ss SSS XXX and other text in '...'");
      }
      site.format = *std::move(format);
      return true;
    }
    case Role::zone: {
      auto zone = Zone::named(node.text);
      if (!zone)
        return refuse("E-DATE", "unknown time zone '" + node.text +
                                    "'; write \"Europe/Berlin\" or \"+02:00\"");
      site.zone = *std::move(zone);
      return true;
    }
    case Role::scheme: {
      const auto scheme = parse_scheme(node.text);
      if (!scheme) {
        const auto near = did_you_mean(node.text, scheme_names(""));
        std::string names;
        for (const auto& name : scheme_names("")) names += (names.empty() ? "" : ", ") + name;
        return refuse("E-NAME", "unknown scheme '" + node.text + "'" +
                                    (near.empty() ? "; there are " + names : near));
      }
      site.scheme = *scheme;
      return true;
    }
    case Role::characters:
      if (!site.characters.add(characters_of(node.text))) {
        return refuse("E-TYPE", "this is no list of characters and ranges such as \"a-z0-9_-\"");
      }
      return true;
    case Role::form:
      site.text = node.text;
      if (node.text == "NFC" || node.text == "NFD" || node.text == "NFKC" || node.text == "NFKD")
        return true;
      return refuse("E-NAME",
                    "unknown form '" + node.text + "'; there are NFC, NFD, NFKC and NFKD");
    case Role::replacement: {
      site.text = node.text;
      std::string problem;
      if (site.expression == nullptr || site.expression->CheckRewriteString(node.text, &problem))
        return true;
      return refuse("E-RE", "the replacement does not fit the regular expression: " + problem);
    }
    case Role::unit:
    case Role::language:
    case Role::uuid_space:
      return word_argument(node, parameter, site);
    case Role::literal:
      site.text = node.text;
      return true;
    case Role::value:
    case Role::any:
    case Role::generic:
    case Role::generic_list:
    case Role::generic_lists:
    case Role::table:
    case Role::domains:
    case Role::dns:
    case Role::expression:
      return true;
  }
  return true;
}

bool Compiler::regular_expression(const Node& node, CallSite& site) {
  if (node.kind != Node::Kind::text) {
    report(node.offset, "E-RE",
           "a regular expression is a text in quotes, known when the file is loaded");
    return false;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(expression_memory);
  auto expression = std::make_shared<const re2::RE2>(node.text, options);
  if (!expression->ok()) {
    const bool large = expression->error_code() == re2::RE2::ErrorPatternTooLarge;
    report(node.offset, "E-RE",
           large ? "the regular expression is too large"
                 : "the regular expression is not valid: " + expression->error() +
                       (node.text.starts_with('*')
                            ? "; '*' repeats what is before it: '.*' is any text, '\\.' a dot"
                            : ""));
    return false;
  }
  site.expression = std::move(expression);
  site.shape = PatternShape(node.text);
  return true;
}

}  // namespace muster::mappings
