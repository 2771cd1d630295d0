// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/json_node.h"
#include "mappings/language/field_reference.h"
#include "mappings/language/member_index.h"

namespace muster::mappings {

// Where the current JSON text has one of the members.
struct MemberState {
  JsonNode value = {};
  bool exact = false;  // its name is spelled as declared
};

// The places in a record that somebody reads, numbered, so that a record is gone through once,
// however many of them there are. Grows while a file is loaded.
class MemberTree {
 public:
  MemberTree() : nodes_(1) {}

  // The number of the place at the end of the path; that of a known one is its old one.
  std::uint32_t add(std::span<const FieldReference> path);

  // How many places there are.
  std::size_t size() const { return places_; }

  // Finds all of them in an object. An exact name comes before one that differs by case only, where
  // names fold. A list in the way of a path is its first element.
  void find(JsonNode record, std::span<MemberState> found) const;

 private:
  struct Below {
    std::uint32_t place = 0;
    std::uint32_t node = 0;
  };
  struct Node {
    MemberIndex names = {};         // their numbers are places
    std::vector<Below> below = {};  // places whose members are read, too
  };

  std::uint32_t place_in(std::uint32_t node, const FieldReference& member);
  std::uint32_t node_below(std::uint32_t node, std::uint32_t place);
  void find_in(const Node& node, JsonNode object, std::span<MemberState> found) const;

  std::vector<Node> nodes_;
  std::uint32_t places_ = 0;
};

}  // namespace muster::mappings
