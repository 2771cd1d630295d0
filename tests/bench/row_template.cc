// SPDX-License-Identifier: Apache-2.0
#include "row_template.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace muster::bench {
namespace {

std::string text_of(sqlite3_stmt* row, int place) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, place));
  return text == nullptr
             ? std::string()
             : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(row, place)));
}

std::vector<std::string> names_of(sqlite3* database, const std::string& query) {
  std::vector<std::string> names;
  sqlite3_stmt* rows = prepared(database, query);
  while (sqlite3_step(rows) == SQLITE_ROW) names.push_back(text_of(rows, 0));
  sqlite3_finalize(rows);
  return names;
}

}  // namespace

void check(sqlite3* database, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  std::fprintf(stderr, "floor: %s\n", database ? sqlite3_errmsg(database) : sqlite3_errstr(code));
  std::exit(1);
}

sqlite3* open_database(const std::string& file) {
  sqlite3* database = nullptr;
  check(nullptr, sqlite3_open(file.c_str(), &database));
  for (const char* setting : {"journal_mode=WAL", "synchronous=FULL", "cache_size=-65536",
                              "wal_autocheckpoint=16384", "temp_store=MEMORY"})
    run(database, std::string("pragma ") + setting);
  return database;
}

sqlite3_stmt* prepared(sqlite3* database, const std::string& text) {
  sqlite3_stmt* statement = nullptr;
  check(database, sqlite3_prepare_v3(database, text.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                     &statement, nullptr));
  return statement;
}

void run(sqlite3* database, const std::string& text) {
  check(database, sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr));
}

