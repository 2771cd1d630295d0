// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "store/sql/sql.h"

namespace muster::store {

// When a stored thing's column is written again: with every change, or only when it differs, since
// an index looks at it (naming an indexed column makes SQLite take the row out of the index and put
// it back).
enum class Changes { never, freely, indexed };

// A column of a table: its name and its type, 'n' a 64-bit number, 't' text.
struct Column {
  std::string_view name = {};
  char type = 't';
  Changes changes = Changes::never;
};

// "r.id, r.state" of a table called `r`; without an alias "id, state".
std::string select_list(std::span<const Column> columns, std::string_view alias = {});

// "insert into TABLE (id, state) values ($1, $2)TAIL".
Sql insert_sql(std::string_view table, std::span<const Column> columns, std::string_view tail = {});

// " on conflict (KEY) do update set state = excluded.state", the columns that change.
std::string on_conflict(std::string_view key, std::span<const Column> columns);

// "update TABLE set state = $3 where CONDITION", the columns that change so; `types` are those of
// the condition's parameters, which come first.
Sql update_sql(std::string_view table, std::span<const Column> columns, Changes changes,
               std::string_view condition, std::string_view types);

// "(0, 2)": enum values where a condition lists them.
template <class Enum>
std::string in_list(std::initializer_list<Enum> values) {
  std::string out;
  for (auto value : values)
    out += (out.empty() ? "(" : ", ") + std::to_string(static_cast<int>(value));
  return out + ")";
}

template <class Enum>
std::string literal(Enum value) {
  return std::to_string(static_cast<int>(value));
}

template <std::size_t... sizes>
constexpr auto joined(const std::array<Column, sizes>&... lists) {
  std::array<Column, (sizes + ...)> all{};
  std::size_t at = 0;
  auto append = [&](const auto& list) {
    for (const auto& column : list) all[at++] = column;
  };
  (append(lists), ...);
  return all;
}

}  // namespace muster::store
