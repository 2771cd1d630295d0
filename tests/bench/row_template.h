// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

// Ends the program when SQLite refuses; a floor has nothing to recover.
void check(sqlite3* database, int code);
sqlite3* open_database(const std::string& file);  // WAL, synchronous=FULL, 64 MiB of cache
sqlite3_stmt* prepared(sqlite3* database, const std::string& text);
void run(sqlite3* database, const std::string& text);
void bind_text(sqlite3_stmt* statement, int place, std::string_view text);

// A person that is to be written like the one in the template.
struct NewPerson {
  std::int64_t number = 0;  // 0, 1, 2...
  std::string record_id = {};
  std::string identity_id = {};
  std::string digits = {};  // eight, in the user name, the addresses and so on
};

// The rows that the program wrote for one person, read from a store that holds nobody else: written
// again for others with their ids and digits in the place of that person's. So a floor writes what
// the program writes, whatever the tables are.
class RowTemplate {
 public:
  // `digits` are the template person's. Makes the template's tables and indexes in `floor`.
  RowTemplate(const std::string& template_file, std::string_view digits, sqlite3* floor);

  void write(const NewPerson& person);
  // The tables that count rows, once in a transaction.
  void count(std::int64_t people);
  int rows() const;  // of one person

 private:
  struct Piece {
    enum Kind { literal, record_id, identity_id, digits } kind = literal;
    std::string text = {};
  };
  struct Column {
    enum Kind { null, number, running_number, text } kind = null;
    std::int64_t number_value = 0;
    int step = 1;  // of a running number, for each person
    std::vector<Piece> pieces = {};
  };
  struct RowOf {
    sqlite3_stmt* insert = nullptr;
    std::vector<Column> columns = {};
    std::vector<std::string> rendered = {};
  };
  struct Counter {
    sqlite3_stmt* add = nullptr;
  };

  void copy_schema(sqlite3* from);
  void read_table(sqlite3* from, const std::string& table);
  void read_counter(sqlite3* from, const std::string& table);
  bool about_the_person(sqlite3_stmt* row) const;
  Column column_of(sqlite3_stmt* row, int place, int step) const;
  std::vector<Piece> pieces_of(std::string_view text) const;

  sqlite3* floor_;
  std::string template_record_id_;
  std::string template_identity_id_;
  std::string template_digits_;
  std::vector<RowOf> rows_;
  std::vector<Counter> counters_;
};

}  // namespace muster::bench
