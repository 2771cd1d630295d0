// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace muster::mappings {

// What most regular expressions of mapping files are: a few literal texts, perhaps at an end of the
// text ("^(svc|adm)-", "@acme\.example$"), or one class of characters ("[^a-z0-9]+"). Those run
// without the engine, with the same result.
class PatternShape {
 public:
  PatternShape() = default;
  explicit PatternShape(std::string_view expression);

  bool is_literal() const { return !literals_.empty(); }
  // Whether the expression is found in the text.
  bool found_in(std::string_view text) const;

  bool is_class() const { return class_; }
  // Whether a run of such characters is one match, or each of them.
  bool takes_runs() const { return runs_; }
  // By the first byte of a character: all outside ASCII are of the class, or none.
  bool contains(char byte) const { return bytes_[static_cast<unsigned char>(byte)]; }

 private:
  bool read_literals(std::string_view expression);
  bool read_class(std::string_view expression);
  bool read_class_items(std::string_view items);
  void add_range(unsigned char first, unsigned char last);

  std::vector<std::string> literals_ = {};
  bool at_start_ = false;
  bool at_end_ = false;
  bool class_ = false;
  bool runs_ = false;
  std::array<bool, 256> bytes_ = {};
};

}  // namespace muster::mappings
