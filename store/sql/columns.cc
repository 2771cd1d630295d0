// SPDX-License-Identifier: Apache-2.0
#include "store/sql/columns.h"

namespace muster::store {
namespace {

void separate(std::string& out) {
  if (!out.empty()) out += ", ";
}

}  // namespace

std::string select_list(std::span<const Column> columns, std::string_view alias) {
  std::string out;
  for (const auto& column : columns) {
    separate(out);
    if (!alias.empty()) out.append(alias).append(".");
    out += column.name;
  }
  return out;
}

Sql insert_sql(std::string_view table, std::span<const Column> columns, std::string_view tail) {
  std::string places;
  std::string types;
  for (const auto& column : columns) {
    separate(places);
    types += column.type;
    places += "$" + std::to_string(types.size());
  }
  std::string text = "insert into " + std::string(table) + " (" + select_list(columns) +
                     ") values (" + places + ")";
  return {text.append(tail), types};
}

std::string on_conflict(std::string_view key, std::span<const Column> columns) {
  std::string set;
  for (const auto& column : columns) {
    if (column.changes == Changes::never) continue;
    separate(set);
    set.append(column.name).append(" = excluded.").append(column.name);
  }
  return " on conflict (" + std::string(key) + ") do update set " + set;
}

Sql update_sql(std::string_view table, std::span<const Column> columns, Changes changes,
               std::string_view condition, std::string_view types) {
  Sql sql{"", std::string(types)};
  std::string set;
  for (const auto& column : columns) {
    if (column.changes != changes) continue;
    separate(set);
    sql.in += column.type;
    set.append(column.name).append(" = $" + std::to_string(sql.in.size()));
  }
  sql.text = "update " + std::string(table) + " set " + set + " where " + std::string(condition);
  return sql;
}

}  // namespace muster::store
