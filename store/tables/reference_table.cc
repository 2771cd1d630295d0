// SPDX-License-Identifier: Apache-2.0
#include "store/tables/reference_table.h"

#include <algorithm>
#include <set>

#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const std::string kLivePerson = " and r.type = " + literal(ResourceType::user) +
                                " and r.state in " + live_states() +
                                " and r.identity_id is not null";
const Sql kByKey{
    "select r.identity_id from records r where r.source_id = $1 and r.key = $2" + kLivePerson,
    "nt"};
const Sql kByLinkKey{
    "select r.identity_id from records r where r.source_id = $1 and r.link_key = $2" + kLivePerson +
        " order by r.row_id limit 1",
    "nt"};
const Sql kByAlias{
    "select r.identity_id from record_aliases a join records r on r.row_id = a.row_id"
    " where a.source_id = $1 and a.alias = $2" +
        kLivePerson + " order by r.row_id limit 1",
    "nt"};
const Sql kOf{"select source_id, name from person_references where identity_id = $1", "t"};
const Sql kReferrers{"select identity_id from person_references where source_id = $1 and name = $2",
                     "nt"};
const Sql kAdd{
    "insert into person_references (identity_id, source_id, name) values ($1, $2, $3)"
    " on conflict do nothing",
    "tnt"};
const Sql kDrop{
    "delete from person_references where identity_id = $1 and source_id = $2 and name = $3", "tnt"};

struct Entry {
  std::string_view identity = {};
  std::int64_t source = 0;
  std::string_view name = {};
};

}  // namespace

// 0 for names of our own; -1 for sources that nobody registered, unless they are to be.
Result<std::vector<std::int64_t>> SqlReferenceTable::source_ids(
    std::span<const Reference> references, bool add) {
  std::vector<std::int64_t> ids(references.size());
  for (std::size_t i = 0; i < references.size(); ++i) {
    if (references[i].source.empty()) continue;
    if (i > 0 && references[i].source == references[i - 1].source) {
      ids[i] = ids[i - 1];
      continue;
    }
    auto& catalog = scope_.catalog();
    MUSTER_TRY(ids[i], add ? catalog.id_or_new(scope_.session(), references[i].source)
                           : catalog.id(scope_.session(), references[i].source));
    if (ids[i] == 0) ids[i] = -1;
  }
  return ids;
}

Result<std::vector<std::string>> SqlReferenceTable::holders(std::span<const Reference> references) {
  std::vector<std::string> found(references.size());
  MUSTER_TRY(auto sources, source_ids(references, false));
  for (const Sql* sql : {&kByKey, &kByLinkKey, &kByAlias}) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < references.size(); ++i) {
      if (found[i].empty() && sources[i] > 0) open.push_back(i);
    }
    MUSTER_CHECK(scope_.session().read(
        *sql, open.size(),
        [&](std::size_t k, Binder& binder) {
          binder.number(sources[open[k]]).text(references[open[k]].name);
        },
        [&](std::size_t k, const Row& row) { found[open[k]] = row.text(0); }));
  }
  return found;
}

Result<std::vector<std::vector<Reference>>> SqlReferenceTable::of(
    std::span<const std::string> ids) {
  std::vector<std::vector<Reference>> found(ids.size());
  Session& session = scope_.session();
  MUSTER_CHECK(session.read(
      kOf, ids.size(), [&](std::size_t i, Binder& binder) { binder.text(ids[i]); },
      [&](std::size_t i, const Row& row) -> Status {
        Reference& reference = found[i].emplace_back();
        reference.name = row.text(1);
        if (row.number(0) == 0) return {};
        MUSTER_TRY(reference.source, scope_.catalog().name(session, row.number(0)));
        return {};
      }));
  for (auto& references : found) std::sort(references.begin(), references.end());
  return found;
}

Result<std::vector<std::string>> SqlReferenceTable::referrers(
    std::span<const Reference> references) {
  MUSTER_TRY(auto sources, source_ids(references, false));
  std::set<std::string> found;
  MUSTER_CHECK(scope_.session().read(
      kReferrers, references.size(),
      [&](std::size_t i, Binder& binder) { binder.number(sources[i]).text(references[i].name); },
      [&](std::size_t, const Row& row) { found.insert(row.string(0)); }));
  return std::vector<std::string>(found.begin(), found.end());
}

Status SqlReferenceTable::replace(std::span<const ReferenceChange> changes) {
  std::vector<Entry> added, dropped;
  auto collect = [&](const ReferenceChange& change, const std::vector<Reference>& now,
                     const std::vector<Reference>& before, std::vector<Entry>& out) -> Status {
    std::vector<Reference> fresh;
    std::set_difference(now.begin(), now.end(), before.begin(), before.end(),
                        std::back_inserter(fresh));
    MUSTER_TRY(auto sources, source_ids(fresh, true));
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const auto place = std::lower_bound(now.begin(), now.end(), fresh[i]);
      out.push_back({change.identity_id, sources[i], place->name});
    }
    return {};
  };
  for (const auto& change : changes) {
    MUSTER_CHECK(collect(change, change.now, change.before, added));
    MUSTER_CHECK(collect(change, change.before, change.now, dropped));
  }
  if (added.empty() && dropped.empty()) return {};
  auto bind = [](const std::vector<Entry>& entries) {
    return [&entries](std::size_t i, Binder& binder) {
      binder.text(entries[i].identity).number(entries[i].source).text(entries[i].name);
    };
  };
  return scope_.write([&]() -> Status {
    MUSTER_CHECK(scope_.session().write(kDrop, dropped.size(), bind(dropped)));
    MUSTER_CHECK(scope_.session().write(kAdd, added.size(), bind(added)));
    return {};
  });
}

}  // namespace muster::store
