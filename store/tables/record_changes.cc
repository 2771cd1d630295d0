// SPDX-License-Identifier: Apache-2.0
#include "store/tables/record_changes.h"

#include <algorithm>
#include <vector>

#include "store/codec.h"
#include "store/tables/numbers.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

const Sql kInsert{
    "insert into records (row_id, id, source_id, type, key, link_key, state, version, "
    "content_hash, evaluated_with,"
    " enabled, missing_since, created, modified, identity_id, user_name_key, external_id, "
    "display_name_key, active,"
    " display, correlated_by, state_reason, emails, aliases, contribution, document)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21, $22, $23,"
    " $24, $25, $26)",
    "ntnnttnnnn"
    "nnnnttttn"
    "ttttttt"};
const Sql kSeen{
    "select row_id, version, source_id, type, state, active, link_key, identity_id, user_name_key, "
    "external_id,"
    " display_name_key, emails, aliases from records where id = $1",
    "t"};
// What no index looks at; naming an indexed column would make SQLite take the row out of the index
// and put it back.
const Sql kUpdate{
    "update records set version = $3, content_hash = $4, evaluated_with = $5, enabled = $6, "
    "missing_since = $7,"
    " modified = $8, display = $9, correlated_by = $10, state_reason = $11, contribution = $12, "
    "document = $13"
    " where row_id = $1 and version = $2",
    "nnnnnnnn"
    "ttttt"};
const Sql kUpdateKeys{
    "update records set state = $2, active = $3, link_key = $4, identity_id = $5, user_name_key = "
    "$6,"
    " external_id = $7, display_name_key = $8, emails = $9, aliases = $10 where row_id = $1",
    "nnn"
    "ttttttt"};

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
  std::string emails = {};
  std::string aliases = {};
  std::vector<std::string> email_list = {};
  std::vector<std::string> alias_list = {};
};

std::string stored_link_key(const RecordHead& head) {
  return head.link_key == head.key.key ? std::string() : head.link_key;
}

std::string display_of(const RecordRow& row) {
  return row.head.key.type == ResourceType::group ? group_display(row.document, row.head.key.key)
                                                  : std::string();
}

std::optional<std::int64_t> number_of(std::optional<bool> active) {
  return active ? std::optional<std::int64_t>(*active ? 1 : 0) : std::nullopt;
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
  const RecordHead& head = row.head;
  binder.number(head.row).text(head.id).number(source).number(
      static_cast<std::int64_t>(head.key.type));
  binder.text(head.key.key)
      .text_or_null(stored_link_key(head))
      .number(static_cast<std::int64_t>(head.state));
  binder.number(head.version)
      .number(head.content_hash)
      .number(head.evaluated_with)
      .number(head.enabled ? 1 : 0);
  binder.number_or_null(milliseconds(head.missing_since));
  binder.number(milliseconds(head.created)).number(milliseconds(head.modified));
  binder.text_or_null(head.identity_id).text_or_null(row.search.user_name);
  binder.text_or_null(row.search.external_id).text_or_null(row.search.display_name);
  binder.number_or_null(number_of(row.search.active)).text_or_null(display_of(row));
  binder.text_or_null(row.correlated_by).text_or_null(row.state_reason);
  binder.text_or_null(write_texts(row.search.emails)).text_or_null(write_texts(row.aliases));
  binder.text(write_contribution(row.contribution)).text(row.document);
}

void bind_update(const RecordRow& row, const Seen& seen, Binder& binder) {
  const RecordHead& head = row.head;
  binder.number(seen.row).number(head.version).number(head.version + 1);
  binder.number(head.content_hash).number(head.evaluated_with).number(head.enabled ? 1 : 0);
  binder.number_or_null(milliseconds(head.missing_since)).number(milliseconds(head.modified));
  binder.text_or_null(display_of(row))
      .text_or_null(row.correlated_by)
      .text_or_null(row.state_reason);
  binder.text(write_contribution(row.contribution)).text(row.document);
}

void bind_keys(const RecordRow& row, const Seen& seen, Binder& binder) {
  binder.number(seen.row).number(static_cast<std::int64_t>(row.head.state));
  binder.number_or_null(number_of(row.search.active)).text_or_null(stored_link_key(row.head));
  binder.text_or_null(row.head.identity_id).text_or_null(row.search.user_name);
  binder.text_or_null(row.search.external_id).text_or_null(row.search.display_name);
  binder.text_or_null(write_texts(row.search.emails)).text_or_null(write_texts(row.aliases));
}

