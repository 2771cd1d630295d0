// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include "core/text.h"
#include "mappings/stages.h"

namespace muster::mappings {
namespace {

// A rule that reads no source speaks for nobody in particular and is never outranked.
constexpr std::size_t nobodys = 0;
constexpr std::size_t powerless = std::numeric_limits<std::size_t>::max();

// Where the strongest source that the rule reads stands, from 1.
std::size_t rank_of(const Model& model, const GroupRule& rule) {
  std::size_t rank = nobodys;
  auto look = [&](const std::optional<Rule>& part) {
    if (!part) return;
    for (const auto& [tag, attribute] : part->program.reads().from) {
      const auto& authority = model.groups.authority;
      auto source = model.source_of_tag(tag);
      auto place = std::find(authority.begin(), authority.end(), source.value_or(powerless));
      const auto own = place == authority.end()
                           ? powerless
                           : static_cast<std::size_t>(place - authority.begin()) + 1;
      rank = rank == nobodys ? own : std::min(rank, own);
    }
  };
  look(rule.when);
  look(rule.each);
  look(rule.to);
  return rank;
}

std::size_t rank_of(const Model& model, const GroupMembership& wish) {
  for (const auto& rule : model.groups.rules)
    if (wish.rule == "groups.rules." + rule.id) return rank_of(model, rule);
  return nobodys;
}

}  // namespace

void merge_groups(const Model& model, std::vector<GroupMembership>& wishes) {
  const GroupsModel& groups = model.groups;
  if (groups.authority.empty()) return;
  std::size_t strongest = powerless;
  for (const auto& wish : wishes)
    if (auto rank = rank_of(model, wish); rank != nobodys) strongest = std::min(strongest, rank);
  std::erase_if(wishes, [&](const GroupMembership& wish) {
    const auto rank = rank_of(model, wish);
    return rank == powerless || (groups.combine == Combine::winner && rank > strongest);
  });
  if (groups.combine != Combine::all_folded) return;
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(wishes, [&](const GroupMembership& wish) {
    return !seen.insert({fold_key(wish.path), wish.role}).second;
  });
}

}  // namespace muster::mappings
