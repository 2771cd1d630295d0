// SPDX-License-Identifier: Apache-2.0
#include "store/tables/lease_table.h"

#include "store/tables/times.h"

namespace muster::store {
namespace {

const std::string kRow = "select holder, process, fence, since, until from leases where name = $1";
const Sql kFind{kRow, "t"};
// SQLite has one writer, who is here. PostgreSQL has many: who takes a lease waits for the
// transactions that were let pass by its fence, and they for who takes it.
const Sql kFindToTake{kRow + " for update", "t"};
const Sql kFindToPass{kRow + " for share", "t"};
// Not now(): a transaction may have begun long before it was given the row.
const Sql kTime{"select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)", ""};
const Sql kAdd{
    "insert into leases (name, holder, process, fence, since, until) values ($1, '', '', 0, 0, 0)"
    " on conflict (name) do nothing",
    "t"};
const Sql kTake{
    "update leases set holder = $2, process = $3, fence = $4, since = $5, until = $6"
    " where name = $1",
    "tttnnn"};
const Sql kSetEnd{"update leases set until = $3 where name = $1 and fence = $2", "tnn"};

std::string taken_by(const Lease& lease) {
  return lease.holder.name + " since " + format_timestamp(lease.since);
}

Error busy(const Lease& lease) {
  return {Fault::conflict,
          "held by " + taken_by(lease) + ", until " + format_timestamp(lease.until) +
              " if it does not go on holding it",
          lease.name, "busy"};
}

Error lost(const Lease& lease, const std::optional<Lease>& now) {
  const auto by = now && now->fence != lease.fence ? taken_by(*now) : std::string("nobody");
  return {Fault::conflict,
          "the lease was lost to " + by + ", because " + lease.holder.name +
              " did not renew it in time: it stood still, or the store was out of its reach. What "
              "it had committed before stays, nothing was written since",
          lease.name, "lease"};
}

}  // namespace

bool lost_lease(const Error& error) {
  return error.fault == Fault::conflict && error.code == "lease";
}

Result<Timestamp> SqlLeaseTable::time() {
  if (scope_.session().engine() == Engine::sqlite) return scope_.now();
  Timestamp now{};
  MUSTER_CHECK(
      scope_.session().query(kTime, {}, [&](const Row& row) { now = timestamp(row.number(0)); }));
  return now;
}

Result<std::optional<Lease>> SqlLeaseTable::read(const Sql& sql, std::string_view name) {
  std::optional<Lease> lease;
  MUSTER_CHECK(scope_.session().query(
      scope_.session().engine() == Engine::sqlite ? kFind : sql,
      [&](Binder& binder) { binder.text(name); },
      [&](const Row& row) -> Status {
        lease = Lease{.name = std::string(name),
                      .holder = {std::string(row.text(0)), std::string(row.text(1))},
                      .fence = row.number(2),
                      .since = timestamp(row.number(3)),
                      .until = timestamp(row.number(4))};
        return {};
      }));
  if (!lease) return lease;
  MUSTER_TRY(const auto now, time());
  lease->held = lease->until > now;
  return lease;
}

Result<std::optional<Lease>> SqlLeaseTable::find(std::string_view name) {
  return read(kFind, name);
}

Result<Lease> SqlLeaseTable::acquire(std::string_view name, const LeaseHolder& holder,
                                     std::chrono::milliseconds duration) {
  // Who is refused has not waited for a transaction of the holder.
  MUSTER_TRY(auto last, find(name));
  if (last && last->held) return fail(busy(*last));
  return scope_.write([&]() -> Result<Lease> {
    Session& session = scope_.session();
    if (!last)
      MUSTER_CHECK(session.write(kAdd, 1, [&](std::size_t, Binder& binder) { binder.text(name); }));
    MUSTER_TRY(last, read(kFindToTake, name));
    if (!last) return fail(Fault::internal, "the lease was not stored", std::string(name));
    if (last->held) return fail(busy(*last));
    MUSTER_TRY(const auto now, time());
    const Lease lease{.name = std::string(name),
                      .holder = holder,
                      .fence = last->fence + 1,
                      .since = now,
                      .until = now + duration,
                      .held = true};
    MUSTER_CHECK(session.write(kTake, 1, [&](std::size_t, Binder& binder) {
      binder.text(lease.name).text(holder.name).text(holder.process).number(lease.fence);
      binder.number(milliseconds(lease.since)).number(milliseconds(lease.until));
    }));
    return lease;
  });
}

Status SqlLeaseTable::set_end(const Lease& lease, Timestamp until) {
  return scope_.write([&]() -> Status {
    MUSTER_CHECK(scope_.session().write(kSetEnd, 1, [&](std::size_t, Binder& binder) {
      binder.text(lease.name).number(lease.fence).number(milliseconds(until));
    }));
    return {};
  });
}

Status SqlLeaseTable::renew(const Lease& lease, std::chrono::milliseconds duration) {
  MUSTER_CHECK(check(lease));
  MUSTER_TRY(const auto now, time());
  return set_end(lease, now + duration);
}

Status SqlLeaseTable::release(const Lease& lease) {
  MUSTER_TRY(const auto now, find(lease.name));
  if (!now || now->fence != lease.fence) return {};
  MUSTER_TRY(const auto end, time());
  return set_end(lease, end);
}

Status SqlLeaseTable::check(const Lease& lease) {
  MUSTER_TRY(const auto now, read(kFindToPass, lease.name));
  if (!now || now->fence != lease.fence) return fail(lost(lease, now));
  return {};
}

}  // namespace muster::store
