// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/text.h"
#include "store/overlay/overlay.h"

namespace muster::store {

Result<std::vector<std::optional<Identity>>> Overlay::Identities::get(
    std::span<const std::string> ids) {
  MUSTER_TRY(auto found, overlay_.ask([&](auto& tx) { return tx.identities().get(ids); }));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (found[i]) stored_.try_emplace(ids[i], Stored{found[i]->email, found[i]->user_name});
    const auto now = people.find(ids[i]);
    if (now == people.end()) continue;
    MUSTER_TRY(found[i], overlay_.file_.identity(now->second));
  }
  return found;
}

bool Overlay::Identities::is_held_by(const std::string& id, const IdentityKey& key) const {
  const auto own = keys_.find(id);
  if (own == keys_.end()) return true;  // as stored
  if (has_own_index(key) && !whole_.contains(id)) return true;
  return std::find(own->second.begin(), own->second.end(), key) != own->second.end();
}

Result<CandidateRow> Overlay::Identities::candidate(const std::string& id,
                                                    std::vector<std::string> former) {
  CandidateRow row;
  const std::string ids[] = {id};
  MUSTER_TRY(const auto found, get(ids));
  MUSTER_TRY(const auto told, overlay_.records_.of_identities(ids));
  row.identity_id = id;
  if (found[0]) {
    row.user_name = found[0]->user_name;
    for (const auto& group : found[0]->groups) row.groups.push_back(group.path);
  }
  for (const auto& record : told[0]) {
    const auto& source = record.head.key.source;
    if (std::find(row.sources.begin(), row.sources.end(), source) == row.sources.end())
      row.sources.push_back(source);
  }
  std::erase_if(former, [&](const std::string& source) {
    return std::find(row.sources.begin(), row.sources.end(), source) != row.sources.end();
  });
  row.former = std::move(former);
  return row;
}

Result<std::vector<std::vector<CandidateRow>>> Overlay::Identities::find(
    std::span<const IdentityKey> keys) {
  MUSTER_TRY(auto found, overlay_.ask([&](auto& tx) { return tx.identities().find(keys); }));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto& rows = found[i];
    std::erase_if(rows, [&](const auto& row) { return !is_held_by(row.identity_id, keys[i]); });
    for (auto& row : rows) {
      if (people.contains(row.identity_id)) {
        MUSTER_TRY(row, candidate(row.identity_id, row.former));
      }
    }
    const auto more = holders_.find({keys[i].attribute, keys[i].key});
    if (more == holders_.end()) continue;
    for (const auto& id : more->second) {
      const bool there = std::any_of(rows.begin(), rows.end(),
                                     [&](const auto& row) { return row.identity_id == id; });
      if (there || !is_held_by(id, keys[i])) continue;
      MUSTER_TRY(auto row, candidate(id, {}));
      rows.push_back(std::move(row));
    }
  }
  return found;
}

Result<std::vector<std::string>> Overlay::Identities::name_holders(
    std::span<const std::string> folded_names) {
  MUSTER_TRY(auto holders,
             overlay_.ask([&](auto& tx) { return tx.identities().name_holders(folded_names); }));
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (!holders[i].empty()) continue;
    if (const auto given = names_.find(folded_names[i]); given != names_.end())
      holders[i] = given->second;
  }
  return holders;
}

Result<std::vector<DueRow>> Overlay::Identities::due(Timestamp until, const DueRow& after,
                                                     int limit) {
  return overlay_.ask([&](auto& tx) { return tx.identities().due(until, after, limit); });
}

// As stored: who leaves by what the overlay has decided is settled already.
Result<std::vector<DueRow>> Overlay::Identities::left(std::int64_t after_row, int limit) {
  return overlay_.ask([&](auto& tx) { return tx.identities().left(after_row, limit); });
}

void Overlay::Identities::set_keys(const std::string& id, const std::vector<IdentityKey>& keys,
                                   bool whole) {
  auto own = keys;
  if (whole) {
    whole_.insert(id);
  } else if (whole_.contains(id)) {
    for (const auto& key : keys_[id]) {
      if (has_own_index(key)) own.push_back(key);
    }
  }
  for (const auto& key : own) {
    auto& ids = holders_[{key.attribute, key.key}];
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  keys_.insert_or_assign(id, std::move(own));
}

Status Overlay::Identities::put(std::span<Identity> identities,
                                std::span<const std::vector<IdentityKey>> keys) {
  std::vector<std::string> ids;
  for (const auto& identity : identities) ids.push_back(identity.id);
  MUSTER_TRY(const auto stored, overlay_.ask([&](auto& tx) { return tx.identities().keys(ids); }));
  for (std::size_t i = 0; i < identities.size(); ++i) {
    auto& identity = identities[i];
    ++identity.version;
    MUSTER_TRY(people[identity.id], overlay_.file_.put(identity));
    auto own = keys[i];
    std::erase_if(own, has_own_index);
    const auto was = stored_.find(identity.id);
    if (was != stored_.end() && was->second.email == identity.email &&
        was->second.user_name == identity.user_name && own == stored[i] &&
        !keys_.contains(identity.id))
      continue;
    if (!identity.email.empty()) own.push_back({"email", fold_key(identity.email)});
    if (!identity.user_name.empty()) {
      own.push_back({"userName", fold_key(identity.user_name)});
      names_.emplace(own.back().key, identity.id);
    }
    set_keys(identity.id, own, true);
  }
  return {};
}

Result<std::vector<std::vector<IdentityKey>>> Overlay::Identities::keys(
    std::span<const std::string> ids) {
  MUSTER_TRY(auto found, overlay_.ask([&](auto& tx) { return tx.identities().keys(ids); }));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto own = keys_.find(ids[i]);
    if (own == keys_.end()) continue;
    found[i] = own->second;
    std::erase_if(found[i], has_own_index);
  }
  return found;
}

Status Overlay::Identities::index(std::span<const std::string> ids,
                                  std::span<const std::vector<IdentityKey>> keys) {
  for (std::size_t i = 0; i < ids.size(); ++i) set_keys(ids[i], keys[i], false);
  return {};
}

Result<std::int64_t> Overlay::Identities::active() {
  return overlay_.ask([](auto& tx) { return tx.identities().active(); });
}

}  // namespace muster::store
