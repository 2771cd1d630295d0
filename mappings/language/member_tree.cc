// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/member_tree.h"

#include <algorithm>

namespace muster::mappings {
namespace {

JsonNode first_of_list(JsonNode value) {
  if (!value.is_list()) return value;
  JsonNode first;
  value.each_item([&first](JsonNode item) {
    first = item;
    return false;
  });
  return first;
}

}  // namespace

std::uint32_t MemberTree::add(std::span<const FieldReference> path) {
  std::uint32_t node = 0;
  auto place = place_in(node, path.front());
  for (const auto& member : path.subspan(1)) {
    node = node_below(node, place);
    place = place_in(node, member);
  }
  return place;
}

std::uint32_t MemberTree::place_in(std::uint32_t node, const FieldReference& member) {
  const auto place = nodes_[node].names.add(spelled(member.field), member.fold, places_);
  if (place == places_) ++places_;
  return place;
}

std::uint32_t MemberTree::node_below(std::uint32_t node, std::uint32_t place) {
  for (const auto& below : nodes_[node].below)
    if (below.place == place) return below.node;
  const auto added = static_cast<std::uint32_t>(nodes_.size());
  nodes_[node].below.push_back({place, added});
  nodes_.emplace_back();
  return added;
}

void MemberTree::find(JsonNode record, std::span<MemberState> found) const {
  std::fill(found.begin(), found.end(), MemberState());
  find_in(nodes_.front(), record, found);
}

void MemberTree::find_in(const Node& node, JsonNode object, std::span<MemberState> found) const {
  object.each_member([&](std::string_view name, JsonNode value) {
    bool exact = true;
    const auto place = node.names.find(name, exact);
    if (place == MemberIndex::none) return true;
    auto& member = found.data()[place];
    if (member.value.tape() == nullptr || (exact && !member.exact)) {
      member.value = value;
      member.exact = exact;
    }
    return true;
  });
  for (const auto& below : node.below) {
    const auto value = first_of_list(found[below.place].value);
    if (value.is_object()) find_in(nodes_[below.node], value, found);
  }
}

}  // namespace muster::mappings
