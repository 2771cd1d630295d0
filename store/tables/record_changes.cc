// SPDX-License-Identifier: Apache-2.0
#include "store/tables/record_changes.h"

#include <algorithm>
#include <array>
#include <vector>

#include "store/codec.h"
#include "store/tables/member_names.h"
#include "store/tables/numbers.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kInsert = insert_sql("records", kRowColumns);
// What no index looks at.
const Sql kUpdate =
    update_sql("records", kRowColumns, Changes::freely, "row_id = $1 and version = $2", "nn");
const Sql kUpdateKeys = update_sql("records", kRowColumns, Changes::indexed, "row_id = $1", "n");

const Sql kAddEmail{
    "insert into record_emails (source_id, type, email, row_id) values ($1, $2, $3, $4)"
    " on conflict do nothing",
    "nntn"};
const Sql kDropEmail{
    "delete from record_emails where source_id = $1 and type = $2 and email = $3 and row_id = $4",
    "nntn"};
const Sql kAddAlias{
    "insert into record_aliases (source_id, alias, row_id) values ($1, $2, $3)"
    " on conflict do nothing",
    "ntn"};
const Sql kDropAlias{
    "delete from record_aliases where source_id = $1 and alias = $2 and row_id = $3", "ntn"};

// One text by which a record is found, beside the table's own columns.
struct LookUp {
  std::int64_t source = 0;
  std::int64_t type = 0;
  std::int64_t row = 0;
  std::string_view text = {};
};

struct LookUps {
  std::vector<LookUp> emails_added, emails_dropped, aliases_added, aliases_dropped;

  Status write(Session& session) const {
    auto email = [](const std::vector<LookUp>& entries) {
      return [&entries](std::size_t i, Binder& binder) {
        binder.number(entries[i].source)
            .number(entries[i].type)
            .text(entries[i].text)
            .number(entries[i].row);
      };
    };
    auto alias = [](const std::vector<LookUp>& entries) {
      return [&entries](std::size_t i, Binder& binder) {
        binder.number(entries[i].source).text(entries[i].text).number(entries[i].row);
      };
    };
    MUSTER_CHECK(session.write(kDropEmail, emails_dropped.size(), email(emails_dropped)));
    MUSTER_CHECK(session.write(kAddEmail, emails_added.size(), email(emails_added)));
    MUSTER_CHECK(session.write(kDropAlias, aliases_dropped.size(), alias(aliases_dropped)));
    MUSTER_CHECK(session.write(kAddAlias, aliases_added.size(), alias(aliases_added)));
    return {};
  }
};

// The record as it is stored, as far as a change has to know it.
struct Seen {
  std::int64_t row = 0;
  std::int64_t version = 0;
  std::int64_t source = 0;
  ResourceType type = ResourceType::user;
  RecordState state = RecordState::linked;
  std::optional<bool> active = {};
  std::string link_key = {};
  std::string identity_id = {};
  std::string user_name = {};
  std::string external_id = {};
  std::string display_name = {};
  std::vector<std::string> emails = {};
  std::vector<std::string> aliases = {};
  std::vector<Finding> findings = {};
};

constexpr std::array kSeenFields{
    number<&Seen::row>("row_id"),
    number<&Seen::version>("version"),
    number<&Seen::source>("source_id"),
    number<&Seen::type>("type"),
    number<&Seen::state>("state"),
    number<&Seen::active>("active"),
    text<&Seen::link_key>("link_key"),
    text<&Seen::identity_id>("identity_id"),
    text<&Seen::user_name>("user_name_key"),
    text<&Seen::external_id>("external_id"),
    text<&Seen::display_name>("display_name_key"),
    packed<write_texts, read_texts, &Seen::emails>("emails"),
    packed<write_texts, read_texts, &Seen::aliases>("aliases"),
    packed<write_findings, read_findings, &Seen::findings>("findings"),
};
static_assert(kSeenFields.size() == member_count<Seen>());
const Sql kSeen{"select " + select_list(columns_of(kSeenFields)) + " from records where id = $1",
                "t"};

