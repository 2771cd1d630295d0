// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/raw_tables.h"

#include <cstdlib>
#include <initializer_list>
#include <iostream>

#include "core/clock.h"
#include "core/uuid.h"
#include "store/codec.h"

namespace muster::bench {
namespace {

void check(sqlite3* db, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  std::cerr << sqlite3_errmsg(db) << "\n";
  std::exit(1);
}

// Binds and runs an insert.
class Run {
 public:
  Run(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  ~Run() {
    check(db_, sqlite3_step(statement_));
    sqlite3_reset(statement_);
  }
  Run& operator<<(std::string_view text) {
    if (text.empty()) {
      sqlite3_bind_null(statement_, ++position_);
    } else {
      sqlite3_bind_text(statement_, ++position_, text.data(), static_cast<int>(text.size()),
                        SQLITE_STATIC);
    }
    return *this;
  }
  Run& operator<<(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++position_, number);
    return *this;
  }

 private:
  sqlite3* db_;
  sqlite3_stmt* statement_;
  int position_ = 0;
};

const std::string kResource =
    "select r.row_id, r.id, r.source_id, r.type, r.document, r.state, r.state_reason, r.version, "
    "r.created, r.modified, i.id, i.user_name, i.classification, i.classification_rule, i.state, "
    "i.tags, i.findings from records r left join identities i on i.id = r.identity_id where ";

// Neighbouring numbers do not stand side by side in any index.
std::string scattered(int number) {
  const auto mixed = static_cast<std::uint64_t>(number + 1) * 0x9e3779b97f4a7c15ULL;
  return std::to_string(mixed >> 40) + "." + std::to_string(number);
}

}  // namespace

Newcomer newcomer(int number) {
  const Timestamp now = system_clock().now();
  const std::string name = "u" + scattered(number);
  const std::string mail = name + "@example.com";
  Newcomer person;
  auto& identity = person.identity;
  identity.id = new_uuid(now);
  identity.user_name = name;
  identity.email = mail;
  identity.sources = {"entra"};
  identity.groups = {{"/organization/sales", "member", "groups[0]"}};
  identity.classification_rule = "classify[0]";
  identity.created = identity.modified = now;
  auto& record = person.record;
  record.head.id = new_uuid(now);
  record.head.key = {"entra", ResourceType::user, record.head.id};
  record.head.link_key = "ext-" + scattered(number);
  record.head.identity_id = identity.id;
  record.head.created = record.head.modified = now;
  record.contribution.tag = "entra";
  for (const char* attribute : {"company", "country", "department", "email", "employeeNumber",
                                "firstName", "language", "lastName", "title", "userName"}) {
    const Value value(std::string(attribute) + " of " + name);
    record.contribution.offers.push_back({attribute, Flow::value, value});
    identity.attributes.push_back(
        {attribute, value, "entra", "sources.entra.map." + std::string(attribute)});
  }
  record.search = {.user_name = name,
                   .external_id = record.head.link_key,
                   .display_name = "the person " + name,
                   .emails = {mail},
                   .active = true};
  record.document = "{\"userName\":\"" + name + "\",\"active\":true,\"emails\":[{\"value\":\"" +
                    mail + "\"}],\"title\":\"" + std::string(900, 'x') + "\"}";
  person.keys = {{"email", mail}, {"employeeNumber", std::to_string(number)}};
  person.audit = {"scim:entra", "user.create", identity.id, "", "{\"verb\":\"create\"}"};
  person.event = {"user.created", identity.id, record.document};
  return person;
}

Floor::Rows Floor::rows(Newcomer person) {
  Rows rows;
  rows.contribution = store::write_contribution(person.record.contribution);
  rows.attributes = store::write_attributes(person.identity.attributes);
  rows.memberships = store::write_memberships(person.identity.groups);
  rows.keys = store::write_keys(person.keys);
  rows.tags = store::write_texts(person.identity.sources);
  rows.emails = store::write_texts(person.record.search.emails);
  rows.person = std::move(person);
  return rows;
}

sqlite3_stmt* Floor::prepare(const char* text) {
  sqlite3_stmt* statement = nullptr;
  check(db_, sqlite3_prepare_v3(db_, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  statements_.push_back(statement);
  return statement;
}

Floor::Floor(const std::string& path) {
  check(db_, sqlite3_open(path.c_str(), &db_));
  for (const char* pragma : {"pragma journal_mode=WAL", "pragma synchronous=FULL",
                             "pragma cache_size=-65536", "pragma wal_autocheckpoint=16000"}) {
    check(db_, sqlite3_exec(db_, pragma, nullptr, nullptr, nullptr));
  }
  begin_ = prepare("begin immediate");
  commit_ = prepare("commit");
  record_ = prepare(
      "insert into records (id, source_id, type, key, link_key, state, version, content_hash, "
      "evaluated_with, enabled, created, modified, identity_id, user_name_key, external_id, "
      "display_name_key, active, emails, contribution, document) values "
      "(?,1,0,?,?,0,1,7,7,1,?,?,?,?,?,?,1,?,?,?)");
  email_ = prepare("insert into record_emails (source_id, type, email, row_id) values (1,0,?,?)");
  identity_ = prepare(
      "insert into identities (id, user_name, mail, mail_key, classification, classification_rule, "
      "state, version, created, modified, tags, memberships, match_keys, attributes) values "
      "(?,?,?,?,0,?,0,1,?,?,?,?,?,?)");
  name_ = prepare("insert into user_names (name_key, identity_id) values (?,?)");
  key_ = prepare("insert into identity_keys (attribute, key, identity_id) values (?,?,?)");
  audit_ = prepare("insert into audit (at, actor, action, subject, detail) values (?,?,?,?,?)");
  outbox_ = prepare("insert into outbox (kind, subject, body, created) values (?,?,?,?)");
  get_ = prepare((kResource + "r.id = ?").c_str());
  by_name_ = prepare((kResource + "r.source_id = 1 and r.type = 0 and r.state <> 4 and "
                                  "r.user_name_key = ?")
                         .c_str());
  page_ = prepare((kResource + "r.row_id > ? and r.source_id = 1 and r.type = 0 and r.state <> 4 "
                               "order by r.row_id limit 100")
                      .c_str());
}

Floor::~Floor() {
  for (auto* statement : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

void Floor::begin() { Run(db_, begin_); }
void Floor::commit() { Run(db_, commit_); }

void Floor::insert(const Rows& rows) {
  const auto& [record, identity, keys, audit, event] = rows.person;
  const std::int64_t at = record.head.created.time_since_epoch().count();
  Run(db_, record_) << record.head.id << record.head.key.key << record.head.link_key << at << at
                    << identity.id << record.search.user_name << record.search.external_id
                    << record.search.display_name << rows.emails << rows.contribution
                    << record.document;
  const std::int64_t row = sqlite3_last_insert_rowid(db_);
  for (const auto& email : record.search.emails) Run(db_, email_) << email << row;
  Run(db_, identity_) << identity.id << identity.user_name << identity.email << identity.email
                      << identity.classification_rule << at << at << rows.tags << rows.memberships
                      << rows.keys << rows.attributes;
  Run(db_, name_) << identity.user_name << identity.id;
  for (const auto& key : keys) Run(db_, key_) << key.attribute << key.key << identity.id;
  Run(db_, audit_) << at << audit.actor << audit.action << audit.subject << audit.detail;
  Run(db_, outbox_) << event.kind << event.subject << event.body << at;
}

std::size_t Floor::read(sqlite3_stmt* statement) {
  std::size_t bytes = 0;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      const auto* text = sqlite3_column_text(statement, column);
      bytes +=
          text == nullptr ? 0U : static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    }
  }
  sqlite3_reset(statement);
  return bytes;
}

std::size_t Floor::get(std::string_view id) {
  sqlite3_bind_text(get_, 1, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
  return read(get_);
}

std::size_t Floor::by_user_name(std::string_view key) {
  sqlite3_bind_text(by_name_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
  return read(by_name_);
}

std::size_t Floor::page(std::int64_t behind) {
  sqlite3_bind_int64(page_, 1, behind);
  return read(page_);
}

}  // namespace muster::bench
