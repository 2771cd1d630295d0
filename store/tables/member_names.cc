// SPDX-License-Identifier: Apache-2.0
#include "store/tables/member_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kHolders{
    "select r.row_id, r.type, r.state, 1 from records r where r.source_id = $1 and "
    "r.type in " +
        in_list({ResourceType::user, ResourceType::group}) +
        " and r.key = $2 union all select r.row_id, r.type, r.state, 0 from "
        "record_aliases a join records r on r.row_id = a.row_id"
        " where a.source_id = $1 and a.alias = $2",
    "nt"};
const Sql kHasGroups{"select 1 from records where source_id = $1 and type = " +
                         literal(ResourceType::group) + " limit 1",
                     "n"};
const Sql kWaiting{
    "select group_row, type, told_type from memberships"
    " where source_id = $1 and member_key = $2 and member_row is null",
    "nt"};
const Sql kHeld{
    "select m.group_row, m.type, m.told_type from memberships m"
    " where m.member_row = $1 and m.member_key = $2",
    "nt"};
const Sql kMove{
    "update memberships set member_row = $3, type = $4, told_type = $5"
    " where group_row = $1 and member_key = $2",
    "ntnnn"};
const Sql kLiveId{
    "select id from records where row_id = $1 and state <> " + literal(RecordState::gone), "n"};

// A membership by its group and the name it was told by.
struct Membership {
  std::int64_t group = 0;
  ResourceType type = ResourceType::user;  // of the member, as far as it is known
  ResourceType told = ResourceType::user;
  std::int64_t row = 0;  // of the member
};

Membership read_membership(const Row& row, std::int64_t member) {
  const auto type = static_cast<ResourceType>(row.number(1));
  return {row.number(0), type, row.is_null(2) ? type : static_cast<ResourceType>(row.number(2)),
          member};
}

// One name whose memberships are looked at.
struct Subject {
  SourceName name = {};
  std::set<std::int64_t> rows = {};  // records that have the name or had it
  NameHolders holders = {};
  std::vector<Membership> memberships = {};
};

struct Move {
  const Subject* subject = nullptr;
  const Membership* membership = nullptr;
  Named named = {};
};

// The names, each once; those of sources without groups aside.
Result<std::vector<Subject>> subjects_of(Session& session, std::span<const MovedName> moved) {
  std::map<std::int64_t, bool> has_groups;
  std::map<std::pair<std::int64_t, std::string_view>, std::size_t> places;
  std::vector<Subject> subjects;
  for (const auto& one : moved) {
    const auto [known, fresh] = has_groups.try_emplace(one.name.source, false);
    if (fresh)
      MUSTER_CHECK(session.query(
          kHasGroups, [&](Binder& binder) { binder.number(one.name.source); },
          [&](const Row&) { known->second = true; }));
    if (!known->second) continue;
    const auto [place, first] =
        places.try_emplace({one.name.source, one.name.name}, subjects.size());
    if (first) subjects.push_back({.name = one.name});
    subjects[place->second].rows.insert(one.row);
  }
  return subjects;
}

Status find_memberships(Session& session, std::vector<Subject>& subjects) {
  MUSTER_CHECK(session.read(
      kWaiting, subjects.size(),
      [&](std::size_t i, Binder& binder) {
        binder.number(subjects[i].name.source).text(subjects[i].name.name);
      },
      [&](std::size_t i, const Row& row) {
        subjects[i].memberships.push_back(read_membership(row, 0));
      }));
  std::vector<std::pair<std::size_t, std::int64_t>> asked;
  for (std::size_t i = 0; i < subjects.size(); ++i)
    for (const auto row : subjects[i].rows) asked.emplace_back(i, row);
  return session.read(
      kHeld, asked.size(),
      [&](std::size_t k, Binder& binder) {
        binder.number(asked[k].second).text(subjects[asked[k].first].name.name);
      },
      [&](std::size_t k, const Row& row) {
        subjects[asked[k].first].memberships.push_back(read_membership(row, asked[k].second));
      });
}

// The records behind these rows that live.
Result<std::vector<std::string>> live_ids(Session& session, const std::set<std::int64_t>& rows) {
  const std::vector<std::int64_t> asked(rows.begin(), rows.end());
  std::vector<std::string> ids;
  MUSTER_CHECK(session.read(
      kLiveId, asked.size(), [&](std::size_t i, Binder& binder) { binder.number(asked[i]); },
      [&](std::size_t, const Row& row) { ids.push_back(row.string(0)); }));
  return ids;
}

}  // namespace

