// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/yaml.h"
#include "mappings/load.h"

namespace muster::mappings {

// Which parts of a file were understood: from what has a mistake nothing may be concluded.
class Doubts {
 public:
  // The diagnostics are those at this moment.
  Doubts(const Loading& loading, const YamlNode& root);

  // No part of the file has an error.
  bool none() const { return errors_.empty(); }
  // No error lies within this node; a part that is not there is understood.
  bool understood(const YamlNode* node) const;
  // The expression of this scalar was compiled.
  bool compiled(const YamlNode* scalar) const;
  // Every word of all that is no compiled expression and might have been one.
  std::set<std::string> words() const;

 private:
  using Place = std::pair<int, int>;  // line, column

  void walk(const YamlNode& node, Place begin);
  void gather(const YamlNode& node, std::set<std::string>& words) const;

  const YamlNode& root_;
  std::string file_;
  std::vector<Place> starts_ = {};  // of all nodes, in the order of the file
  std::unordered_map<const YamlNode*, std::pair<std::size_t, std::size_t>> spans_ = {};
  std::set<Place> errors_ = {};
  std::set<Place> compiled_ = {};
};

// The words of an expression, in it or in a text of it.
void add_words(std::string_view text, std::set<std::string>& words);

}  // namespace muster::mappings
