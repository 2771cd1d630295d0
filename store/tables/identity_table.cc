// SPDX-License-Identifier: Apache-2.0
#include "store/tables/identity_table.h"

#include <algorithm>

#include "core/text.h"
#include "store/codec.h"
#include "store/tables/identity_changes.h"
#include "store/tables/identity_columns.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kById{select_identities() + "where i.id = $1", "t"};
const Sql kByKey{
    "select i.id, i.user_name, i.memberships from identity_keys k join identities i on i.id = "
    "k.identity_id"
    " where k.attribute = $1 and k.key = $2 order by i.row_id",
    "tt"};
// Mail addresses and user names have unique indexes of their own.
const Sql kByMail{"select i.id, i.user_name, i.memberships from identities i where i.mail_key = $1",
                  "t"};
const Sql kByName{
    "select i.id, i.user_name, i.memberships from user_names n join identities i on i.id = "
    "n.identity_id where n.name_key = $1 and i.state <> " +
        literal(IdentityState::deleted),
    "t"};
constexpr std::string_view kMailAttribute = "email";
constexpr std::string_view kNameAttribute = "userName";

const Sql kSources{
    "select r.source_id, max(case when r.state in " + live_states() +
        " then 1 else 0 end) from records r where r.identity_id = $1 and r.state in " +
        in_list({RecordState::linked, RecordState::quarantined, RecordState::gone}) +
        " group by r.source_id",
    "t"};
const Sql kKeys{"select match_keys from identities where id = $1", "t"};
const Sql kDue{
    "select due, row_id, id from identities where due <= $1 and (due, row_id) > ($2, $3)"
    " order by due, row_id limit $4",
    "nnnn"};
const Sql kLeft{
    "select row_id, id from identities where state = " + literal(IdentityState::inactive) +
        " and tags is null and row_id > $1 order by row_id limit $2",
    "nn"};
const Sql kActive{"select count(*) from identities where state = " + literal(IdentityState::active),
                  ""};
const Sql kHolder{"select identity_id from user_names where name_key = $1", "t"};

std::vector<std::vector<IdentityKey>> without_own_indexes(
    std::span<const std::vector<IdentityKey>> keys) {
  std::vector<std::vector<IdentityKey>> own(keys.begin(), keys.end());
  for (auto& list : own) std::erase_if(list, has_own_index);
  return own;
}

}  // namespace

Result<std::vector<std::optional<Identity>>> SqlIdentityTable::get(
    std::span<const std::string> ids) {
  std::vector<std::optional<Identity>> found(ids.size());
  MUSTER_CHECK(scope_.session().read(
      kById, ids.size(), [&](std::size_t i, Binder& binder) { binder.text(ids[i]); },
      [&](std::size_t i, const Row& row) -> Status {
        MUSTER_TRY(found[i], read_identity(row));
        return {};
      }));
  return found;
}

Result<std::vector<std::vector<CandidateRow>>> SqlIdentityTable::find(
    std::span<const IdentityKey> keys) {
  std::vector<std::vector<CandidateRow>> found(keys.size());
  std::vector<std::size_t> by_mail, by_name, by_key;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto& kind = keys[i].attribute == kMailAttribute   ? by_mail
                 : keys[i].attribute == kNameAttribute ? by_name
                                                       : by_key;
    kind.push_back(i);
  }
  MUSTER_CHECK(find_by(kByMail, by_mail, keys, found));
  MUSTER_CHECK(find_by(kByName, by_name, keys, found));
  MUSTER_CHECK(find_by(kByKey, by_key, keys, found));
  MUSTER_CHECK(add_sources(found));
  return found;
}

