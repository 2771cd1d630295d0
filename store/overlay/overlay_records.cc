// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "store/overlay/overlay.h"
#include "store/overlay/refused.h"

namespace muster::store {
namespace {

bool contributes(RecordState state) {
  return state == RecordState::linked || state == RecordState::quarantined;
}

}  // namespace

Result<RecordRow> Overlay::Records::read(const Changed& changed) const {
  MUSTER_TRY(auto row, overlay_.file_.row(changed.place));
  row.head.evaluated_with = changed.evaluated_with;
  return row;
}

Status Overlay::Records::refresh(RecordRow& stored) {
  const auto found = changed_.find(stored.head.id);
  if (found == changed_.end()) return {};
  auto document = std::move(stored.document);
  MUSTER_TRY(stored, read(found->second));
  stored.document = std::move(document);
  return {};
}

// Stored rows as they are by now; their ids.
Result<std::set<std::string>> Overlay::Records::bring_up_to_date(std::vector<RecordRow>& rows) {
  std::set<std::string> ids;
  for (auto& row : rows) {
    see(row.head);
    MUSTER_CHECK(refresh(row));
    ids.insert(row.head.id);
  }
  return ids;
}

Result<std::vector<std::optional<RecordHead>>> Overlay::Records::heads(
    std::string_view source, ResourceType type, std::span<const std::string> keys) {
  MUSTER_TRY(auto found,
             overlay_.ask([&](auto& tx) { return tx.records().heads(source, type, keys); }));
  for (auto& head : found) {
    if (!head) continue;
    see(*head);
    const auto now = changed_.find(head->id);
    if (now == changed_.end()) continue;
    MUSTER_TRY(auto row, read(now->second));
    head = std::move(row.head);
  }
  return found;
}

Result<std::vector<std::vector<RecordHead>>> Overlay::Records::heads_by_link_key(
    std::string_view source, ResourceType type, std::span<const std::string> link_keys) {
  return overlay_.ask(
      [&](auto& tx) { return tx.records().heads_by_link_key(source, type, link_keys); });
}

Result<std::vector<std::optional<RecordRow>>> Overlay::Records::rows(
    std::span<const std::string> record_ids) {
  MUSTER_TRY(auto found, overlay_.ask([&](auto& tx) { return tx.records().rows(record_ids); }));
  for (auto& row : found) {
    if (row) MUSTER_CHECK(refresh(*row));
  }
  return found;
}

Result<std::vector<std::vector<RecordRow>>> Overlay::Records::of_identities(
    std::span<const std::string> identity_ids) {
  MUSTER_TRY(auto found,
             overlay_.ask([&](auto& tx) { return tx.records().of_identities(identity_ids); }));
  std::vector<std::string> joined;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < found.size(); ++i) {
    MUSTER_TRY(auto there, bring_up_to_date(found[i]));
    std::erase_if(found[i], [&](const RecordRow& row) {
      return !contributes(row.head.state) || row.head.identity_id != identity_ids[i];
    });
    const auto more = joined_.find(identity_ids[i]);
    if (more == joined_.end()) continue;
    for (const auto& id : more->second) {
      if (there.contains(id) || !contributes(changed_.at(id).now.state)) continue;
      joined.push_back(id);
      places.push_back(i);
    }
  }
  if (joined.empty()) return found;
  MUSTER_TRY(auto others, rows(joined));
  for (std::size_t k = 0; k < others.size(); ++k) {
    auto& records = found[places[k]];
    if (others[k]) records.push_back(std::move(*others[k]));
    std::sort(records.begin(), records.end(),
              [](const auto& a, const auto& b) { return a.head.row < b.head.row; });
  }
  return found;
}

Result<std::vector<std::vector<RecordRow>>> Overlay::Records::silent_of_identities(
    std::span<const std::string> identity_ids) {
  MUSTER_TRY(auto found, overlay_.ask([&](auto& tx) {
    return tx.records().silent_of_identities(identity_ids);
  }));
  for (std::size_t i = 0; i < found.size(); ++i) {
    MUSTER_TRY(auto there, bring_up_to_date(found[i]));
    const auto more = joined_.find(identity_ids[i]);
    for (const auto& id : more == joined_.end() ? std::vector<std::string>{} : more->second) {
      if (!there.insert(id).second) continue;
      MUSTER_TRY(found[i].emplace_back(), read(changed_.at(id)));
    }
    std::erase_if(found[i], [&](const RecordRow& row) {
      return contributes(row.head.state) || row.head.identity_id != identity_ids[i];
    });
  }
  return found;
}

Status Overlay::Records::insert(std::span<RecordRow>) { return refused("add records"); }

