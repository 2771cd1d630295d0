// SPDX-License-Identifier: Apache-2.0
#include "store/readers/people_reader.h"

#include <array>

#include "core/text.h"
#include "store/readers/filter_plan.h"
#include "store/readers/listing.h"
#include "store/tables/identity_columns.h"
#include "store/tables/record_columns.h"
#include "store/tables/tallies.h"

namespace muster::store {
namespace {

enum Index { by_id, by_name, by_mail, whole };

struct Statements {
  Sql page;
  Sql skip;
  Sql count;
};

Statements statements(const std::string& condition) {
  const std::string shared = condition.empty() ? "" : "t";
  const std::string behind = condition.empty() ? "$1" : "$2";
  const std::string limit = condition.empty() ? "$2" : "$3";
  const std::string where = "where " + (condition.empty() ? "" : condition + " and ");
  return {
      {select_identities() + where + "i.row_id > " + behind + " order by i.row_id limit " + limit,
       shared + "nn"},
      {"select i.row_id from identities i " + where + "i.row_id >= " + behind +
           " order by i.row_id limit 1 offset " + limit,
       shared + "nn"},
      {condition.empty() ? "select coalesce(sum(n), 0) from record_counts where source_id = " +
                               std::to_string(kIdentities)
                         : "select count(*) from identities i where " + condition,
       shared},
  };
}

const std::array<Statements, 4> kStatements{
    statements("i.id = $1"),
    // A name is kept for good, so the one who holds it may go by another one now: the filter is
    // evaluated as well.
    statements("i.id = (select n.identity_id from user_names n where n.name_key = $1)"),
    statements("i.mail_key = $1"),
    statements(""),
};

const Sql kRowOf{"select row_id from identities where id = $1", "t"};
const Sql kRecords{select_records() +
                       "where r.identity_id = $1 or r.row_id in (select m.group_row from records p "
                       "join memberships m"
                       " on m.member_row = p.row_id where p.identity_id = $1) order by r.row_id",
                   "t"};

Value document_of(const Identity& person) {
  Value document;
  for (const auto& attribute : person.attributes) document.set(attribute.name, attribute.value);
  document.set("id", Value(person.id));
  document.set("userName", Value(person.user_name));
  document.set("email", Value(person.email));
  Value::List emails;
  if (!person.email.empty()) emails.push_back(Value().set("value", Value(person.email)));
  document.set("emails", Value(std::move(emails)));
  document.set("active", Value(person.state == IdentityState::active));
  document.set("external", Value(person.classification == Classification::external));
  document.set("classification", Value(name_of(person.classification)));
  document.set("state", Value(name_of(person.state)));
  Value::List sources;
  for (const auto& tag : person.sources) sources.emplace_back(tag);
  document.set("sources", Value(std::move(sources)));
  Value meta;
  meta.set("created", Value(format_timestamp(person.created)));
  meta.set("lastModified", Value(format_timestamp(person.modified)));
  document.set("meta", std::move(meta));
  return document;
}

constexpr std::array<IndexedAttribute, 4> kIndexed{{{"id", by_id, KeyForm::exact},
                                                    {"userName", by_name, KeyForm::folded},
                                                    {"email", by_mail, KeyForm::folded},
                                                    {"emails.value", by_mail, KeyForm::folded}}};

FilterPlan plan_people_filter(const std::optional<Filter>& filter) {
  FilterPlan plan = plan_filter(filter, kIndexed);
  if (plan.by && plan.by->index == by_name) plan.rest = filter;
  return plan;
}

Listing people_listing(const FilterPlan& plan) {
  int index = plan.by ? plan.by->index : whole;
  const Statements& chosen = kStatements[static_cast<std::size_t>(index)];
  Listing listing{.page = &chosen.page, .skip = &chosen.skip, .count = &chosen.count};
  listing.by_buckets = index == whole;
  listing.bucket_source = kIdentities;
  listing.bind = [key = plan.key, index](Binder& binder) {
    if (index != whole) binder.text(key);
  };
  return listing;
}

Result<std::optional<Identity>> first(Session& session, int index, std::string_view key) {
  std::optional<Identity> found;
  MUSTER_CHECK(session.query(
      kStatements[static_cast<std::size_t>(index)].page,
      [&](Binder& binder) { binder.text(key).number(0).number(1); },
      [&](const Row& row) -> Status {
        MUSTER_TRY(found, read_identity(row));
        return {};
      }));
  return found;
}

}  // namespace

Result<std::optional<Identity>> SqlPeopleReader::get(std::string_view id) {
  auto session = session_.use();
  return first(*session, by_id, id);
}

Result<std::optional<Identity>> SqlPeopleReader::by_user_name(std::string_view user_name) {
  auto session = session_.use();
  std::string key = fold_key(user_name);
  MUSTER_TRY(auto person, first(*session, by_name, key));
  if (person && fold_key(person->user_name) != key) person.reset();
  return person;
}

Result<Page<Identity>> SqlPeopleReader::list(const Query& query) {
  auto session = session_.use();
  std::optional<std::int64_t> after;
  if (!query.after.empty()) {
    MUSTER_CHECK(session->query(
        kRowOf, [&](Binder& binder) { binder.text(query.after); },
        [&](const Row& row) { after = row.number(0); }));
    if (!after)
      return fail(Fault::invalid, "there is nobody with this id to continue behind", query.after);
  }
  FilterPlan plan = plan_people_filter(query.filter);
  Listing listing = people_listing(plan);
  if (!plan.rest) return list_indexed<Identity>(*session, listing, query, after, read_identity);
  return list_evaluated<Identity>(*session, listing, query, after, read_identity,
                                  [&](std::int64_t, const Identity& person) -> Result<bool> {
                                    return matches(*plan.rest, document_of(person));
                                  });
}

Result<std::vector<RecordRow>> SqlPeopleReader::records(std::string_view identity_id) {
  std::vector<RecordRow> records;
  auto session = session_.use();
  MUSTER_CHECK(session->query(
      kRecords, [&](Binder& binder) { binder.text(identity_id); },
      [&](const Row& row) -> Status {
        MUSTER_TRY(auto record, read_record(row, *session, catalog_));
        records.push_back(std::move(record));
        return {};
      }));
  return records;
}

}  // namespace muster::store
