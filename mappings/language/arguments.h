// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "mappings/language/ast.h"

namespace muster::mappings {

// What stands for an argument: its value, where it is given by name.
inline const Node& inner(const Node& node) {
  return node.kind == Node::Kind::named ? node.children[0] : node;
}

// The position of the parameter of that name; their number when there is none.
template <class Parameter>
std::size_t position_of(const std::vector<Parameter>& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [name](const Parameter& one) { return one.name == name; });
  return static_cast<std::size_t>(found - parameters.begin());
}

}  // namespace muster::mappings