Status Overlay::Records::update(std::span<RecordRow> rows) {
  for (auto& row : rows) {
    auto& head = row.head;
    ++head.version;
    const auto changed = changed_.find(head.id);
    const auto was = changed != changed_.end() ? changed->second.now : seen_[head.id];
    if (was.state != head.state) ++moves[{was.state, head.state}];
    if (was.state != RecordState::linked && head.state == RecordState::linked)
      overlay_.references_.join(row);
    mark_done(head.row);
    if (waits(head.state)) {
      waiting_.insert_or_assign(head.row, head.id);
    } else {
      waiting_.erase(head.row);
    }
    const bool elsewhere =
        was.identity_id != head.identity_id || contributes(was.state) != contributes(head.state);
    if (!head.identity_id.empty() && elsewhere) joined_[head.identity_id].push_back(head.id);
    MUSTER_TRY(const auto place, overlay_.file_.put(row));
    changed_.insert_or_assign(
        head.id, Changed{place, head.evaluated_with, {head.row, head.state, head.identity_id}});
  }
  return {};
}

Status Overlay::Records::mark_missing(std::span<const std::string>, std::optional<Timestamp>) {
  return refused("mark absences");
}

Result<std::vector<RecordHead>> Overlay::Records::live(std::string_view source, ResourceType type,
                                                       std::int64_t after_row, int limit) {
  return overlay_.ask([&](auto& tx) { return tx.walks().live(source, type, after_row, limit); });
}

Result<std::vector<RecordHead>> Overlay::Records::stale(std::int64_t fingerprint, bool linked,
                                                        std::int64_t after_row, int limit) {
  seen_.clear();
  overlay_.identities_.begin_batch();
  std::vector<RecordHead> found;
  if (!overlay_.only_.empty()) {
    if (!linked || after_row > 0) return found;
    const std::string ids[] = {overlay_.only_};
    MUSTER_TRY(const auto told, of_identities(ids));
    for (const auto& row : told[0]) {
      if (row.head.evaluated_with != fingerprint && !is_done(row.head.row))
        found.push_back(row.head);
    }
    return found;
  }
  for (;;) {
    MUSTER_TRY(auto heads, overlay_.ask([&](auto& tx) {
      return tx.walks().stale(fingerprint, linked, after_row, limit);
    }));
    const bool last = heads.size() < static_cast<std::size_t>(limit);
    if (!heads.empty()) after_row = heads.back().row;
    for (auto& head : heads) {
      if (is_done(head.row)) continue;
      see(head);
      found.push_back(std::move(head));
    }
    if (last || !found.empty()) return found;
  }
}

Result<std::int64_t> Overlay::Records::count_stale(std::int64_t fingerprint) {
  return overlay_.ask([&](auto& tx) { return tx.walks().count_stale(fingerprint); });
}

// Those of the store that did not change, and those that changed and wait now.
Result<std::vector<RecordHead>> Overlay::Records::waiting(std::int64_t after_row, int limit) {
  seen_.clear();
  overlay_.identities_.begin_batch();
  std::vector<RecordHead> found;
  if (!overlay_.only_.empty()) return found;
  const auto most = static_cast<std::size_t>(limit);
  for (bool more = true; more && found.empty();) {
    MUSTER_TRY(auto heads,
               overlay_.ask([&](auto& tx) { return tx.walks().waiting(after_row, limit); }));
    more = heads.size() == most;
    const auto until = more ? heads.back().row : std::numeric_limits<std::int64_t>::max();
    for (auto& head : heads) {
      if (!changed_.contains(head.id)) found.push_back(std::move(head));
    }
    for (auto next = waiting_.upper_bound(after_row);
         next != waiting_.end() && next->first <= until && found.size() < 2 * most; ++next) {
      MUSTER_TRY(auto row, read(changed_.at(next->second)));
      found.push_back(std::move(row.head));
    }
    after_row = until;
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.row < b.row; });
  if (found.size() > most) found.resize(most);
  return found;
}

Status Overlay::Records::stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) {
  for (const auto& id : record_ids) {
    mark_done(seen_[id].row);
    if (const auto now = changed_.find(id); now != changed_.end())
      now->second.evaluated_with = fingerprint;
  }
  return {};
}

void Overlay::Records::mark_done(std::int64_t row) {
  const auto place = static_cast<std::size_t>(row);
  if (place >= done_.size()) done_.resize(place + place / 2 + 1024);
  done_[place] = true;
}

bool Overlay::Records::is_done(std::int64_t row) const {
  const auto place = static_cast<std::size_t>(row);
  return place < done_.size() && done_[place];
}

}  // namespace muster::store