std::string stored_link_key(const RecordHead& head) {
  return head.link_key == head.key.key ? std::string() : head.link_key;
}

Result<std::vector<std::int64_t>> source_ids(WriteScope& scope, std::span<const RecordRow> rows) {
  std::vector<std::int64_t> ids(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& source = rows[i].head.key.source;
    if (i > 0 && rows[i - 1].head.key.source == source) {
      ids[i] = ids[i - 1];
    } else {
      MUSTER_TRY(ids[i], scope.catalog().id_or_new(scope.session(), source));
    }
  }
  return ids;
}

void bind_insert(const RecordRow& row, std::int64_t source, Binder& binder) {
  bind_fields(binder, kHeadFields, row.head, source);
  bind_fields(binder, kRecordFields, row);
}

void bind_update(const RecordRow& row, const Seen& seen, Binder& binder) {
  binder.number(seen.row).number(row.head.version);
  bind_changes(binder, kHeadFields, Changes::freely, row.head);
  bind_changes(binder, kRecordFields, Changes::freely, row);
}

void bind_keys(const RecordRow& row, const Seen& seen, Binder& binder) {
  binder.number(seen.row);
  bind_changes(binder, kHeadFields, Changes::indexed, row.head);
  bind_changes(binder, kRecordFields, Changes::indexed, row);
}

bool same_keys(const RecordRow& row, const Seen& seen) {
  return row.head.state == seen.state && row.search.active == seen.active &&
         stored_link_key(row.head) == seen.link_key && row.head.identity_id == seen.identity_id &&
         row.search.user_name == seen.user_name && row.search.external_id == seen.external_id &&
         row.search.display_name == seen.display_name && row.search.emails == seen.emails &&
         row.aliases == seen.aliases;
}

Result<std::vector<std::optional<Seen>>> see(Session& session, std::span<const RecordRow> rows) {
  std::vector<std::optional<Seen>> seen(rows.size());
  MUSTER_CHECK(session.read(
      kSeen, rows.size(), [&](std::size_t i, Binder& binder) { binder.text(rows[i].head.id); },
      [&](std::size_t i, const Row& row) {
        return read_fields(row, 0, kSeenFields, seen[i].emplace());
      }));
  return seen;
}

tl::unexpected<Error> lost_race(const RecordRow& row) {
  return fail(Fault::conflict, "the record was changed by somebody else meanwhile: read it again",
              row.head.id, "version");
}

// Entries of `now` that `before` lacks; the views point into `now`.
void collect(const std::vector<std::string>& now, const std::vector<std::string>& before,
             const Seen& seen, std::vector<LookUp>& out) {
  for (const auto& text : now) {
    if (std::find(before.begin(), before.end(), text) != before.end()) continue;
    out.push_back({seen.source, static_cast<std::int64_t>(seen.type), seen.row, text});
  }
}

// Names that a change gives, takes away, or lets live or die with the record. They point into the
// rows and what was seen of them.
void collect_names(const RecordRow& row, const Seen& seen, std::vector<MovedName>& out) {
  const auto add = [&](const std::string& name) { out.push_back({{seen.source, name}, seen.row}); };
  const bool gone = row.head.state == RecordState::gone;
  if (gone != (seen.state == RecordState::gone)) {
    add(row.head.key.key);
    for (const auto& alias : row.aliases) add(alias);
    for (const auto& alias : seen.aliases) add(alias);
    return;
  }
  std::vector<LookUp> changed;
  collect(row.aliases, seen.aliases, seen, changed);
  collect(seen.aliases, row.aliases, seen, changed);
  for (const auto& one : changed) out.push_back({{one.source, one.text}, seen.row});
}

