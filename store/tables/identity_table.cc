// SPDX-License-Identifier: Apache-2.0
#include "store/tables/identity_table.h"

#include <algorithm>

#include "store/codec.h"
#include "store/tables/identity_changes.h"
#include "store/tables/identity_columns.h"

namespace muster::store {
namespace {

const Sql kById{"select " + kIdentityColumns + " from identities i where i.id = $1", "t",
                kIdentityTypes};
const Sql kByKey{
    "select i.id, i.user_name, i.memberships from identity_keys k join identities i on i.id = "
    "k.identity_id"
    " where k.attribute = $1 and k.key = $2 order by i.row_id",
    "tt", "ttt"};
const Sql kSources{
    "select distinct r.source_id from records r where r.identity_id = $1 and r.state in (0, 2)",
    "t", "n"};
const Sql kHolder{"select identity_id from user_names where name_key = $1", "t", "t"};

}  // namespace

Result<std::vector<std::optional<Identity>>> SqlIdentityTable::get(
    std::span<const std::string> ids) {
  std::vector<std::optional<Identity>> found(ids.size());
  Status readable;
  MUSTER_CHECK(scope_.session().read(
      kById, ids.size(), [&](std::size_t i, Binder& binder) { binder.text(ids[i]); },
      [&](std::size_t i, const Row& row) {
        auto identity = read_identity(row);
        if (identity) {
          found[i] = *std::move(identity);
        } else {
          readable = fail(identity.error());
        }
      }));
  MUSTER_CHECK(std::move(readable));
  return found;
}

Result<std::vector<std::vector<CandidateRow>>> SqlIdentityTable::find(
    std::span<const IdentityKey> keys) {
  std::vector<std::vector<CandidateRow>> found(keys.size());
  Status readable;
  MUSTER_CHECK(scope_.session().read(
      kByKey, keys.size(),
      [&](std::size_t i, Binder& binder) { binder.text(keys[i].attribute).text(keys[i].key); },
      [&](std::size_t i, const Row& row) {
        auto memberships = read_memberships(row.text(2));
        if (!memberships) {
          readable = fail(memberships.error());
          return;
        }
        auto& candidate = found[i].emplace_back();
        candidate.identity_id = row.text(0);
        candidate.user_name = row.text(1);
        for (auto& membership : *memberships)
          candidate.groups.push_back(std::move(membership.path));
      }));
  MUSTER_CHECK(std::move(readable));
  MUSTER_CHECK(add_sources(found));
  return found;
}

Status SqlIdentityTable::add_sources(std::vector<std::vector<CandidateRow>>& found) {
  std::vector<CandidateRow*> candidates;
  for (auto& list : found) {
    for (auto& candidate : list) candidates.push_back(&candidate);
  }
  return scope_.session().read(
      kSources, candidates.size(),
      [&](std::size_t i, Binder& binder) { binder.text(candidates[i]->identity_id); },
      [&](std::size_t i, const Row& row) {
        candidates[i]->sources.push_back(scope_.catalog().name(scope_.session(), row.number(0)));
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

Status SqlIdentityTable::put(std::span<Identity> identities,
                             std::span<const std::vector<IdentityKey>> keys) {
  if (identities.empty()) return {};
  return scope_.write([&] { return put_identities(scope_, identities, keys); });
}

}  // namespace muster::store