void bind_text(sqlite3_stmt* statement, int place, std::string_view text) {
  sqlite3_bind_text(statement, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

RowTemplate::RowTemplate(const std::string& template_file, std::string_view digits, sqlite3* floor)
    : floor_(floor), template_digits_(digits) {
  sqlite3* from = nullptr;
  check(nullptr, sqlite3_open_v2(template_file.c_str(), &from, SQLITE_OPEN_READONLY, nullptr));
  sqlite3_stmt* person = prepared(from, "select id, identity_id from records");
  if (sqlite3_step(person) != SQLITE_ROW) check(from, SQLITE_EMPTY);
  template_record_id_ = text_of(person, 0);
  template_identity_id_ = text_of(person, 1);
  sqlite3_finalize(person);
  copy_schema(from);
  for (const auto& table : names_of(from,
                                    "select name from sqlite_master where type = 'table' and "
                                    "name not like 'sqlite_%' order by rowid")) {
    const auto columns = names_of(from, "select name from pragma_table_info('" + table + "')");
    if (columns.back() == "n") {
      read_counter(from, table);
    } else {
      read_table(from, table);
    }
  }
  sqlite3_close(from);
}

void RowTemplate::copy_schema(sqlite3* from) {
  for (const auto& statement :
       names_of(from,
                "select sql from sqlite_master where sql is not null and name not like "
                "'sqlite_%' order by type desc, rowid"))
    run(floor_, statement);
}

void RowTemplate::read_table(sqlite3* from, const std::string& table) {
  sqlite3_stmt* stored = prepared(from, "select * from " + table);
  std::vector<RowOf> found;
  const int width = sqlite3_column_count(stored);
  int about = 0;
  for (int pass = 0; pass < 2; ++pass) {  // how many rows a person has, then the rows
    while (sqlite3_step(stored) == SQLITE_ROW) {
      if (!about_the_person(stored)) continue;
      if (pass == 0) {
        ++about;
        continue;
      }
      auto& row = found.emplace_back();
      for (int i = 0; i < width; ++i) row.columns.push_back(column_of(stored, i, about));
      row.rendered.resize(row.columns.size());
    }
    sqlite3_reset(stored);
  }
  sqlite3_finalize(stored);
  std::string places;
  for (int i = 1; i <= width; ++i) places += (i > 1 ? ",?" : "?") + std::to_string(i);
  for (auto& row : found) {
    row.insert = prepared(floor_, "insert into " + table + " values (" + places + ")");
    rows_.push_back(std::move(row));
  }
}

// One row for each counter; people are added to its last column.
void RowTemplate::read_counter(sqlite3* from, const std::string& table) {
  sqlite3_stmt* stored = prepared(from, "select * from " + table);
  while (sqlite3_step(stored) == SQLITE_ROW) {
    const int width = sqlite3_column_count(stored);
    std::string values;
    for (int i = 0; i + 1 < width; ++i)
      values += std::to_string(sqlite3_column_int64(stored, i)) + ",";
    counters_.push_back({prepared(floor_, "insert into " + table + " values (" + values +
                                              "?1) on conflict do update set n = n + ?1")});
  }
  sqlite3_finalize(stored);
}

bool RowTemplate::about_the_person(sqlite3_stmt* row) const {
  for (int i = 0; i < sqlite3_column_count(row); ++i) {
    const std::string text = text_of(row, i);
    for (const auto* mark : {&template_record_id_, &template_identity_id_, &template_digits_})
      if (text.find(*mark) != std::string::npos) return true;
  }
  return false;
}

RowTemplate::Column RowTemplate::column_of(sqlite3_stmt* row, int place, int step) const {
  const std::string_view name = sqlite3_column_name(row, place);
  Column column;
  switch (sqlite3_column_type(row, place)) {
    case SQLITE_NULL:
      break;
    case SQLITE_INTEGER:
      column.kind =
          name == "row_id" || name == "sequence" ? Column::running_number : Column::number;
      column.number_value = sqlite3_column_int64(row, place);
      column.step = name == "sequence" ? step : 1;
      break;
    default:
      column.kind = Column::text;
      column.pieces = pieces_of(text_of(row, place));
  }
  return column;
}

std::vector<RowTemplate::Piece> RowTemplate::pieces_of(std::string_view text) const {
  const std::pair<const std::string*, Piece::Kind> marks[] = {
      {&template_record_id_, Piece::record_id},
      {&template_identity_id_, Piece::identity_id},
      {&template_digits_, Piece::digits}};
  std::vector<Piece> pieces;
  while (!text.empty()) {
    auto nearest = text.size();
    const std::pair<const std::string*, Piece::Kind>* hit = nullptr;
    for (const auto& mark : marks) {
      const auto at = text.find(*mark.first);
      if (at >= nearest) continue;
      nearest = at;
      hit = &mark;
    }
    if (nearest > 0) pieces.push_back({Piece::literal, std::string(text.substr(0, nearest))});
    text.remove_prefix(nearest);
    if (hit == nullptr) break;
    pieces.push_back({hit->second, {}});
    text.remove_prefix(hit->first->size());
  }
  if (pieces.empty()) pieces.push_back({});
  return pieces;
}

void RowTemplate::write(const NewPerson& person) {
  const auto piece_text = [&](const Piece& piece) -> const std::string& {
    switch (piece.kind) {
      case Piece::record_id:
        return person.record_id;
      case Piece::identity_id:
        return person.identity_id;
      case Piece::digits:
        return person.digits;
      default:
        return piece.text;
    }
  };
  for (auto& row : rows_) {
    for (std::size_t i = 0; i < row.columns.size(); ++i) {
      const Column& column = row.columns[i];
      const int place = static_cast<int>(i) + 1;
      if (column.kind == Column::null) {
        sqlite3_bind_null(row.insert, place);
      } else if (column.kind != Column::text) {
        const auto added =
            column.kind == Column::running_number ? person.number * column.step : std::int64_t{0};
        sqlite3_bind_int64(row.insert, place, column.number_value + added);
      } else if (column.pieces.size() == 1) {
        bind_text(row.insert, place, piece_text(column.pieces.front()));
      } else {
        auto& text = row.rendered[i];
        text.clear();
        for (const auto& piece : column.pieces) text += piece_text(piece);
        bind_text(row.insert, place, text);
      }
    }
    check(floor_, sqlite3_step(row.insert));
    sqlite3_reset(row.insert);
  }
}

void RowTemplate::count(std::int64_t people) {
  for (const auto& counter : counters_) {
    sqlite3_bind_int64(counter.add, 1, people);
    check(floor_, sqlite3_step(counter.add));
    sqlite3_reset(counter.add);
  }
}

int RowTemplate::rows() const { return static_cast<int>(rows_.size()); }

}  // namespace muster::bench
