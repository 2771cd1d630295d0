// SPDX-License-Identifier: Apache-2.0
#include "store/catalog.h"

#include <mutex>

namespace muster::store {
namespace {

const Sql kAll{"select id, name from sources order by id", ""};
const Sql kFind{"select id from sources where name = $1", "t"};
const Sql kName{"select name from sources where id = $1", "n"};
const Sql kAdd{"insert into sources (name) values ($1) on conflict (name) do nothing", "t"};

}  // namespace

Status Catalog::open(Session& session, std::span<const std::string> names) {
  for (const auto& name : names) {
    MUSTER_CHECK(session.write(kAdd, 1, [&](std::size_t, Binder& binder) { binder.text(name); }));
  }
  std::unique_lock lock(mutex_);
  return session.query(kAll, {}, [&](const Row& row) {
    ids_.emplace(row.text(1), row.number(0));
    names_.emplace(row.number(0), row.text(1));
  });
}

// An unknown name is looked up each time: whether another program's transaction, or ours, that
// registered it is committed is not known here.
Result<std::int64_t> Catalog::id(Session& session, std::string_view name) {
  {
    std::shared_lock lock(mutex_);
    auto found = ids_.find(name);
    if (found != ids_.end()) return found->second;
  }
  std::int64_t id = 0;
  MUSTER_CHECK(session.query(
      kFind, [&](Binder& binder) { binder.text(name); },
      [&](const Row& row) { id = row.number(0); }));
  return id;
}

Result<std::int64_t> Catalog::id_or_new(Session& session, std::string_view name) {
  MUSTER_TRY(std::int64_t known, id(session, name));
  if (known != 0) return known;
  MUSTER_CHECK(session.write(kAdd, 1, [&](std::size_t, Binder& binder) { binder.text(name); }));
  return id(session, name);
}

Result<std::string> Catalog::name(Session& session, std::int64_t id) {
  {
    std::shared_lock lock(mutex_);
    auto found = names_.find(id);
    if (found != names_.end()) return found->second;
  }
  std::string name;
  MUSTER_CHECK(session.query(
      kName, [&](Binder& binder) { binder.number(id); },
      [&](const Row& row) { name = row.text(0); }));
  return name;
}

}  // namespace muster::store
