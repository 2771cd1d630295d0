// SPDX-License-Identifier: Apache-2.0
#include "provision/simulate/preview.h"

#include <algorithm>
#include <limits>

#include "core/text.h"

namespace muster::provision {
namespace {

using store::RecordState;

// A preview is never asked for this: it would mean that a walk over stored records makes new ones.
tl::unexpected<Error> not_here(const char* what) {
  return fail(Fault::internal, std::string("a preview cannot ") + what);
}

bool contributes(RecordState state) {
  return state == RecordState::linked || state == RecordState::quarantined;
}

}  // namespace

Preview::Preview(store::View& base, std::string only) : base_(base), only_(std::move(only)) {}

// ------------------------------------------------------------------------------------------
// records

Result<store::RecordRow> Preview::Records::read(const Changed& changed) const {
  MUSTER_TRY(auto row, preview_.file_.row(changed.place));
  row.head.evaluated_with = changed.evaluated_with;
  return row;
}

Status Preview::Records::refresh(store::RecordRow& stored) {
  const auto found = changed_.find(stored.head.id);
  if (found == changed_.end()) return {};
  auto document = std::move(stored.document);
  MUSTER_TRY(stored, read(found->second));
  stored.document = std::move(document);
  return {};
}

// Stored rows as they are by now; their ids.
Result<std::set<std::string>> Preview::Records::bring_up_to_date(
    std::vector<store::RecordRow>& rows) {
  std::set<std::string> ids;
  for (auto& row : rows) {
    see(row.head);
    MUSTER_CHECK(refresh(row));
    ids.insert(row.head.id);
  }
  return ids;
}

Result<std::vector<std::optional<store::RecordHead>>> Preview::Records::heads(
    std::string_view source, ResourceType type, std::span<const std::string> keys) {
  MUSTER_TRY(auto found,
             preview_.ask([&](auto& tx) { return tx.records().heads(source, type, keys); }));
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

Result<std::vector<std::vector<store::RecordHead>>> Preview::Records::heads_by_link_key(
    std::string_view source, ResourceType type, std::span<const std::string> link_keys) {
  return preview_.ask(
      [&](auto& tx) { return tx.records().heads_by_link_key(source, type, link_keys); });
}

Result<std::vector<std::optional<store::RecordRow>>> Preview::Records::rows(
    std::span<const std::string> record_ids) {
  MUSTER_TRY(auto found, preview_.ask([&](auto& tx) { return tx.records().rows(record_ids); }));
  for (auto& row : found) {
    if (row) MUSTER_CHECK(refresh(*row));
  }
  return found;
}

Result<std::vector<std::vector<store::RecordRow>>> Preview::Records::of_identities(
    std::span<const std::string> identity_ids) {
  MUSTER_TRY(auto found,
             preview_.ask([&](auto& tx) { return tx.records().of_identities(identity_ids); }));
  std::vector<std::string> joined;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < found.size(); ++i) {
    MUSTER_TRY(auto there, bring_up_to_date(found[i]));
    std::erase_if(found[i], [&](const store::RecordRow& row) {
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

Result<std::vector<std::vector<store::RecordRow>>> Preview::Records::silent_of_identities(
    std::span<const std::string> identity_ids) {
  MUSTER_TRY(auto found, preview_.ask([&](auto& tx) {
    return tx.records().silent_of_identities(identity_ids);
  }));
  for (std::size_t i = 0; i < found.size(); ++i) {
    MUSTER_TRY(auto there, bring_up_to_date(found[i]));
    const auto more = joined_.find(identity_ids[i]);
    for (const auto& id : more == joined_.end() ? std::vector<std::string>{} : more->second) {
      if (!there.insert(id).second) continue;
      MUSTER_TRY(found[i].emplace_back(), read(changed_.at(id)));
    }
    std::erase_if(found[i], [&](const store::RecordRow& row) {
      return contributes(row.head.state) || row.head.identity_id != identity_ids[i];
    });
  }
  return found;
}

Status Preview::Records::insert(std::span<store::RecordRow>) { return not_here("add records"); }

Status Preview::Records::update(std::span<store::RecordRow> rows) {
  for (auto& row : rows) {
    auto& head = row.head;
    ++head.version;
    const auto changed = changed_.find(head.id);
    const auto was = changed != changed_.end() ? changed->second.now : seen_[head.id];
    if (was.state != head.state) ++moves[{was.state, head.state}];
    if (was.state != RecordState::linked && head.state == RecordState::linked)
      preview_.references_.join(row);
    mark_done(head.row);
    if (store::waits(head.state)) {
      waiting_.insert_or_assign(head.row, head.id);
    } else {
      waiting_.erase(head.row);
    }
    const bool elsewhere =
        was.identity_id != head.identity_id || contributes(was.state) != contributes(head.state);
    if (!head.identity_id.empty() && elsewhere) joined_[head.identity_id].push_back(head.id);
    MUSTER_TRY(const auto place, preview_.file_.put(row));
    changed_.insert_or_assign(
        head.id, Changed{place, head.evaluated_with, {head.row, head.state, head.identity_id}});
  }
  return {};
}

Status Preview::Records::mark_missing(std::span<const std::string>, std::optional<Timestamp>) {
  return not_here("mark absences");
}

Result<std::vector<store::RecordHead>> Preview::Records::live(std::string_view source,
                                                              ResourceType type,
                                                              std::int64_t after_row, int limit) {
  return preview_.ask([&](auto& tx) { return tx.walks().live(source, type, after_row, limit); });
}

Result<std::vector<store::RecordHead>> Preview::Records::stale(std::int64_t fingerprint,
                                                               bool linked, std::int64_t after_row,
                                                               int limit) {
  seen_.clear();
  preview_.identities_.begin_batch();
  std::vector<store::RecordHead> found;
  if (!preview_.only_.empty()) {
    if (!linked || after_row > 0) return found;
    const std::string ids[] = {preview_.only_};
    MUSTER_TRY(const auto told, of_identities(ids));
    for (const auto& row : told[0]) {
      if (row.head.evaluated_with != fingerprint && !is_done(row.head.row))
        found.push_back(row.head);
    }
    return found;
  }
  for (;;) {
    MUSTER_TRY(auto heads, preview_.ask([&](auto& tx) {
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

Result<std::int64_t> Preview::Records::count_stale(std::int64_t fingerprint) {
  return preview_.ask([&](auto& tx) { return tx.walks().count_stale(fingerprint); });
}

// Those of the store that did not change, and those that changed and wait now.
Result<std::vector<store::RecordHead>> Preview::Records::waiting(std::int64_t after_row,
                                                                 int limit) {
  seen_.clear();
  preview_.identities_.begin_batch();
  std::vector<store::RecordHead> found;
  if (!preview_.only_.empty()) return found;
  const auto most = static_cast<std::size_t>(limit);
  for (bool more = true; more && found.empty();) {
    MUSTER_TRY(auto heads,
               preview_.ask([&](auto& tx) { return tx.walks().waiting(after_row, limit); }));
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

Status Preview::Records::stamp(std::span<const std::string> record_ids, std::int64_t fingerprint) {
  for (const auto& id : record_ids) {
    mark_done(seen_[id].row);
    if (const auto now = changed_.find(id); now != changed_.end())
      now->second.evaluated_with = fingerprint;
  }
  return {};
}

void Preview::Records::mark_done(std::int64_t row) {
  const auto place = static_cast<std::size_t>(row);
  if (place >= done_.size()) done_.resize(place + place / 2 + 1024);
  done_[place] = true;
}

bool Preview::Records::is_done(std::int64_t row) const {
  const auto place = static_cast<std::size_t>(row);
  return place < done_.size() && done_[place];
}

// ---------------------------------------------------------------------------------------
// identities

Result<std::vector<std::optional<Identity>>> Preview::Identities::get(
    std::span<const std::string> ids) {
  MUSTER_TRY(auto found, preview_.ask([&](auto& tx) { return tx.identities().get(ids); }));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (found[i]) stored_.try_emplace(ids[i], Stored{found[i]->email, found[i]->user_name});
    const auto now = people.find(ids[i]);
    if (now == people.end()) continue;
    MUSTER_TRY(found[i], preview_.file_.identity(now->second));
  }
  return found;
}

bool Preview::Identities::is_held_by(const std::string& id, const store::IdentityKey& key) const {
  const auto own = keys_.find(id);
  if (own == keys_.end()) return true;  // as stored
  if (store::has_own_index(key) && !whole_.contains(id)) return true;
  return std::find(own->second.begin(), own->second.end(), key) != own->second.end();
}

Result<store::CandidateRow> Preview::Identities::candidate(const std::string& id,
                                                           std::vector<std::string> former) {
  store::CandidateRow row;
  const std::string ids[] = {id};
  MUSTER_TRY(const auto found, get(ids));
  MUSTER_TRY(const auto told, preview_.records_.of_identities(ids));
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

Result<std::vector<std::vector<store::CandidateRow>>> Preview::Identities::find(
    std::span<const store::IdentityKey> keys) {
  MUSTER_TRY(auto found, preview_.ask([&](auto& tx) { return tx.identities().find(keys); }));
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

Result<std::vector<std::string>> Preview::Identities::name_holders(
    std::span<const std::string> folded_names) {
  MUSTER_TRY(auto holders,
             preview_.ask([&](auto& tx) { return tx.identities().name_holders(folded_names); }));
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (!holders[i].empty()) continue;
    if (const auto given = names_.find(folded_names[i]); given != names_.end())
      holders[i] = given->second;
  }
  return holders;
}

Result<std::vector<store::DueRow>> Preview::Identities::due(Timestamp until,
                                                            const store::DueRow& after, int limit) {
  return preview_.ask([&](auto& tx) { return tx.identities().due(until, after, limit); });
}

void Preview::Identities::set_keys(const std::string& id,
                                   const std::vector<store::IdentityKey>& keys, bool whole) {
  auto own = keys;
  if (whole) {
    whole_.insert(id);
  } else if (whole_.contains(id)) {
    for (const auto& key : keys_[id]) {
      if (store::has_own_index(key)) own.push_back(key);
    }
  }
  for (const auto& key : own) {
    auto& ids = holders_[{key.attribute, key.key}];
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  keys_.insert_or_assign(id, std::move(own));
}

Status Preview::Identities::put(std::span<Identity> identities,
                                std::span<const std::vector<store::IdentityKey>> keys) {
  std::vector<std::string> ids;
  for (const auto& identity : identities) ids.push_back(identity.id);
  MUSTER_TRY(const auto stored, preview_.ask([&](auto& tx) { return tx.identities().keys(ids); }));
  for (std::size_t i = 0; i < identities.size(); ++i) {
    auto& identity = identities[i];
    ++identity.version;
    MUSTER_TRY(people[identity.id], preview_.file_.put(identity));
    auto own = keys[i];
    std::erase_if(own, store::has_own_index);
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

Result<std::vector<std::vector<store::IdentityKey>>> Preview::Identities::keys(
    std::span<const std::string> ids) {
  MUSTER_TRY(auto found, preview_.ask([&](auto& tx) { return tx.identities().keys(ids); }));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto own = keys_.find(ids[i]);
    if (own == keys_.end()) continue;
    found[i] = own->second;
    std::erase_if(found[i], store::has_own_index);
  }
  return found;
}

Status Preview::Identities::index(std::span<const std::string> ids,
                                  std::span<const std::vector<store::IdentityKey>> keys) {
  for (std::size_t i = 0; i < ids.size(); ++i) set_keys(ids[i], keys[i], false);
  return {};
}

Result<std::int64_t> Preview::Identities::active() {
  return preview_.ask([](auto& tx) { return tx.identities().active(); });
}

// ----------------------------------------------------------------------------- groups, audit,
// outbox

Result<store::MembershipChange> Preview::Memberships::replace(std::string_view,
                                                              std::span<const Member>) {
  return not_here("change groups");
}

Result<store::MembershipChange> Preview::Memberships::change(std::string_view,
                                                             std::span<const Member>,
                                                             std::span<const std::string>) {
  return not_here("change groups");
}

Result<std::vector<std::string>> Preview::Memberships::member_records(
    std::string_view group_record_id) {
  return preview_.ask([&](auto& tx) { return tx.memberships().member_records(group_record_id); });
}

Result<std::vector<std::vector<store::GroupRow>>> Preview::Memberships::groups_of(
    std::span<const std::string> record_ids) {
  return preview_.ask([&](auto& tx) { return tx.memberships().groups_of(record_ids); });
}

Status Preview::Memberships::resolve(std::span<const store::RecordRow>) { return {}; }

Status Preview::Journal::audit(std::span<const AuditEntry>) { return {}; }
Status Preview::Journal::outbox(std::span<const Event>) { return {}; }

Result<std::optional<store::ReviewRow>> Preview::Reviews::get(std::string_view id) {
  return preview_.ask([&](auto& tx) { return tx.reviews().get(id); });
}

Result<std::vector<std::optional<store::ReviewRow>>> Preview::Reviews::latest(
    std::span<const std::string> record_ids) {
  return preview_.ask([&](auto& tx) { return tx.reviews().latest(record_ids); });
}

Status Preview::Reviews::put(std::span<const store::ReviewRow>) { return {}; }

Result<std::vector<store::RunRow>> Preview::Runs::running() {
  return preview_.ask([](auto& view) { return view.runs().running(); });
}
Result<std::string> Preview::Runs::cursor(std::string_view source) {
  return preview_.ask([&](auto& view) { return view.runs().cursor(source); });
}
Result<std::int64_t> Preview::Runs::live_people(std::string_view source) {
  return preview_.ask([&](auto& view) { return view.runs().live_people(source); });
}
Result<std::vector<store::SourceRow>> Preview::Runs::sources() {
  return preview_.ask([](auto& view) { return view.runs().sources(); });
}
Status Preview::Runs::put(const store::RunRow&) { return not_here("write runs"); }
Status Preview::Runs::add_items(std::string_view, std::span<const store::RunItem>) {
  return not_here("write runs");
}
Status Preview::Runs::put_cursor(std::string_view, std::string_view) {
  return not_here("write runs");
}
Status Preview::Runs::put_keyed_by(std::string_view, std::string_view) {
  return not_here("write runs");
}
Status Preview::Tokens::put(const store::TokenRow&) { return not_here("change tokens"); }
Status Preview::Tokens::touch(std::string_view, Timestamp) { return not_here("change tokens"); }

}  // namespace muster::provision
