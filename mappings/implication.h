// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "mappings/language/ast.h"
#include "mappings/language/environment.h"

namespace muster::mappings {

// The value of a condition that is the same for everybody; nullopt for all others and for those
// where it cannot be seen.
std::optional<bool> constant_truth(const Node& condition);

// Whether `second` can only hold where `first` holds: the same condition, a domain set within
// another, one of several alternatives ... Says no when it cannot be seen.
bool implies(const Node& second, const Node& first, const Library& library);

// The conditions of earlier rules taken together: all of a domain set may be in two earlier ones,
// or two earlier rules say a thing and its opposite. Says no when it cannot be seen.
class Before {
 public:
  explicit Before(const Library& library);
  ~Before();
  Before(const Before&) = delete;
  Before& operator=(const Before&) = delete;

  void add(const Node& condition);
  // Whether one of them has held wherever this one holds.
  bool leaves_nothing(const Node& condition);

 private:
  struct Claims;
  const Library& library_;
  std::unique_ptr<Claims> claims_;
  bool everybody_ = false;
  int budget_ = 1'000'000;  // large sets in long lists are not worth more
};

}  // namespace muster::mappings