void NameHolders::add(std::int64_t row, ResourceType type, bool by_key, bool live) {
  holders_.push_back({row, type, by_key, live});
}

std::vector<std::int64_t> NameHolders::rows() const {
  std::vector<std::int64_t> rows;
  for (const auto& holder : holders_) rows.push_back(holder.row);
  return rows;
}

Named NameHolders::pick(ResourceType told) const {
  // The larger, the better.
  const auto worth = [told](const Holder& holder) {
    return (holder.live ? 4 : 0) + (holder.by_key ? 2 : 0) + (holder.type == told ? 1 : 0);
  };
  const Holder* best = nullptr;
  bool alike = false;
  for (const auto& holder : holders_) {
    if (best != nullptr && holder.row == best->row) {
      if (worth(holder) > worth(*best)) best = &holder;
      continue;
    }
    if (best != nullptr && worth(holder) < worth(*best)) continue;
    alike = best != nullptr && worth(holder) == worth(*best);
    if (alike && !holder.live && holder.row < best->row) continue;
    best = &holder;
  }
  if (best == nullptr) return {told, 0, false};
  // Of tombstones it does not matter which one it is.
  if (alike && best->live) return {told, 0, true};
  return {best->type, best->row, false};
}

Result<std::vector<NameHolders>> holders_of(Session& session, std::span<const SourceName> names) {
  std::vector<NameHolders> found(names.size());
  MUSTER_CHECK(session.read(
      kHolders, names.size(),
      [&](std::size_t i, Binder& binder) { binder.number(names[i].source).text(names[i].name); },
      [&](std::size_t i, const Row& row) {
        const bool live = row.number(2) != static_cast<std::int64_t>(RecordState::gone);
        found[i].add(row.number(0), static_cast<ResourceType>(row.number(1)), row.number(3) != 0,
                     live);
      }));
  return found;
}

void bind_told_type(Binder& binder, ResourceType told, ResourceType type) {
  binder.number_or_null(type == told ? std::nullopt
                                     : std::optional(static_cast<std::int64_t>(told)));
}

Status note_doubt(WriteScope& scope, std::string_view name, const NameHolders& holders) {
  const auto rows = holders.rows();
  MUSTER_TRY(auto ids, live_ids(scope.session(), {rows.begin(), rows.end()}));
  scope.membership_news().doubtful.push_back({std::string(name), std::move(ids)});
  return {};
}

Status resolve_members(WriteScope& scope, std::span<const MovedName> moved) {
  Session& session = scope.session();
  MUSTER_TRY(auto subjects, subjects_of(session, moved));
  if (subjects.empty()) return {};
  std::vector<SourceName> names;
  for (const auto& subject : subjects) names.push_back(subject.name);
  MUSTER_TRY(auto holders, holders_of(session, names));
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    subjects[i].holders = std::move(holders[i]);
    for (const auto row : subjects[i].holders.rows()) subjects[i].rows.insert(row);
  }
  MUSTER_CHECK(find_memberships(session, subjects));

  std::vector<Move> moves;
  std::set<std::int64_t> concerned;
  for (const auto& subject : subjects) {
    bool doubtful = false;
    for (const auto& membership : subject.memberships) {
      const auto named = subject.holders.pick(membership.told);
      doubtful = doubtful || named.doubtful;
      // Somebody who came back is in groups again without another membership.
      if (membership.row != 0) concerned.insert(membership.row);
      if (named.row == membership.row) continue;
      if (named.row != 0) concerned.insert(named.row);
      moves.push_back({&subject, &membership, named});
    }
    if (doubtful) MUSTER_CHECK(note_doubt(scope, subject.name.name, subject.holders));
  }
  MUSTER_CHECK(session.write(kMove, moves.size(), [&](std::size_t i, Binder& binder) {
    const auto& [subject, membership, named] = moves[i];
    binder.number(membership->group).text(subject->name.name);
    binder.number_or_null(named.row == 0 ? std::nullopt : std::optional(named.row));
    binder.number(static_cast<std::int64_t>(named.type));
    bind_told_type(binder, membership->told, named.type);
  }));
  MUSTER_TRY(auto ids, live_ids(session, concerned));
  auto& known = scope.membership_news().moved;
  known.insert(known.end(), std::make_move_iterator(ids.begin()),
               std::make_move_iterator(ids.end()));
  return {};
}

}  // namespace muster::store
