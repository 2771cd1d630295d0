// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "auth/veil.h"
#include "core/value.h"
#include "mappings/engine.h"
#include "provision/simulate/simulate.h"

namespace muster::operations {

// One thing that would be different about a person.
struct Difference {
  std::string what = {};  // an attribute, "state", "class", "groups", "sources", "findings"
  Value before = {};
  Value after = {};
  std::string source = {};
  std::string rule = {};
};

// Somebody who would be different, as people are shown it: sensitive values are veiled.
struct PersonDifferences {
  std::string user_name = {};
  std::string id = {};  // empty: somebody new
  bool is_new = false;
  std::vector<Difference> differences = {};
};

PersonDifferences differences_of(const provision::PersonChange& change,
                                 const mappings::Engine& engine, const auth::Veil& veil);

// How many people would be different in which way. Names of moves: "active -> inactive".
struct DifferenceCounts {
  std::int64_t new_people = 0;
  std::map<std::string, std::int64_t> attributes = {};
  std::map<std::string, std::int64_t> classes = {};
  std::map<std::string, std::int64_t> states = {};
  std::map<std::string, std::int64_t> joined = {};  // groups
  std::map<std::string, std::int64_t> left = {};
  std::vector<std::string> names = {};  // user names that would be given

  void add(const provision::PersonChange& change, const PersonDifferences& shown);
};

}  // namespace muster::operations
