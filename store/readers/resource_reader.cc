// SPDX-License-Identifier: Apache-2.0
#include "store/readers/resource_reader.h"

#include <algorithm>

#include "store/readers/resource_columns.h"
#include "store/readers/resource_listings.h"
#include "store/sql/columns.h"

namespace muster::store {
namespace {

const Sql kGet{select_resources() + "where r.id = $1", "t"};
const Sql kRowOf{"select row_id from records where id = $1 and source_id = $2 and type = $3",
                 "tnn"};

const std::string kGone = literal(RecordState::gone);

// A member whose record is a tombstone is none.
const std::string kMemberColumns = "select r.id, m.member_key, m.type, m.display";
const std::string kArrived = " left join records r on r.row_id = m.member_row";
const Sql kMembers{kMemberColumns + " from records g join memberships m on m.group_row = g.row_id" +
                       kArrived + " where g.id = $1 and (r.row_id is null or r.state <> " + kGone +
                       ")",
                   "t"};
const Sql kMembersOfRow{kMemberColumns + " from memberships m" + kArrived +
                            " where m.group_row = $1 and (r.row_id is null or r.state <> " + kGone +
                            ")",
                        "n"};
const Sql kIsMember{
    "select 1 from records g join memberships m on m.group_row = g.row_id" + kArrived +
        " where g.id = $1 and m.member_key = $2 and (r.row_id is null or r.state <> " + kGone + ")",
    "tt"};
const Sql kGroups{
    "select g.id, coalesce(g.display, g.key) from records r join memberships m on m.member_row = "
    "r.row_id"
    " join records g on g.row_id = m.group_row where r.id = $1 and g.state <> " +
        kGone,
    "t"};

MemberRow read_member(const Row& row) {
  return {row.string(0), row.string(1), static_cast<ResourceType>(row.number(2)), row.string(3)};
}

// Whether a filter looks at a group's members, by whatever name.
bool mentions_members(const Filter& filter, std::span<const IndexedName> names) {
  return std::any_of(names.begin(), names.end(), [&](const IndexedName& name) {
    return name.index == Indexed::member &&
           mentions(filter, name.path.substr(0, name.path.find('.')));
  });
}

Result<std::optional<std::int64_t>> row_behind(Session& session, const Query& query,
                                               std::int64_t source, ResourceType type) {
  std::optional<std::int64_t> after;
  if (query.after.empty()) return after;
  MUSTER_CHECK(session.query(
      kRowOf,
      [&](Binder& binder) {
        binder.text(query.after).number(source).number(static_cast<std::int64_t>(type));
      },
      [&](const Row& row) { after = row.number(0); }));
  if (!after)
    return fail(Fault::invalid, "there is nothing with this id to continue behind", query.after);
  return after;
}

}  // namespace

Result<std::optional<ResourceRow>> SqlResourceReader::get(std::string_view source,
                                                          ResourceType type, std::string_view id) {
  auto session = session_.use();
  MUSTER_TRY(std::int64_t source_id, catalog_.id(*session, source));
  std::optional<ResourceRow> found;
  MUSTER_CHECK(session->query(
      kGet, [&](Binder& binder) { binder.text(id); },
      [&](const Row& row) -> Status {
        if (row.number(1) != source_id || row.number(2) != static_cast<std::int64_t>(type))
          return {};
        MUSTER_TRY(auto resource, read_resource(row));
        if (resource.state != RecordState::gone) found = std::move(resource);
        return {};
      }));
  return found;
}

Result<Page<ResourceRow>> SqlResourceReader::list(std::string_view source, ResourceType type,
                                                  const Query& query,
                                                  const FilterDialect* dialect) {
  auto session = session_.use();
  MUSTER_TRY(std::int64_t source_id, catalog_.id(*session, source));
  MUSTER_TRY(auto after, row_behind(*session, query, source_id, type));
  if (query.filter && dialect == nullptr)
    return fail(Fault::internal,
                "a filter was asked for without the dialect that it is written in");
  const auto names = query.filter ? dialect->indexed(type) : std::span<const IndexedName>();
  FilterPlan plan = plan_resource_filter(query.filter, names);
  Listing listing = resource_listing(plan, source_id, type);
  if (!plan.rest) return list_indexed<ResourceRow>(*session, listing, query, after, read_resource);

  const bool needs_members = mentions_members(*plan.rest, names);
  auto satisfies = [&](std::int64_t row, const ResourceRow& resource) -> Result<bool> {
    std::vector<MemberRow> members;
    if (needs_members) {
      MUSTER_CHECK(session->query(
          kMembersOfRow, [&](Binder& binder) { binder.number(row); },
          [&](const Row& found) { members.push_back(read_member(found)); }));
    }
    MUSTER_TRY(Value document, dialect->document(resource, type, members));
    return matches(*plan.rest, document);
  };
  return list_evaluated<ResourceRow>(*session, listing, query, after, read_resource, satisfies);
}

Result<std::vector<MemberRow>> SqlResourceReader::members(std::string_view group_record_id) {
  std::vector<MemberRow> members;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kMembers, [&](Binder& binder) { binder.text(group_record_id); },
      [&](const Row& row) { members.push_back(read_member(row)); }));
  return members;
}

Result<bool> SqlResourceReader::is_member(std::string_view group_record_id,
                                          std::string_view member_key) {
  bool member = false;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kIsMember, [&](Binder& binder) { binder.text(group_record_id).text(member_key); },
      [&](const Row&) { member = true; }));
  return member;
}

Result<std::vector<GroupRow>> SqlResourceReader::groups_of(std::string_view record_id) {
  std::vector<GroupRow> groups;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kGroups, [&](Binder& binder) { binder.text(record_id); },
      [&](const Row& row) {
        groups.push_back({row.string(0), row.string(1), {}});
      }));
  return groups;
}

}  // namespace muster::store