Status SqlIdentityTable::find_by(const Sql& sql, const std::vector<std::size_t>& which,
                                 std::span<const IdentityKey> keys,
                                 std::vector<std::vector<CandidateRow>>& found) {
  const bool with_attribute = &sql == &kByKey;
  const bool by_present_name = &sql == &kByName;
  return scope_.session().read(
      sql, which.size(),
      [&](std::size_t i, Binder& binder) {
        if (with_attribute) binder.text(keys[which[i]].attribute);
        binder.text(keys[which[i]].key);
      },
      [&](std::size_t i, const Row& row) -> Status {
        // Names are kept for good, but nobody is taken for another by a name of the past.
        if (by_present_name && fold_key(row.text(1)) != keys[which[i]].key) return {};
        MUSTER_TRY(auto memberships, read_memberships(row.text(2)));
        auto& candidate = found[which[i]].emplace_back();
        candidate.identity_id = row.text(0);
        candidate.user_name = row.text(1);
        for (auto& membership : memberships) candidate.groups.push_back(std::move(membership.path));
        return {};
      });
}

Status SqlIdentityTable::add_sources(std::vector<std::vector<CandidateRow>>& found) {
  std::vector<CandidateRow*> candidates;
  for (auto& list : found) {
    for (auto& candidate : list) candidates.push_back(&candidate);
  }
  return scope_.session().read(
      kSources, candidates.size(),
      [&](std::size_t i, Binder& binder) { binder.text(candidates[i]->identity_id); },
      [&](std::size_t i, const Row& row) -> Status {
        auto& names = row.number(1) == 0 ? candidates[i]->former : candidates[i]->sources;
        MUSTER_TRY(auto name, scope_.catalog().name(scope_.session(), row.number(0)));
        names.push_back(std::move(name));
        return {};
      });
}

Result<std::vector<std::string>> SqlIdentityTable::name_holders(
    std::span<const std::string> folded_names) {
  std::vector<std::string> holders(folded_names.size());
  MUSTER_CHECK(scope_.session().read(
      kHolder, folded_names.size(),
      [&](std::size_t i, Binder& binder) { binder.text(folded_names[i]); },
      [&](std::size_t i, const Row& row) { holders[i] = row.text(0); }));
  return holders;
}

Result<std::vector<DueRow>> SqlIdentityTable::due(Timestamp until, const DueRow& after, int limit) {
  std::vector<DueRow> found;
  MUSTER_CHECK(scope_.session().query(
      kDue,
      [&](Binder& binder) {
        binder.number(milliseconds(until)).number(milliseconds(after.due));
        binder.number(after.row).number(limit);
      },
      [&](const Row& row) {
        found.push_back({timestamp(row.number(0)), row.number(1), row.string(2)});
      }));
  return found;
}

Result<std::vector<DueRow>> SqlIdentityTable::left(std::int64_t after_row, int limit) {
  std::vector<DueRow> found;
  MUSTER_CHECK(scope_.session().query(
      kLeft, [&](Binder& binder) { binder.number(after_row).number(limit); },
      [&](const Row& row) {
        found.push_back({Timestamp::min(), row.number(0), row.string(1)});
      }));
  return found;
}

Status SqlIdentityTable::put(std::span<Identity> identities,
                             std::span<const std::vector<IdentityKey>> keys) {
  if (identities.empty()) return {};
  const auto own = without_own_indexes(keys);
  return scope_.write([&] { return put_identities(scope_, identities, own); });
}

Result<std::vector<std::vector<IdentityKey>>> SqlIdentityTable::keys(
    std::span<const std::string> ids) {
  std::vector<std::vector<IdentityKey>> found(ids.size());
  MUSTER_CHECK(scope_.session().read(
      kKeys, ids.size(), [&](std::size_t i, Binder& binder) { binder.text(ids[i]); },
      [&](std::size_t i, const Row& row) -> Status {
        MUSTER_TRY(found[i], read_keys(row.text(0)));
        return {};
      }));
  return found;
}

Status SqlIdentityTable::index(std::span<const std::string> ids,
                               std::span<const std::vector<IdentityKey>> keys) {
  if (ids.empty()) return {};
  MUSTER_TRY(const auto before, this->keys(ids));
  const auto own = without_own_indexes(keys);
  return scope_.write([&] { return index_identities(scope_, ids, before, own); });
}

Result<std::int64_t> SqlIdentityTable::active() {
  std::int64_t count = 0;
  MUSTER_CHECK(scope_.session().query(kActive, {}, [&](const Row& row) { count = row.number(0); }));
  return count;
}

}  // namespace muster::store
