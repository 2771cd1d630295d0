// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/identity.h"
#include "store/rows.h"

namespace muster::bench {

// Everything that one new person brings to the store.
struct Newcomer {
  store::RecordRow record = {};
  Identity identity = {};
  std::vector<store::IdentityKey> keys = {};
  AuditEntry audit = {};
  Event event = {};
};

Newcomer newcomer(int number);

// The least that SQLite costs: its C API over the tables that a store has made, texts made
// beforehand, no checks, no counters, no errors handled.
class Floor {
 public:
  explicit Floor(const std::string& path);
  ~Floor();

  // A newcomer's rows as the tables want them.
  struct Rows {
    Newcomer person = {};
    std::string contribution = {};
    std::string attributes = {};
    std::string keys = {};
    std::string memberships = {};
    std::string tags = {};
    std::string emails = {};
  };
  static Rows rows(Newcomer person);

  void begin();
  void insert(const Rows& rows);
  void commit();

  // Bytes read.
  std::size_t get(std::string_view id);
  std::size_t by_user_name(std::string_view key);
  std::size_t page(std::int64_t behind);

 private:
  sqlite3_stmt* prepare(const char* text);
  std::size_t read(sqlite3_stmt* statement);

  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> statements_ = {};
  sqlite3_stmt *begin_ = nullptr, *commit_ = nullptr, *record_ = nullptr, *email_ = nullptr,
               *identity_ = nullptr, *name_ = nullptr, *key_ = nullptr, *audit_ = nullptr,
               *outbox_ = nullptr, *get_ = nullptr, *by_name_ = nullptr, *page_ = nullptr;
};

}  // namespace muster::bench
