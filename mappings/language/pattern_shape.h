// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bitset>
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
  bool contains(char32_t c) const { return c < 128 ? ascii_[c] : others_; }

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
  bool others_ = false;  // everything outside ASCII belongs to the class
  std::bitset<128> ascii_ = {};
};

}  // namespace muster::mappings