Status update_keys(WriteScope& scope, std::span<const RecordRow> rows,
                   const std::vector<std::optional<Seen>>& seen) {
  std::vector<std::size_t> changed;
  LookUps look_ups;
  std::vector<MovedName> names;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (same_keys(rows[i], *seen[i])) continue;
    changed.push_back(i);
    collect(rows[i].search.emails, seen[i]->emails, *seen[i], look_ups.emails_added);
    collect(seen[i]->emails, rows[i].search.emails, *seen[i], look_ups.emails_dropped);
    collect(rows[i].aliases, seen[i]->aliases, *seen[i], look_ups.aliases_added);
    collect(seen[i]->aliases, rows[i].aliases, *seen[i], look_ups.aliases_dropped);
    collect_names(rows[i], *seen[i], names);
    scope.tallies().count(seen[i]->source, seen[i]->type, seen[i]->state, seen[i]->active,
                          seen[i]->row, -1);
    scope.tallies().count(seen[i]->source, seen[i]->type, rows[i].head.state, rows[i].search.active,
                          seen[i]->row, 1);
  }
  MUSTER_CHECK(
      scope.session().write(kUpdateKeys, changed.size(), [&](std::size_t k, Binder& binder) {
        bind_keys(rows[changed[k]], *seen[changed[k]], binder);
      }));
  MUSTER_CHECK(look_ups.write(scope.session()));
  return resolve_members(scope, names);
}

void count_findings(WriteScope& scope, const RecordRow& row, const std::vector<Finding>& before) {
  const auto& source = row.head.key.source;
  scope.tallies().count_findings(Tallies::About::record, source, before, -1);
  scope.tallies().count_findings(Tallies::About::record, source, row.findings, 1);
}

}  // namespace

Status insert_records(WriteScope& scope, std::span<RecordRow> rows) {
  MUSTER_TRY(auto sources, source_ids(scope, rows));
  MUSTER_TRY(auto numbers, next_record_numbers(scope.session(), rows.size()));
  LookUps look_ups;
  std::vector<MovedName> names;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RecordRow& row = rows[i];
    row.head.row = numbers[i];
    row.head.version = 0;
    Seen place{.row = numbers[i], .source = sources[i], .type = row.head.key.type};
    collect(row.search.emails, {}, place, look_ups.emails_added);
    collect(row.aliases, {}, place, look_ups.aliases_added);
    names.push_back({{sources[i], row.head.key.key}, numbers[i]});
    for (const auto& alias : row.aliases) names.push_back({{sources[i], alias}, numbers[i]});
    scope.tallies().count(sources[i], row.head.key.type, row.head.state, row.search.active,
                          numbers[i], 1);
    count_findings(scope, row, {});
  }
  MUSTER_CHECK(scope.session().write(kInsert, rows.size(), [&](std::size_t i, Binder& binder) {
    bind_insert(rows[i], sources[i], binder);
  }));
  for (auto& row : rows) row.head.version = 1;
  MUSTER_CHECK(look_ups.write(scope.session()));
  return resolve_members(scope, names);
}

Status update_records(WriteScope& scope, std::span<RecordRow> rows) {
  MUSTER_TRY(auto seen, see(scope.session(), rows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!seen[i])
      return fail(Fault::not_found, "the record to change does not exist", rows[i].head.id);
    if (seen[i]->version != rows[i].head.version) return lost_race(rows[i]);
  }
  MUSTER_TRY(std::int64_t updated,
             scope.session().write(kUpdate, rows.size(), [&](std::size_t i, Binder& binder) {
               bind_update(rows[i], *seen[i], binder);
             }));
  // Another replica may have come between the look and the update.
  if (updated != static_cast<std::int64_t>(rows.size())) return lost_race(rows[0]);
  MUSTER_CHECK(update_keys(scope, rows, seen));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    count_findings(scope, rows[i], seen[i]->findings);
    rows[i].head.row = seen[i]->row;
    ++rows[i].head.version;
  }
  return {};
}

}  // namespace muster::store
