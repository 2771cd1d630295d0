// SPDX-License-Identifier: Apache-2.0
#include "store/tables/membership_changes.h"

#include <algorithm>
#include <map>
#include <set>

#include "store/tables/member_names.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kGroup{"select row_id, source_id from records where id = $1", "t"};
const Sql kAll{"select member_key, type, member_row, display from memberships where group_row = $1",
               "n"};
const Sql kNamed{
    "select type, member_row, display from memberships where group_row = $1 and member_key = $2",
    "nt"};
const Sql kPut{
    "insert into memberships (group_row, member_key, type, told_type, source_id, member_row, "
    "display)"
    " values ($1, $2, $3, $4, $5, $6, $7) on conflict (group_row, member_key) do update set type = "
    "excluded.type, told_type = excluded.told_type,"
    " member_row = excluded.member_row, display = excluded.display",
    "ntnnnnt"};
const Sql kDrop{"delete from memberships where group_row = $1 and member_key = $2", "nt"};
const Sql kId{"select id from records where row_id = $1 and state <> " + literal(RecordState::gone),
              "n"};

struct Group {
  std::int64_t row = 0;
  std::int64_t source = 0;
};

struct Held {
  ResourceType type = ResourceType::user;
  std::int64_t row = 0;  // 0: has not arrived
  std::string display = {};
};

using HeldMembers = std::map<std::string, Held, std::less<>>;

Result<Group> find_group(Session& session, std::string_view id) {
  Group group;
  MUSTER_CHECK(session.query(
      kGroup, [&](Binder& binder) { binder.text(id); },
      [&](const Row& row) {
        group = {row.number(0), row.number(1)};
      }));
  if (group.row == 0) return fail(Fault::not_found, "the group does not exist", std::string(id));
  return group;
}

Result<HeldMembers> all_members(Session& session, const Group& group) {
  HeldMembers held;
  MUSTER_CHECK(session.query(
      kAll, [&](Binder& binder) { binder.number(group.row); },
      [&](const Row& row) {
        held.emplace(row.text(0),
                     Held{static_cast<ResourceType>(row.number(1)), row.number(2), row.string(3)});
      }));
  return held;
}

Result<HeldMembers> named_members(Session& session, const Group& group,
                                  const std::vector<std::string_view>& keys) {
  HeldMembers held;
  MUSTER_CHECK(session.read(
      kNamed, keys.size(),
      [&](std::size_t i, Binder& binder) { binder.number(group.row).text(keys[i]); },
      [&](std::size_t i, const Row& row) {
        held.emplace(keys[i],
                     Held{static_cast<ResourceType>(row.number(0)), row.number(1), row.string(2)});
      }));
  return held;
}

// The records that members name.
Result<std::vector<Named>> arrived(WriteScope& scope, const Group& group,
                                   const std::vector<const Member*>& members) {
  std::vector<SourceName> names;
  for (const auto* member : members) names.push_back({group.source, member->key});
  MUSTER_TRY(const auto holders, holders_of(scope.session(), names));
  std::vector<Named> found;
  for (std::size_t i = 0; i < members.size(); ++i) {
    found.push_back(holders[i].pick(members[i]->type));
    if (found.back().doubtful) MUSTER_CHECK(note_doubt(scope, members[i]->key, holders[i]));
  }
  return found;
}

// The records behind row numbers that are in one set only: one that left under one name and came
// under another stayed.
Result<std::vector<std::string>> touched(Session& session, const std::set<std::int64_t>& left,
                                         const std::set<std::int64_t>& came) {
  std::vector<std::int64_t> rows;
  std::set_symmetric_difference(left.begin(), left.end(), came.begin(), came.end(),
                                std::back_inserter(rows));
  rows.erase(std::remove(rows.begin(), rows.end(), 0), rows.end());
  std::vector<std::string> ids;
  ids.reserve(rows.size());
  MUSTER_CHECK(session.read(
      kId, rows.size(), [&](std::size_t i, Binder& binder) { binder.number(rows[i]); },
      [&](std::size_t, const Row& row) { ids.push_back(row.string(0)); }));
  return ids;
}

// `held` has at least the members that are named. Each name counts once; a removal of a name that
// is also added loses.
Result<MembershipChange> apply(WriteScope& scope, const Group& group, const HeldMembers& held,
                               std::span<const Member> members,
                               const std::set<std::string_view>& gone) {
  Session& session = scope.session();
  std::set<std::string_view> named;
  std::vector<const Member*> wanted;
  for (const auto& member : members) {
    if (!named.insert(member.key).second) continue;
    auto now = held.find(member.key);
    // A change of the display alone is stored but touches nobody; of one that waits, the type may
    // be corrected.
    if (now != held.end() && now->second.display == member.display && now->second.row != 0)
      continue;
    wanted.push_back(&member);
  }
  MUSTER_TRY(auto rows, arrived(scope, group, wanted));
  MembershipChange change;
  std::set<std::int64_t> came;
  std::set<std::int64_t> left;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto now = held.find(wanted[i]->key);
    if (now == held.end()) ++change.changed;
    if (now == held.end() || now->second.row != rows[i].row) came.insert(rows[i].row);
  }
  std::vector<std::string_view> dropped;
  for (auto key : gone) {
    auto now = held.find(key);
    if (now == held.end() || named.contains(key)) continue;
    dropped.push_back(key);
    left.insert(now->second.row);
  }
  MUSTER_CHECK(session.write(kDrop, dropped.size(), [&](std::size_t i, Binder& binder) {
    binder.number(group.row).text(dropped[i]);
  }));
  MUSTER_CHECK(session.write(kPut, wanted.size(), [&](std::size_t i, Binder& binder) {
    binder.number(group.row).text(wanted[i]->key).number(static_cast<std::int64_t>(rows[i].type));
    bind_told_type(binder, wanted[i]->type, rows[i].type);
    binder.number(group.source);
    rows[i].row == 0 ? binder.null() : binder.number(rows[i].row);
    binder.text_or_null(wanted[i]->display);
  }));
  change.changed += static_cast<std::int64_t>(dropped.size());
  MUSTER_TRY(change.arrived, touched(session, left, came));
  return change;
}

}  // namespace

Result<MembershipChange> replace_members(WriteScope& scope, std::string_view group_record_id,
                                         std::span<const Member> members) {
  MUSTER_TRY(Group group, find_group(scope.session(), group_record_id));
  MUSTER_TRY(HeldMembers held, all_members(scope.session(), group));
  std::set<std::string_view> gone;
  for (const auto& [key, member] : held) gone.insert(key);
  return apply(scope, group, held, members, gone);
}

Result<MembershipChange> change_members(WriteScope& scope, std::string_view group_record_id,
                                        std::span<const Member> add,
                                        std::span<const std::string> remove_keys) {
  MUSTER_TRY(Group group, find_group(scope.session(), group_record_id));
  std::set<std::string_view> gone(remove_keys.begin(), remove_keys.end());
  std::set<std::string_view> names = gone;
  for (const auto& member : add) names.insert(member.key);
  MUSTER_TRY(HeldMembers held, named_members(scope.session(), group, {names.begin(), names.end()}));
  return apply(scope, group, held, add, gone);
}

}  // namespace muster::store
