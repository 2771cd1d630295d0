// SPDX-License-Identifier: Apache-2.0
#include "store/readers/journal_readers.h"

#include <map>

#include "store/tables/journal_columns.h"
#include "store/tables/tallies.h"

namespace muster::store {
namespace {

const std::string kSelectRuns = "select " + select_list(kRunColumns) + " from runs ";
const Sql kRun{kSelectRuns + "where id = $1", "t"};
const Sql kRuns{kSelectRuns + "order by row_id desc limit $1", "n"};
const Sql kRunsOfSource{kSelectRuns + "where source_id = $1 order by row_id desc limit $2", "nn"};
const Sql kItems{"select " + select_list(kItemColumns, "i") +
                     " from runs r join run_items i on i.run_row = r.row_id"
                     " where r.id = $1 and i.number > $2 order by i.number limit $3",
                 "tnn"};
// Items are numbered from 1.
const Sql kLastItem{
    "select coalesce(max(i.number), 0) from runs r join run_items i on i.run_row = r.row_id"
    " where r.id = $1",
    "t"};

const std::string kSelectTokens = "select " + select_list(kTokenColumns) + " from tokens ";
const Sql kToken{kSelectTokens + "where id = $1", "t"};
const Sql kTokens{kSelectTokens + "order by row_id", ""};

const Sql kAudit{"select sequence, " + select_list(kAuditColumns) +
                     " from audit where sequence > $1 order by sequence limit $2",
                 "nn"};
const Sql kOutbox{"select sequence, " + select_list(kOutboxColumns) +
                      " from outbox where sequence > $1 order by sequence limit $2",
                  "nn"};
const Sql kCounts{
    "select source_id, type, state, sum(n) from record_counts group by source_id, type, state", ""};

Result<TokenRow> read_token(const Row& row, Session& session, Catalog& catalog) {
  TokenRow token;
  SourceNames names{session, catalog};
  MUSTER_CHECK(read_fields(row, 0, kTokenFields, token, &names));
  return token;
}

// A row of a journal, whose number in it comes first.
template <class Entry, std::size_t size>
Status read_entry(const Row& row, const std::array<Field<Entry>, size>& fields,
                  std::vector<Entry>& to) {
  Entry& entry = to.emplace_back();
  entry.sequence = row.number(0);
  return read_fields(row, 1, fields, entry);
}

}  // namespace

Result<std::optional<RunRow>> SqlRunReader::get(std::string_view id) {
  std::optional<RunRow> run;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kRun, [&](Binder& binder) { binder.text(id); },
      [&](const Row& row) -> Status {
        MUSTER_TRY(run, read_run(row, *session, catalog_));
        return {};
      }));
  return run;
}

Result<std::vector<RunRow>> SqlRunReader::latest(std::string_view source, int count) {
  std::vector<RunRow> runs;
  auto session = session_.use();
  auto each = [&](const Row& row) -> Status {
    MUSTER_TRY(auto run, read_run(row, *session, catalog_));
    runs.push_back(std::move(run));
    return {};
  };
  if (source.empty()) {
    MUSTER_CHECK(session->query(
        kRuns, [&](Binder& binder) { binder.number(count); }, each));
    return runs;
  }
  MUSTER_TRY(std::int64_t source_id, catalog_.id(*session, source));
  MUSTER_CHECK(session->query(
      kRunsOfSource, [&](Binder& binder) { binder.number(source_id).number(count); }, each));
  return runs;
}

Result<std::vector<RunItem>> SqlRunReader::items(std::string_view run_id, std::int64_t after_number,
                                                 int count) {
  std::vector<RunItem> items;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kItems, [&](Binder& binder) { binder.text(run_id).number(after_number).number(count); },
      [&](const Row& row) { return read_fields(row, 0, kItemFields, items.emplace_back()); }));
  return items;
}

Result<std::int64_t> SqlRunReader::count_items(std::string_view run_id) {
  std::int64_t count = 0;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kLastItem, [&](Binder& binder) { binder.text(run_id); },
      [&](const Row& row) { count = row.number(0); }));
  return count;
}

Result<std::optional<TokenRow>> SqlTokenReader::get(std::string_view id) {
  std::optional<TokenRow> token;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kToken, [&](Binder& binder) { binder.text(id); },
      [&](const Row& row) -> Status {
        MUSTER_TRY(token, read_token(row, *session, catalog_));
        return {};
      }));
  return token;
}

Result<std::vector<TokenRow>> SqlTokenReader::all() {
  std::vector<TokenRow> tokens;
  auto session = session_.use();
  MUSTER_CHECK(session->query(kTokens, {}, [&](const Row& row) -> Status {
    MUSTER_TRY(auto token, read_token(row, *session, catalog_));
    tokens.push_back(std::move(token));
    return {};
  }));
  return tokens;
}

Result<std::vector<AuditRow>> SqlJournalReader::audit(std::int64_t after_sequence, int count) {
  std::vector<AuditRow> rows;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kAudit, [&](Binder& binder) { binder.number(after_sequence).number(count); },
      [&](const Row& row) { return read_entry(row, kAuditFields, rows); }));
  return rows;
}

Result<std::vector<OutboxRow>> SqlJournalReader::outbox(std::int64_t after_sequence, int count) {
  std::vector<OutboxRow> rows;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kOutbox, [&](Binder& binder) { binder.number(after_sequence).number(count); },
      [&](const Row& row) { return read_entry(row, kOutboxFields, rows); }));
  return rows;
}

Result<std::vector<SourceCounts>> SqlJournalReader::counts() {
  std::map<std::int64_t, SourceCounts> sources;
  auto session = session_.use();
  MUSTER_CHECK(session->query(kCounts, {}, [&](const Row& row) {
    if (row.number(0) == kIdentities) return;
    SourceCounts& counts = sources[row.number(0)];
    auto state = static_cast<RecordState>(row.number(2));
    bool user = static_cast<ResourceType>(row.number(1)) == ResourceType::user;
    std::int64_t n = row.number(3);
    if (user && state == RecordState::linked) counts.people += n;
    if (!user && state != RecordState::gone) counts.groups += n;
    if (user && state == RecordState::review) counts.review += n;
    if (state == RecordState::quarantined) counts.quarantined += n;
  }));
  std::vector<SourceCounts> out;
  for (auto& [id, counts] : sources) {
    MUSTER_TRY(counts.source, catalog_.name(*session, id));
    out.push_back(std::move(counts));
  }
  return out;
}

Result<AllStanding> SqlJournalReader::standing() {
  auto session = session_.use();
  return read_all_standing(*session);
}

}  // namespace muster::store
