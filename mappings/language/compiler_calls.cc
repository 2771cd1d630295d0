// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/text.h"
#include "mappings/language/arguments.h"
#include "mappings/language/compiler.h"
#include "mappings/language/foreign_words.h"

namespace muster::mappings {
namespace {

using Role = FormalParameter::Role;

// The default of a constant parameter, as if it stood in the call.
Node preset_literal(const Node& call, const FormalParameter& parameter) {
  Node literal;
  literal.kind = Node::Kind::text;
  literal.offset = call.offset;
  literal.text = parameter.preset.value_or(std::string());
  return literal;
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

// The overload that fits the first argument: they differ in whether it is a list. Its code is
// thrown away; it is compiled again as an argument of that overload.
const Signature& Compiler::overload(const Node& node, std::span<const Signature> overloads) {
  if (overloads.size() == 1 || node.children.empty()) return overloads[0];
  const auto at = top_;
  const auto instructions = code_->instructions.size();
  const auto target = last_target_;
  const auto failed = failed_;
  const auto known = diagnostics_.size();
  const auto first = expression(inner(node.children[0]));
  code_->instructions.resize(instructions);
  last_target_ = target;
  code_->labels.resize(instructions);
  diagnostics_.resize(known);
  failed_ = failed;
  release_to(at);
  const auto fitting = std::find_if(overloads.begin(), overloads.end(), [&](const auto& one) {
    const auto& parameter = one.parameters[0];
    const bool list = parameter.role == Role::generic_list ||
                      parameter.role == Role::generic_lists ||
                      (!parameter.types.empty() && parameter.types[0].kind == Kind::list);
    return list == (first.type.kind == Kind::list);
  });
  return fitting == overloads.end() ? overloads[0] : *fitting;
}

// Whether it stands for the several values of one attribute of the record, as they come: the
// attribute itself, parts of it, or a list that a file keeps in one cell. Words of a text are none.
bool Compiler::has_several(const Node& node) const {
  if (environment_.out == nullptr || node.children.empty() != (node.kind == Node::Kind::name))
    return false;
  switch (node.kind) {
    case Node::Kind::name:
      return scopes_.empty() && environment_.record->find(node.text).has_value();
    case Node::Kind::field:
    case Node::Kind::filter:
      return has_several(inner(node.children[0]));
    case Node::Kind::call:
      break;
    default:
      return false;
  }
  if (node.text == "split") {
    const auto& separator = inner(node.children.back());
    return separator.kind == Node::Kind::text &&
           (separator.text == ";" || separator.text == "|" || separator.text == "\n");
  }
  const bool keeps_order = node.text == "map" || node.text == "filter" || node.text == "unique" ||
                           node.text == "without" || node.text == "flatten";
  return keeps_order && has_several(inner(node.children[0]));
}

Compiler::Result Compiler::call_function(const Node& node, std::span<const Signature> overloads) {
  const auto at = top_;
  const auto& signature = overload(node, overloads);
  std::vector<const Node*> ordered;
  if (!order_arguments(node, signature, ordered)) {
    look_into(node);
    return poison();
  }
  CallSite site;
  site.native = signature.native;
  site.one_of_several =
      node.text == "first" && !node.children.empty() && has_several(inner(node.children[0]));
  const auto& result = signature.result;
  if (result.role == Role::slug) code_->reads.slugs = true;
  site.predicate =
      result.types.size() == 1 && result.types[0].kind == Kind::boolean && !result.accepts_none;
  Type generic;
  bool optional = result.accepts_none;
  std::uint32_t position = 0;
  bool good = true;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const auto& parameter = signature.parameters[std::min(i, signature.parameters.size() - 1)];
    if (!parameter.evaluated()) {
      const auto preset = preset_literal(node, parameter);
      good = constant_argument(ordered[i] ? *ordered[i] : preset, parameter, site) && good;
      continue;
    }
    if (ordered[i] == nullptr) {
      preset_argument(parameter);
    } else {
      good = evaluated_argument(*ordered[i], parameter, signature, generic, optional, position,
                                site) &&
             good;
    }
    ++position;
  }
  release_to(at);
  take();
  for (std::size_t i = 0; good && i < std::min(ordered.size(), signature.parameters.size()); ++i)
    good = ordered[i] == nullptr || literal_fits(*ordered[i], signature.parameters[i], site);
  const bool predicate = site.predicate;
  const auto first = position == 1 ? only_argument(at) : at;
  emit(Op::call, at, first, static_cast<std::uint16_t>(position), add_site(std::move(site)),
       node.text);
  if (!good) return {};
  if (result.role == Role::generic) return {optional ? as_optional(generic) : as_required(generic)};
  if (result.role == Role::generic_list) return {list_of(generic, optional)};
  auto type = result.types.at(0);
  type.optional = !predicate && optional;
  return {type};
}

}  // namespace muster::mappings
