// SPDX-License-Identifier: Apache-2.0
#include "store/sql/failure.h"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <string>
#include <string_view>

namespace muster::store {
namespace {

constexpr std::string_view kRepeat = "STORE_REPEAT";
constexpr std::string_view kLost = "STORE_CONNECTION";

// SQLite names the columns of a broken unique key, PostgreSQL the index.
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

Error conflict(std::string_view message) {
  for (const auto& key : kUniqueKeys) {
    if (message.find(key.column) == message.npos && message.find(key.index) == message.npos)
      continue;
    return {Fault::conflict, key.detail, key.where, key.code};
  }
  return {Fault::conflict, "a unique key of the store is taken", {}, "key"};
}

// "sqlite3_statement_backend::loadOne: disk I/O error" -> "disk I/O error"; PostgreSQL adds DETAIL
// lines with values.
std::string first_words(std::string message) {
  message.resize(std::min(message.find('\n'), message.size()));
  auto place = message.find("_backend::");
  if (place == message.npos) return message;
  auto colon = message.find(": ", place);
  return colon == message.npos ? message : message.substr(colon + 2);
}

Error sqlite_failure(int result, const std::string& message) {
  std::string words = first_words(message);
  switch (result & 0xff) {
    case SQLITE_CONSTRAINT:
      if (words.starts_with("UNIQUE")) return conflict(words);
      return {Fault::internal, "the store refused a row: " + words, {}, {}};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {
          Fault::unavailable, "another program holds the store's write lock; try again", {}, {}};
    case SQLITE_FULL:
      return {Fault::unavailable,
              "the disk of the store is full: free some space and try again",
              {},
              {}};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {Fault::unavailable,
              "the store's file cannot be read or written (" + words +
                  "): check the disk and the permissions of its folder",
              {},
              {}};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Fault::unavailable,
              "the store's file is damaged or not a store (" + words + "): restore a backup",
              {},
              {}};
    default:
      return {Fault::internal, "the store failed: " + words, {}, {}};
  }
}

Error postgresql_failure(const std::string& state, const std::string& message) {
  std::string words = first_words(message);
  if (state == "23505") return conflict(words);
  if (state == "40001" || state == "40P01") {
    return {Fault::unavailable,
            "PostgreSQL gave this change up for another one; try again",
            {},
            std::string(kRepeat)};
  }
  if (state == "55P03")
    return {Fault::unavailable, "another program holds a lock in the store; try again", {}, {}};
  bool no_state = state.find_first_not_of(std::string_view(" \0", 2)) == state.npos;
  // 25P03: the server ended a session that stood still in a transaction.
  if (no_state || state == "25P03" || state.starts_with("08") || state.starts_with("57P")) {
    return {Fault::unavailable,
            "the connection to PostgreSQL failed: " + words,
            {},
            std::string(kLost)};
  }
  if (state.starts_with("53") || state.starts_with("58")) {
    return {Fault::unavailable, "PostgreSQL is out of a resource: " + words, {}, {}};
  }
  return {Fault::internal, "PostgreSQL refused a statement: " + words, {}, {}};
}

}  // namespace

Error failure_of(Engine engine, const std::exception& error) {
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
    return sqlite_failure(sqlite->result(), sqlite->get_error_message());
  }
  if (const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
    return postgresql_failure(postgresql->sqlstate(), postgresql->get_error_message());
  }
  const auto* any = dynamic_cast<const soci::soci_error*>(&error);
  std::string words = first_words(any != nullptr ? any->get_error_message() : error.what());
  // SOCI's PostgreSQL backend reports a failed connect without a state.
  if (engine == Engine::postgresql && words.find("onnect") != words.npos)
    return postgresql_failure("", words);
  return {Fault::internal, "the store failed: " + words, {}, {}};
}

bool wants_repetition(const Error& error) { return error.code == kRepeat; }

bool lost_connection(const Error& error) { return error.code == kLost; }

Error without_internal_code(Error error) {
  if (wants_repetition(error) || lost_connection(error)) error.code.clear();
  return error;
}

}  // namespace muster::store
