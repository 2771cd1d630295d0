// SPDX-License-Identifier: Apache-2.0
#include "store/tables/journal_tables.h"

#include "store/tables/journal_columns.h"

namespace muster::store {
namespace {

const Sql kAudit = insert_sql("audit", kAuditColumns);
const Sql kOutbox = insert_sql("outbox", kOutboxColumns);
const Sql kPutRun = insert_sql("runs", kRunColumns, on_conflict("id", kRunColumns));
const Sql kRun{"select row_id from runs where id = $1", "t"};
const Sql kRunning{"select " + select_list(kRunColumns) + " from runs where state = " +
                       literal(RunState::running) + " order by row_id",
                   ""};
const Sql kLastItem{"select coalesce(max(number), 0) from run_items where run_row = $1", "n"};
constexpr std::array kRunRow{Column{"run_row", 'n'}};
const Sql kItem = insert_sql("run_items", joined(kRunRow, kItemColumns));
const Sql kCursor{"select cursor from cursors where source_id = $1", "n"};
const Sql kPutCursor{
    "insert into cursors (source_id, cursor) values ($1, $2) on conflict (source_id) do update set"
    " cursor = excluded.cursor",
    "nt"};
const Sql kPeople{"select coalesce(sum(n), 0) from record_counts where source_id = $1 and type = " +
                      literal(ResourceType::user) + " and state = " + literal(RecordState::linked),
                  "n"};
const Sql kSources{"select name, keyed_by from sources where name <> '' order by id", ""};
const Sql kPutKeyedBy{"update sources set keyed_by = $2 where id = $1", "nt"};
const Sql kPutToken = insert_sql("tokens", kTokenColumns, on_conflict("id", kTokenColumns));
const Sql kTouchToken{"update tokens set last_used = $2 where id = $1", "tn"};

}  // namespace

Status SqlJournal::audit(std::span<const AuditEntry> entries) {
  if (entries.empty()) return {};
  return scope_.write([&]() -> Status {
    MUSTER_CHECK(scope_.session().write(kAudit, entries.size(), [&](std::size_t i, Binder& binder) {
      const AuditEntry& entry = entries[i];
      binder.number(milliseconds(scope_.now()))
          .text(entry.actor)
          .text(entry.action)
          .text_or_null(entry.subject);
      binder.text_or_null(entry.run).text_or_null(entry.detail);
    }));
    return {};
  });
}

Status SqlJournal::outbox(std::span<const Event> events) {
  if (events.empty()) return {};
  return scope_.write([&]() -> Status {
    MUSTER_CHECK(scope_.session().write(kOutbox, events.size(), [&](std::size_t i, Binder& binder) {
      binder.text(events[i].kind)
          .text(events[i].subject)
          .text(events[i].body)
          .number(milliseconds(scope_.now()));
    }));
    return {};
  });
}

Status SqlRunTable::put(const RunRow& run) {
  return scope_.write([&]() -> Status {
    MUSTER_TRY(std::int64_t source, scope_.catalog().id_or_new(scope_.session(), run.source));
    MUSTER_CHECK(scope_.session().write(kPutRun, 1, [&](std::size_t, Binder& binder) {
      bind_fields(binder, kRunFields, run, source);
    }));
    return {};
  });
}

Result<std::vector<RunRow>> SqlRunTable::running() {
  std::vector<RunRow> runs;
  Session& session = scope_.session();
  MUSTER_CHECK(session.query(kRunning, {}, [&](const Row& row) -> Status {
    MUSTER_TRY(auto run, read_run(row, session, scope_.catalog()));
    runs.push_back(std::move(run));
    return {};
  }));
  return runs;
}

Status SqlRunTable::add_items(std::string_view run_id, std::span<const RunItem> items) {
  if (items.empty()) return {};
  return scope_.write([&]() -> Status {
    Session& session = scope_.session();
    std::int64_t run = 0;
    MUSTER_CHECK(session.query(
        kRun, [&](Binder& binder) { binder.text(run_id); },
        [&](const Row& row) { run = row.number(0); }));
    if (run == 0) return fail(Fault::not_found, "the run does not exist", std::string(run_id));
    std::int64_t last = 0;
    MUSTER_CHECK(session.query(
        kLastItem, [&](Binder& binder) { binder.number(run); },
        [&](const Row& row) { last = row.number(0); }));
    std::vector<RunItem> numbered(items.begin(), items.end());
    for (auto& item : numbered) item.number = ++last;
    MUSTER_CHECK(session.write(kItem, numbered.size(), [&](std::size_t i, Binder& binder) {
      bind_fields(binder.number(run), kItemFields, numbered[i]);
    }));
    return {};
  });
}

Result<std::string> SqlRunTable::cursor(std::string_view source) {
  MUSTER_TRY(std::int64_t source_id, scope_.catalog().id(scope_.session(), source));
  std::string cursor;
  MUSTER_CHECK(scope_.session().query(
      kCursor, [&](Binder& binder) { binder.number(source_id); },
      [&](const Row& row) { cursor = row.text(0); }));
  return cursor;
}

Status SqlRunTable::put_cursor(std::string_view source, std::string_view cursor) {
  return scope_.write([&]() -> Status {
    MUSTER_TRY(std::int64_t source_id, scope_.catalog().id_or_new(scope_.session(), source));
    MUSTER_CHECK(scope_.session().write(kPutCursor, 1, [&](std::size_t, Binder& binder) {
      binder.number(source_id).text(cursor);
    }));
    return {};
  });
}

Result<std::int64_t> SqlRunTable::live_people(std::string_view source) {
  MUSTER_TRY(std::int64_t source_id, scope_.catalog().id(scope_.session(), source));
  std::int64_t people = scope_.linked_people(source_id);
  MUSTER_CHECK(scope_.session().query(
      kPeople, [&](Binder& binder) { binder.number(source_id); },
      [&](const Row& row) { people += row.number(0); }));
  return people;
}

Result<std::vector<SourceRow>> SqlRunTable::sources() {
  std::vector<SourceRow> sources;
  MUSTER_CHECK(scope_.session().query(kSources, {}, [&](const Row& row) {
    sources.push_back({row.string(0), row.string(1), 0});
  }));
  for (auto& source : sources) {
    MUSTER_TRY(source.people, live_people(source.name));
  }
  return sources;
}

Result<AllStanding> SqlRunTable::standing() { return read_all_standing(scope_.session()); }

Status SqlRunTable::put_keyed_by(std::string_view source, std::string_view keyed_by) {
  return scope_.write([&]() -> Status {
    MUSTER_TRY(std::int64_t source_id, scope_.catalog().id_or_new(scope_.session(), source));
    MUSTER_CHECK(scope_.session().write(kPutKeyedBy, 1, [&](std::size_t, Binder& binder) {
      binder.number(source_id).text(keyed_by);
    }));
    return {};
  });
}

Status SqlTokenTable::put(const TokenRow& token) {
  return scope_.write([&]() -> Status {
    MUSTER_TRY(std::int64_t source, scope_.catalog().id_or_new(scope_.session(), token.source));
    MUSTER_CHECK(scope_.session().write(kPutToken, 1, [&](std::size_t, Binder& binder) {
      bind_fields(binder, kTokenFields, token, source);
    }));
    return {};
  });
}

Status SqlTokenTable::touch(std::string_view id, Timestamp last_used) {
  return scope_.write([&]() -> Status {
    MUSTER_CHECK(scope_.session().write(kTouchToken, 1, [&](std::size_t, Binder& binder) {
      binder.text(id).number(milliseconds(last_used));
    }));
    return {};
  });
}

}  // namespace muster::store
