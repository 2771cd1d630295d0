// SPDX-License-Identifier: Apache-2.0
#include "provision/road/batch_world.h"

#include <algorithm>

#include "core/text.h"

namespace muster::provision {
namespace {

mappings::Candidate candidate_of(store::CandidateRow row) {
  return {std::move(row.identity_id), std::move(row.user_name), std::move(row.sources),
          std::move(row.groups), std::move(row.former)};
}

}  // namespace

Status BatchWorld::prefetch(std::span<const mappings::MatchKey> keys) {
  std::vector<store::IdentityKey> asked;
  for (const auto& key : keys) {
    if (fetched_.try_emplace({key.attribute, key.key}).second)
      asked.push_back({key.attribute, key.key});
  }
  if (asked.empty()) return {};
  MUSTER_TRY(auto answers, view_.identities().find(asked));
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto& found = fetched_[{asked[i].attribute, asked[i].key}];
    for (auto& row : answers[i]) found.push_back(candidate_of(std::move(row)));
  }
  return {};
}

void BatchWorld::stage(const Identity& identity, const std::vector<std::string>& sources,
                       std::span<const mappings::MatchKey> keys) {
  mappings::Candidate candidate{identity.id, identity.user_name, sources, {}, {}};
  for (const auto& group : identity.groups) candidate.groups.push_back(group.path);
  staged_.insert_or_assign(identity.id, Staged{std::move(candidate), {keys.begin(), keys.end()}});
  for (const auto& key : keys) {
    auto& ids = staged_keys_[{key.attribute, key.key}];
    if (std::find(ids.begin(), ids.end(), identity.id) == ids.end()) ids.push_back(identity.id);
  }
  if (!identity.user_name.empty()) staged_names_[fold_key(identity.user_name)] = identity.id;
}

void BatchWorld::unstage(const std::string& identity_id) {
  if (staged_.erase(identity_id) == 0) return;
  for (auto& [key, ids] : staged_keys_) std::erase(ids, identity_id);
  std::erase_if(staged_names_, [&](const auto& name) { return name.second == identity_id; });
}

Result<std::vector<mappings::Candidate>> BatchWorld::find(const mappings::MatchKey& key) const {
  const Key wanted{key.attribute, key.key};
  auto known = fetched_.find(wanted);
  if (known == fetched_.end()) {
    const store::IdentityKey asked[] = {{key.attribute, key.key}};
    MUSTER_TRY(auto answers, view_.identities().find(asked));
    known = fetched_.try_emplace(wanted).first;
    for (auto& row : answers[0]) known->second.push_back(candidate_of(std::move(row)));
  }
  note_former(known->second);
  std::vector<mappings::Candidate> candidates;
  for (const auto& candidate : known->second) {
    if (!staged_.contains(candidate.identity_id)) candidates.push_back(candidate);
  }
  // Somebody whom the batch changed is found by the keys it has now, not by those it had.
  if (const auto ids = staged_keys_.find(wanted); ids != staged_keys_.end()) {
    for (const auto& id : ids->second) {
      const auto& staged = staged_.at(id);
      if (std::find(staged.keys.begin(), staged.keys.end(), key) != staged.keys.end()) {
        candidates.push_back(staged.candidate);
        candidates.back().former = former_of(staged.candidate);
      }
    }
  }
  return candidates;
}

// Which sources had a record of somebody before the batch.
void BatchWorld::note_former(const std::vector<mappings::Candidate>& stored) const {
  for (const auto& candidate : stored) {
    auto& names = had_[candidate.identity_id];
    names.insert(candidate.sources.begin(), candidate.sources.end());
    names.insert(candidate.former.begin(), candidate.former.end());
  }
}

std::vector<std::string> BatchWorld::former_of(const mappings::Candidate& staged) const {
  const auto had = had_.find(staged.identity_id);
  if (had == had_.end()) return {};
  std::vector<std::string> former(had->second.begin(), had->second.end());
  std::erase_if(former, [&](const std::string& name) {
    return std::find(staged.sources.begin(), staged.sources.end(), name) != staged.sources.end();
  });
  return former;
}

Result<bool> BatchWorld::name_taken(std::string_view folded_name,
                                    std::string_view except_identity) const {
  const std::string name(folded_name);
  if (const auto staged = staged_names_.find(name); staged != staged_names_.end()) {
    return staged->second != except_identity;
  }
  const std::string names[] = {name};
  MUSTER_TRY(auto holders, view_.identities().name_holders(names));
  return !holders[0].empty() && holders[0] != except_identity;
}

Result<std::string> BatchWorld::name_holder(std::string_view folded_name) const {
  const std::string name(folded_name);
  if (const auto staged = staged_names_.find(name); staged != staged_names_.end())
    return "user " + staged_.at(staged->second).candidate.user_name + ", in the same run";
  const std::string names[] = {name};
  MUSTER_TRY(auto holders, view_.identities().name_holders(names));
  if (holders[0].empty()) return std::string();
  MUSTER_TRY(auto people, view_.identities().get(holders));
  if (!people[0]) return std::string("somebody who was deleted");
  const auto& holder = *people[0];
  const bool former = fold_key(holder.user_name) != folded_name;
  return (former ? "once the name of user " : "user ") + holder.user_name + ", " +
         std::string(name_of(holder.state));
}

}  // namespace muster::provision
