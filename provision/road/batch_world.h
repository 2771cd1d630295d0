// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "mappings/engine.h"
#include "store/view.h"

namespace muster::provision {

// What the store holds as of this moment of a batch: its view, plus what the batch decided and
// has not written yet. Keys fetched for the whole batch at once are answered from memory. Lives as
// long as its view, on its thread.
class BatchWorld : public mappings::World {
 public:
  explicit BatchWorld(store::View& view) : view_(view) {}

  // Fetches the answers to these questions in one go.
  Status prefetch(std::span<const mappings::MatchKey> keys);

  // Makes a decided person findable before it is written. `sources`: names of sources with a live
  // record of it.
  void stage(const Identity& identity, const std::vector<std::string>& sources,
             std::span<const mappings::MatchKey> keys);

  // Takes that back for somebody who was not there before.
  void unstage(const std::string& identity_id);

  Result<std::vector<mappings::Candidate>> find(const mappings::MatchKey& key) const override;
  Result<bool> name_taken(std::string_view folded_name,
                          std::string_view except_identity) const override;
  Result<std::string> name_holder(std::string_view folded_name) const override;

 private:
  using Key = std::pair<std::string, std::string>;
  struct Staged {
    mappings::Candidate candidate = {};
    std::vector<mappings::MatchKey> keys = {};
  };

  void note_former(const std::vector<mappings::Candidate>& stored) const;
  std::vector<std::string> former_of(const mappings::Candidate& staged) const;

  store::View& view_;
  mutable std::unordered_map<std::string, std::set<std::string>> had_;  // sources, by identity id
  mutable std::map<Key, std::vector<mappings::Candidate>> fetched_;
  std::map<Key, std::vector<std::string>> staged_keys_;        // -> identity ids
  std::unordered_map<std::string, Staged> staged_;             // by identity id
  std::unordered_map<std::string, std::string> staged_names_;  // folded name -> identity id
};

}  // namespace muster::provision
