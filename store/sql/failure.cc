// SPDX-License-Identifier: Apache-2.0
#include "store/sql/failure.h"

#include <sqlite3.h>

#include <array>
#include <string>

namespace muster::store {
namespace {

constexpr std::string_view kRepeat = "STORE_REPEAT";
constexpr std::string_view kLost = "STORE_CONNECTION";

// SQLite names the columns of a broken unique key in its message, PostgreSQL the index.
struct UniqueKey {
  std::string_view column;
  std::string_view index;
  const char* detail;
  const char* where;
  const char* code;
};

constexpr std::array<UniqueKey, 5> kUniqueKeys{{
    {"records.user_name_key", "records_user_name",
     "another live record of this source has this user name", "userName", "uniqueness"},
    {"records.key", "records_key", "this source already has a record with this key", "key", "key"},
    {"records.id", "records_id", "a record with this id exists already", "id", "key"},
    {"identities.mail_key", "identities_mail", "another person has this mail address", "email",
     "uniqueness"},
    {"identities.id", "identities_id", "a person with this id exists already", "id", "key"},
}};

template <class Broken>
Error conflict(Broken broken) {
  for (const auto& key : kUniqueKeys) {
    if (broken(key)) return {Fault::conflict, key.detail, key.where, key.code};
  }
  return {Fault::conflict, "a unique key of the store is taken", {}, "key"};
}

Error unavailable(std::string detail, std::string_view code = {}) {
  return {Fault::unavailable, std::move(detail), {}, std::string(code)};
}

Error internal(std::string detail) { return {Fault::internal, std::move(detail), {}, {}}; }

bool is_unique_key(int code) {
  return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
         code == SQLITE_CONSTRAINT_ROWID;
}

}  // namespace

Error sqlite_failure(int code, std::string_view message) {
  const std::string words(message);
  if (is_unique_key(code)) {
    return conflict([&](const UniqueKey& key) { return words.find(key.column) != words.npos; });
  }
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return internal("the store refused a row: " + words);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return unavailable("another program holds the store's write lock; try again");
    case SQLITE_FULL:
      return unavailable("the disk of the store is full: free some space and try again");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return unavailable("the store's file cannot be read or written (" + words +
                         "): check the disk and the permissions of its folder");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return unavailable("the store's file is damaged or not a store (" + words +
                         "): restore a backup");
    default:
      return internal("the store failed: " + words);
  }
}

Error postgresql_failure(std::string_view state, std::string_view constraint,
                         std::string_view message) {
  const std::string words(message.substr(0, message.find('\n')));
  if (state == "23505") {
    return conflict([&](const UniqueKey& key) { return constraint == key.index; });
  }
  if (state == "40001" || state == "40P01") {
    return unavailable("PostgreSQL gave this change up for another one; try again", kRepeat);
  }
  if (state == "55P03") return unavailable("another program holds a lock in the store; try again");
  // 25P03: the server ended a session that had left its transaction alone for too long.
  if (state.empty() || state.starts_with("08") || state.starts_with("57P") || state == "25P03") {
    return unavailable("the connection to PostgreSQL failed: " + words, kLost);
  }
  if (state.starts_with("53") || state.starts_with("58")) {
    return unavailable("PostgreSQL is out of a resource: " + words);
  }
  return internal("PostgreSQL refused a statement: " + words);
}

bool wants_repetition(const Error& error) { return error.code == kRepeat; }

bool lost_connection(const Error& error) { return error.code == kLost; }

Error without_internal_code(Error error) {
  if (wants_repetition(error) || lost_connection(error)) error.code.clear();
  return error;
}

}  // namespace muster::store
