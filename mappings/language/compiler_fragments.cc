// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "mappings/language/arguments.h"
#include "mappings/language/compiler.h"

namespace muster::mappings {
void Compiler::check(const Fragment& fragment) {
  source_ = {fragment.text, &fragment.place, {}};
  const std::uint16_t arguments = top_;
  for (std::size_t i = 0; i < fragment.parameters.size(); ++i) take();
  for (std::size_t i = 0; i < fragment.parameters.size(); ++i) {
    if (i == 0) scopes_.push_back({.barrier = true});
    const auto& parameter = fragment.parameters[i];
    scopes_.push_back({.name = parameter.name,
                       .type = parameter.type,
                       .at = static_cast<std::uint16_t>(arguments + i)});
  }
  if (fragment.parameters.empty()) scopes_.push_back({.barrier = true});
  inlined(fragment, arguments);
}

Compiler::Result Compiler::call_fragment(const Node& node, const Fragment& fragment) {
  code_->reads.fragments.push_back(fragment.name);
  if (std::find(fragments_.begin(), fragments_.end(), fragment.name) != fragments_.end()) {
    return circle(node, fragment.name);
  }
  // The size limit has been reported; going on could take exponential time.
  if (failed_ && code_->instructions.size() > 8'000) return poison();
  const auto& parameters = fragment.parameters;
  std::vector<const Node*> ordered(parameters.size(), nullptr);
  std::size_t position = 0;
  for (const auto& argument : node.children) {
    std::size_t index = position++;
    if (argument.kind == Node::Kind::named) index = position_of(parameters, argument.text);
    if (index >= parameters.size() || ordered[index] != nullptr) {
      return poison(
          argument, "E-TYPE",
          fragment.name + " takes " + std::to_string(parameters.size()) + " arguments, each once");
    }
    ordered[index] = &inner(argument);
  }
  const auto at = top_;
  std::vector<Scope> own = {{.barrier = true}};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (ordered[i] == nullptr) {
      release_to(at);
      return poison(node, "E-TYPE",
                    fragment.name + " needs the argument '" + parameters[i].name + "'");
    }
    const auto value_at = top_;
    auto value = expression(*ordered[i]);
    if (!convert(*ordered[i], value, parameters[i].type, value_at)) {
      report(ordered[i]->offset, "E-TYPE",
             fragment.name + " takes " + name_of(parameters[i].type) + " as '" +
                 parameters[i].name + "', not " + name_of(value.type));
    }
    auto type = parameters[i].type;
    type.optional = value.type.optional;
    own.push_back({.name = parameters[i].name, .type = std::move(type), .at = value_at});
  }
  const auto outer = source_;
  if (outer.called_from.empty()) {
    const auto caller = diagnostic_at(*outer.place, outer.text, node.offset, {}, {});
    source_.called_from =
        caller.file + ":" + std::to_string(caller.line) + ":" + std::to_string(caller.column);
  }
  source_.text = fragment.text;
  source_.place = &fragment.place;
  const auto depth = scopes_.size();
  scopes_.insert(scopes_.end(), own.begin(), own.end());
  const auto filters = std::exchange(filters_, 0);
  auto result = inlined(fragment, at);
  filters_ = filters;
  scopes_.resize(depth);
  source_ = outer;
  return result;
}

// A circle is told once, from the first of its names on, however it was come upon.
Compiler::Result Compiler::circle(const Node& node, const std::string& name) {
  std::vector<std::string> names(std::find(fragments_.begin(), fragments_.end(), name),
                                 fragments_.end());
  std::rotate(names.begin(), std::min_element(names.begin(), names.end()), names.end());
  std::string message = "fragments call each other in a circle: ";
  for (const auto& one : names) message += one + " -> ";
  message += names.front();
  const bool told = std::any_of(diagnostics_.begin(), diagnostics_.end(), [&](const auto& known) {
    return known.code == "E-CYCLE" && known.message.starts_with(message);
  });
  failed_ = true;
  return told ? poison() : poison(node, "E-CYCLE", std::move(message));
}

// The body, its parameters in the registers from `arguments` on; the value ends up there too.
Compiler::Result Compiler::inlined(const Fragment& fragment, std::uint16_t arguments) {
  SyntaxError error;
  const auto tree = parse(fragment.text, error);
  if (!tree) {
    report(error.offset, error.code, error.message);
    release_to(arguments);
    return poison();
  }
  fragments_.push_back(fragment.name);
  const auto at = top_;
  auto value = expression(*tree);
  fragments_.pop_back();
  if (at != arguments) move_result(arguments, at);
  release_to(arguments);
  take();
  value.literal = nullptr;
  return value;
}

}  // namespace muster::mappings
