// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"
#include "mappings/language/type.h"

namespace muster::mappings {

// What the platform wants of one attribute; lengths in UTF-16 units, as Meeds counts.
struct Limits {
  std::size_t min = 0;
  std::size_t max = 0;  // 0 = no limit
};

// How a profile checks the characters of an attribute.
enum class Spelling { any, user_name, loose_user_name, person_name, mail };

// When somebody who left gives up a unique value, so that it may be another's: at once, some time
// after, or never.
struct Release {
  enum class When { on_leave, after, never };
  When when = When::on_leave;
  std::chrono::seconds after{0};
};

// One attribute of the identity.
struct Attribute {
  std::string name = {};
  Type type = {};
  bool required = false;   // a person without it is quarantined
  bool sensitive = false;  // explain shows only its length
  bool unique = false;     // a second holder is a finding
  Release release = {};    // of unique ones
  bool trim = false;     // blanks and invisible characters at the ends of a value are no part of it
  bool flows = true;     // false: a fact for rules, never sent to the platform
  bool settled = false;  // made by a stage of its own, never by `map`: userName, external, groups
  Limits limits = {};
  Spelling spelling = Spelling::any;

  // Whether the profile has anything to say about its values.
  bool checked() const { return limits.min > 0 || limits.max > 0 || spelling != Spelling::any; }
};

// What an identity consists of: the attributes of a built-in profile and those that the file adds.
struct Schema {
  std::string profile = "meeds";
  std::vector<Attribute> attributes = {};  // sorted by name

  const Attribute* find(std::string_view name) const;
  std::optional<std::size_t> position(std::string_view name) const;
  std::vector<std::string> names() const;
  // For the language: the same attributes at the same positions.
  std::shared_ptr<const Fields> fields() const;
};

// The profile `meeds` (limits of Meeds 7.0's UserFieldValidator) or `generic` (only the user name
// is checked); nullopt for other names.
std::optional<Schema> schema_of_profile(std::string_view profile);

// What is wrong with the value, as the end of a sentence ("is shorter than 3 characters"), or
// empty.
std::string problem_with(const Attribute& attribute, const Value& value);

}  // namespace muster::mappings
