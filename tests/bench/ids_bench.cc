// SPDX-License-Identifier: Apache-2.0
// ids_bench FOLDER [ROWS]: the bulk fill of one table (unique indexes on id and user name, 1.2 KB a
// row, 1000 rows a durable commit) with time-ordered ids, as Muster makes them, and with random
// ones.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "core/clock.h"
#include "core/uuid.h"
#include "row_template.h"

namespace {

std::string random_uuid(std::mt19937_64& random) {
  char text[40];
  const auto high = random();
  const auto low = random();
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx",
                static_cast<unsigned>(high >> 32), static_cast<unsigned>(high >> 16 & 0xffff),
                static_cast<unsigned>(high & 0xfff), static_cast<unsigned>(low >> 50 | 0x8000),
                static_cast<unsigned long long>(low & 0xffffffffffffULL));
  return text;
}

double fill(const std::string& file, long rows, bool ordered) {
  sqlite3* database = muster::bench::open_database(file);
  muster::bench::run(database,
                     "create table people (row_id integer primary key, id text not null, user_name "
                     "text not null, document text not null);"
                     "create unique index people_id on people (id);"
                     "create unique index people_user_name on people (user_name)");
  sqlite3_stmt* insert = muster::bench::prepared(
      database, "insert into people (id, user_name, document) values (?1, ?2, ?3)");
  std::mt19937_64 random(7);
  const std::string document(1200, 'x');
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < rows; ++i) {
    if (i % 1000 == 0) muster::bench::run(database, "begin immediate");
    const std::string id =
        ordered ? muster::new_uuid(muster::system_clock().now()) : random_uuid(random);
    const std::string name = std::to_string(random()) + "@example.com";
    muster::bench::bind_text(insert, 1, id);
    muster::bench::bind_text(insert, 2, name);
    muster::bench::bind_text(insert, 3, document);
    muster::bench::check(database, sqlite3_step(insert));
    sqlite3_reset(insert);
    if (i % 1000 == 999 || i + 1 == rows) muster::bench::run(database, "commit");
  }
  sqlite3_finalize(insert);
  sqlite3_close(database);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  ::unlink(file.c_str());
  return wall.count();
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: ids_bench FOLDER [ROWS]\n");
    return 2;
  }
  const long rows = count > 2 ? std::atol(words[2]) : 1'000'000;
  const std::string folder = words[1];
  const double ordered = fill(folder + "/ordered.db", rows, true);
  const double random = fill(folder + "/random.db", rows, false);
  std::printf("{\"rows\":%ld,\"ordered\":%.3f,\"random\":%.3f}\n", rows, ordered, random);
  return 0;
}