bool same_keys(const RecordRow& row, const Seen& seen) {
  return row.head.state == seen.state && row.search.active == seen.active &&
         stored_link_key(row.head) == seen.link_key && row.head.identity_id == seen.identity_id &&
         row.search.user_name == seen.user_name && row.search.external_id == seen.external_id &&
         row.search.display_name == seen.display_name && row.search.emails == seen.email_list &&
         row.aliases == seen.alias_list;
}

Result<std::vector<std::optional<Seen>>> see(Session& session, std::span<const RecordRow> rows) {
  std::vector<std::optional<Seen>> seen(rows.size());
  MUSTER_CHECK(session.read(
      kSeen, rows.size(), [&](std::size_t i, Binder& binder) { binder.text(rows[i].head.id); },
      [&](std::size_t i, const Row& row) {
        Seen& one = seen[i].emplace();
        one.row = row.number(0);
        one.version = row.number(1);
        one.source = row.number(2);
        one.type = static_cast<ResourceType>(row.number(3));
        one.state = static_cast<RecordState>(row.number(4));
        if (auto active = row.optional_number(5)) one.active = *active != 0;
        std::size_t column = 6;
        for (auto* text : {&one.link_key, &one.identity_id, &one.user_name, &one.external_id,
                           &one.display_name, &one.emails, &one.aliases}) {
          *text = row.text(column++);
        }
      }));
  for (auto& one : seen) {
    if (!one) continue;
    MUSTER_TRY(one->email_list, read_texts(one->emails));
    MUSTER_TRY(one->alias_list, read_texts(one->aliases));
  }
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

Status update_keys(WriteScope& scope, std::span<const RecordRow> rows,
                   const std::vector<std::optional<Seen>>& seen) {
  std::vector<std::size_t> changed;
  LookUps look_ups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (same_keys(rows[i], *seen[i])) continue;
    changed.push_back(i);
    collect(rows[i].search.emails, seen[i]->email_list, *seen[i], look_ups.emails_added);
    collect(seen[i]->email_list, rows[i].search.emails, *seen[i], look_ups.emails_dropped);
    collect(rows[i].aliases, seen[i]->alias_list, *seen[i], look_ups.aliases_added);
    collect(seen[i]->alias_list, rows[i].aliases, *seen[i], look_ups.aliases_dropped);
    scope.tallies().count(seen[i]->source, seen[i]->type, seen[i]->state, seen[i]->active,
                          seen[i]->row, -1);
    scope.tallies().count(seen[i]->source, seen[i]->type, rows[i].head.state, rows[i].search.active,
                          seen[i]->row, 1);
  }
  MUSTER_CHECK(
      scope.session().write(kUpdateKeys, changed.size(), [&](std::size_t k, Binder& binder) {
        bind_keys(rows[changed[k]], *seen[changed[k]], binder);
      }));
  return look_ups.write(scope.session());
}

}  // namespace

Status insert_records(WriteScope& scope, std::span<RecordRow> rows) {
  MUSTER_TRY(auto sources, source_ids(scope, rows));
  MUSTER_TRY(auto numbers, next_record_numbers(scope.session(), rows.size()));
  LookUps look_ups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RecordRow& row = rows[i];
    row.head.row = numbers[i];
    row.head.version = 1;
    Seen place{.row = numbers[i], .source = sources[i], .type = row.head.key.type};
    collect(row.search.emails, {}, place, look_ups.emails_added);
    collect(row.aliases, {}, place, look_ups.aliases_added);
    scope.tallies().count(sources[i], row.head.key.type, row.head.state, row.search.active,
                          numbers[i], 1);
  }
  MUSTER_CHECK(scope.session().write(kInsert, rows.size(), [&](std::size_t i, Binder& binder) {
    bind_insert(rows[i], sources[i], binder);
  }));
  return look_ups.write(scope.session());
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
    rows[i].head.row = seen[i]->row;
    ++rows[i].head.version;
  }
  return {};
}

}  // namespace muster::store
