// SPDX-License-Identifier: Apache-2.0
// store_copy STORE COPY [PEOPLE_PER_COMMIT]: writes every row of STORE once more, into an empty
// store with the same tables and indexes, by the plain SQLite API: in the order in which people
// came, durable (WAL, synchronous=FULL). The rows are in memory before the clock starts. What a
// synchronisation that ends with this store costs at least. Prints one line of JSON.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "row_template.h"

namespace {

using muster::bench::check;
using muster::bench::prepared;

struct Table {
  std::string name = {};
  int width = 0;
  std::vector<sqlite3_value*> cells = {};  // row after row
  sqlite3_stmt* insert = nullptr;

  std::size_t rows() const { return cells.size() / static_cast<std::size_t>(width); }
  void write(sqlite3* database, std::size_t from, std::size_t to) const;
};

void Table::write(sqlite3* database, std::size_t from, std::size_t to) const {
  const auto columns = static_cast<std::size_t>(width);
  for (std::size_t row = from; row < to; ++row) {
    for (std::size_t i = 0; i < columns; ++i)
      sqlite3_bind_value(insert, static_cast<int>(i) + 1, cells[row * columns + i]);
    check(database, sqlite3_step(insert));
    sqlite3_reset(insert);
  }
}

// Tables that are looked up by text, too, were written in the order of their people.
std::string order_of(sqlite3* database, const std::string& table) {
  sqlite3_stmt* columns =
      prepared(database, "select group_concat(' ' || name || ' ', '') from pragma_table_info('" +
                             table + "')");
  sqlite3_step(columns);
  const std::string names = reinterpret_cast<const char*>(sqlite3_column_text(columns, 0));
  sqlite3_finalize(columns);
  for (const char* name : {"row_id", "sequence", "number", "group_row"})
    if (names.find(std::string(" ") + name + " ") != std::string::npos) return name;
  if (names.find(" identity_id ") == std::string::npos) return "1";
  return "(select row_id from identities where id = identity_id)";
}

std::vector<Table> read_store(sqlite3* from, sqlite3* to) {
  std::vector<Table> tables;
  sqlite3_stmt* schema = prepared(from,
                                  "select type, name, sql from sqlite_master where sql is not null "
                                  "and name not like 'sqlite_%' "
                                  "order by type desc, rowid");
  while (sqlite3_step(schema) == SQLITE_ROW) {
    const auto text = [&](int place) {
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(schema, place)));
    };
    muster::bench::run(to, text(2));
    if (text(0) == "table") tables.push_back({.name = text(1)});
  }
  sqlite3_finalize(schema);
  for (auto& table : tables) {
    sqlite3_stmt* rows =
        prepared(from, "select * from " + table.name + " order by " + order_of(from, table.name));
    table.width = sqlite3_column_count(rows);
    while (sqlite3_step(rows) == SQLITE_ROW) {
      for (int i = 0; i < table.width; ++i)
        table.cells.push_back(sqlite3_value_dup(sqlite3_column_value(rows, i)));
    }
    sqlite3_finalize(rows);
    std::string places;
    for (int i = 0; i < table.width; ++i) places += i > 0 ? ",?" : "?";
    table.insert = prepared(to, "insert into " + table.name + " values (" + places + ")");
  }
  return tables;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    std::fprintf(stderr, "usage: store_copy STORE COPY [PEOPLE_PER_COMMIT]\n");
    return 2;
  }
  const std::size_t portion = count > 3 ? std::strtoull(words[3], nullptr, 10) : 1000;
  sqlite3* from = nullptr;
  check(nullptr, sqlite3_open_v2(words[1], &from, SQLITE_OPEN_READONLY, nullptr));
  sqlite3* to = muster::bench::open_database(words[2]);
  const auto tables = read_store(from, to);
  sqlite3_close(from);
  const auto records = std::ranges::find(tables, "records", &Table::name);
  const std::size_t people = records == tables.end() ? 0 : records->rows();
  const std::size_t commits = std::max<std::size_t>(1, (people + portion - 1) / portion);

  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  std::size_t written = 0;
  for (std::size_t i = 0; i < commits; ++i) {
    muster::bench::run(to, "begin immediate");
    for (const auto& table : tables)
      table.write(to, table.rows() * i / commits, table.rows() * (i + 1) / commits);
    muster::bench::run(to, "commit");
  }
  for (const auto& table : tables) {
    written += table.rows();
    sqlite3_finalize(table.insert);
  }
  sqlite3_close(to);  // the last checkpoint, as at the program's end
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  std::printf("{\"people\":%zu,\"rows\":%zu,\"commits\":%zu,\"seconds\":%.4f,\"cpu\":%.4f}\n",
              people, written, commits, wall.count(), cpu_seconds() - cpu);
  return 0;
}
