// SPDX-License-Identifier: Apache-2.0
#include "store/readers/journal_readers.h"

#include <map>

#include "store/codec.h"
#include "store/tables/record_columns.h"
#include "store/tables/run_columns.h"
#include "store/tables/tallies.h"

namespace muster::store {
namespace {

const Sql kRun{"select " + kRunColumns + " from runs where id = $1", "t"};
const Sql kRuns{"select " + kRunColumns + " from runs order by row_id desc limit $1", "n"};
const Sql kRunsOfSource{
    "select " + kRunColumns + " from runs where source_id = $1 order by row_id desc limit $2",
    "nn"};
const Sql kItems{
    "select i.number, i.action, i.result, i.code, i.place, i.record_key, i.identity_id, i.message "
    "from runs r"
    " join run_items i on i.run_row = r.row_id where r.id = $1 and i.number > $2 order by i.number "
    "limit $3",
    "tnn"};

const std::string kTokenColumns =
    "id, source_id, secret_sha256, created, expires, revoked, last_used";
const Sql kToken{"select " + kTokenColumns + " from tokens where id = $1", "t"};
const Sql kTokens{"select " + kTokenColumns + " from tokens order by row_id", ""};

const Sql kAudit{
    "select sequence, at, actor, action, subject, run, detail from audit where sequence > $1 order "
    "by sequence"
    " limit $2",
    "nn"};
const Sql kOutbox{
    "select sequence, kind, subject, body, created from outbox where sequence > $1 order by "
    "sequence limit $2",
    "nn"};
const Sql kCounts{
    "select source_id, type, state, sum(n) from record_counts group by source_id, type, state", ""};

Result<TokenRow> read_token(const Row& row, Session& session, Catalog& catalog) {
  TokenRow token;
  token.id = row.text(0);
  MUSTER_TRY(token.source, catalog.name(session, row.number(1)));
  token.secret_sha256 = row.text(2);
  token.created = timestamp(row.number(3));
  token.expires = timestamp(row.number(4));
  token.revoked = timestamp(row.optional_number(5));
  token.last_used = timestamp(row.optional_number(6));
  return token;
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
      [&](const Row& row) {
        items.push_back({row.number(0), row.string(1), row.string(2), row.string(3), row.string(4),
                         row.string(5), row.string(6), row.string(7)});
      }));
  return items;
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
      [&](const Row& row) {
        rows.push_back({row.number(0), timestamp(row.number(1)), row.string(2), row.string(3),
                        row.string(4), row.string(5), row.string(6)});
      }));
  return rows;
}

Result<std::vector<OutboxRow>> SqlJournalReader::outbox(std::int64_t after_sequence, int count) {
  std::vector<OutboxRow> rows;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kOutbox, [&](Binder& binder) { binder.number(after_sequence).number(count); },
      [&](const Row& row) {
        rows.push_back(
            {row.number(0), row.string(1), row.string(2), row.string(3), timestamp(row.number(4))});
      }));
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

}  // namespace muster::store
