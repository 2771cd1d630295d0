// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

// The form in which column names are compared: without case, accents, blanks and `_ - . [ ]`.
std::string fold_header(std::string_view name);

// The folded names a header may be known by, best first. Microsoft's templates write "Name
// [displayName] Required": the bracket part is the name; Google's write "First Name [Required]":
// there it is a remark.
std::vector<std::string> folded_names(std::string_view header);

// One thing that files call by many names; `folded` are the others, `name` is ours.
struct AliasGroup {
  std::string_view name;
  std::vector<std::string_view> folded;
};
std::span<const AliasGroup> alias_groups();

// The group that a folded name belongs to, or nullptr.
const AliasGroup* alias_group_of(std::string_view folded);

// Whether a folded name is that of a column of passwords or their hashes.
bool names_secret(std::string_view folded);

}  // namespace muster
