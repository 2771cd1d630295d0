// SPDX-License-Identifier: Apache-2.0
#include "store/readers/resource_listings.h"

#include <array>
#include <vector>

#include "store/readers/resource_columns.h"
#include "store/tables/record_columns.h"

namespace muster::store {
namespace {

// Where the statements of an index stand: those that take a key come first.
enum Place {
  by_id,
  by_user_name,
  by_external_id,
  by_email,
  by_member,
  by_display_name,
  by_inactive,
  by_active,
  whole
};

IndexedAttribute attribute_of(const IndexedName& name) {
  switch (name.index) {
    case Indexed::id:
      return {name.path, by_id, KeyForm::exact};
    case Indexed::user_name:
      return {name.path, by_user_name, KeyForm::folded};
    case Indexed::external_id:
      return {name.path, by_external_id, KeyForm::exact};
    case Indexed::email:
      return {name.path, by_email, KeyForm::folded};
    case Indexed::display_name:
      return {name.path, by_display_name, KeyForm::folded};
    case Indexed::active:
      return {name.path, by_active, KeyForm::truth};
    case Indexed::member:
      return {name.path, by_member, KeyForm::exact};
  }
  return {};
}

const std::string kGone = literal(RecordState::gone);

struct Statements {
  Sql page;
  Sql skip;
  Sql count;
};

Statements statements(const std::string& where, const std::string& row, const std::string& count,
                      bool has_key) {
  const std::string shared = has_key ? "nnt" : "nn";
  const std::string behind = has_key ? "$4" : "$3";
  const std::string limit = has_key ? "$5" : "$4";
  return {
      {select_resources() + where + " and " + row + " > " + behind + " order by r.row_id limit " +
           limit,
       shared + "nn"},
      {"select r.row_id from records r " + where + " and " + row + " >= " + behind +
           " order by r.row_id limit 1 offset " + limit,
       shared + "nn"},
      {count, shared},
  };
}

// The records whose own columns say so. $1 is the source, $2 the type, $3 the key.
Statements where_column(const std::string& condition) {
  const std::string where = "where r.source_id = $1 and r.type = $2 and r.state <> " + kGone +
                            " and " + condition + " = $3";
  return statements(where, "r.row_id", "select count(*) from records r " + where, true);
}

// The records that a look-up names. Signs keep the engine from walking all records of the source
// and asking of each whether it is among them.
Statements among(const std::string& rows) {
  const std::string where = "where r.row_id in (" + rows +
                            ") and +r.source_id = $1 and +r.type = $2 and +r.state <> " + kGone;
  return statements(where, "r.row_id + 0", "select count(*) from records r " + where, true);
}

// A share of all records in their order; the counters know how many.
Statements in_order(const std::string& condition) {
  return statements("where r.source_id = $1 and r.type = $2 and r.state <> " + kGone + condition,
                    "r.row_id",
                    "select coalesce(sum(n), 0) from record_counts r where r.source_id = $1 and"
                    " r.type = $2 and r.state <> " +
                        kGone + condition,
                    false);
}

const std::array<Statements, 9> kStatements{
    where_column("r.id"),
    where_column("r.user_name_key"),
    // Most external ids are the link key, and then stand in that index only.
    among(
        "select x.row_id from records x where x.source_id = $1 and x.type = $2 and x.link_key = $3"
        " and x.external_id = $3"
        " union all select x.row_id from records x where x.source_id = $1 and x.type = $2"
        " and x.external_id = $3 and (x.link_key is null or x.link_key <> x.external_id)"),
    among("select e.row_id from record_emails e where e.source_id = $1 and e.type = $2"
          " and e.email = $3"),
    among("select m.group_row from records x join memberships m on m.member_row = x.row_id"
          " where x.id = $3 and x.source_id = $1 and x.state <> " +
          kGone +
          " union select w.group_row from memberships w"
          " where w.member_row is null and w.source_id = $1 and w.member_key = $3"),
    where_column("r.display_name_key"),
    in_order(" and r.active = 0"),
    in_order(" and r.active = 1"),
    in_order(""),
};

}  // namespace

FilterPlan plan_resource_filter(const std::optional<Filter>& filter,
                                std::span<const IndexedName> names) {
  std::vector<IndexedAttribute> indexed;
  indexed.reserve(names.size());
  for (const auto& name : names) indexed.push_back(attribute_of(name));
  return plan_filter(filter, indexed);
}

Listing resource_listing(const FilterPlan& plan, std::int64_t source, ResourceType type) {
  int index = plan.by ? plan.by->index : whole;
  if (index == by_active && plan.key == "false") index = by_inactive;
  const Statements& chosen = kStatements[static_cast<std::size_t>(index)];
  bool has_key = index < by_inactive;
  Listing listing{.page = &chosen.page, .skip = &chosen.skip, .count = &chosen.count};
  listing.by_buckets = index == whole;
  listing.bucket_source = source;
  listing.bucket_type = static_cast<std::int64_t>(type);
  listing.bind = [=](Binder& binder) {
    binder.number(source).number(static_cast<std::int64_t>(type));
    if (has_key) binder.text(plan.key);
  };
  return listing;
}

}  // namespace muster::store
