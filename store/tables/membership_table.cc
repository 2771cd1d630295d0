// SPDX-License-Identifier: Apache-2.0
#include "store/tables/membership_table.h"

#include <utility>

#include "store/tables/membership_changes.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kMembers{
    "select r.id from records g join memberships m on m.group_row = g.row_id join records r on "
    "r.row_id = m.member_row"
    " where g.id = $1 and r.state <> " +
        literal(RecordState::gone),
    "t"};
const Sql kGroups{
    "select g.id, coalesce(g.display, g.key), coalesce(g.external_id, g.key) from records r join "
    "memberships m on "
    "m.member_row = r.row_id"
    " join records g on g.row_id = m.group_row where r.id = $1 and g.state <> " +
        literal(RecordState::gone),
    "t"};

}  // namespace

Result<MembershipChange> SqlMembershipTable::replace(std::string_view group_record_id,
                                                     std::span<const Member> members) {
  return scope_.write([&] { return replace_members(scope_, group_record_id, members); });
}

Result<MembershipChange> SqlMembershipTable::change(std::string_view group_record_id,
                                                    std::span<const Member> add,
                                                    std::span<const std::string> remove_keys) {
  return scope_.write([&] { return change_members(scope_, group_record_id, add, remove_keys); });
}

Result<std::vector<std::string>> SqlMembershipTable::member_records(
    std::string_view group_record_id) {
  std::vector<std::string> ids;
  MUSTER_CHECK(scope_.session().query(
      kMembers, [&](Binder& binder) { binder.text(group_record_id); },
      [&](const Row& row) { ids.push_back(row.string(0)); }));
  return ids;
}

Result<std::vector<std::vector<GroupRow>>> SqlMembershipTable::groups_of(
    std::span<const std::string> record_ids) {
  std::vector<std::vector<GroupRow>> groups(record_ids.size());
  MUSTER_CHECK(scope_.session().read(
      kGroups, record_ids.size(),
      [&](std::size_t i, Binder& binder) { binder.text(record_ids[i]); },
      [&](std::size_t i, const Row& row) {
        groups[i].push_back({row.string(0), row.string(1), row.string(2)});
      }));
  return groups;
}

MembershipNews SqlMembershipTable::take_news() {
  return std::exchange(scope_.membership_news(), {});
}

}  // namespace muster::store
