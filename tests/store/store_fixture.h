// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/identity.h"
#include "core/json.h"
#include "core/text.h"
#include "core/uuid.h"
#include "store/store.h"
#include "tests/support/postgres.h"
#include "tests/support/standing_clock.h"
#include "tests/support/temp_dir.h"

namespace muster::store {

inline constexpr auto kUser = ResourceType::user;
inline constexpr auto kGroup = ResourceType::group;

inline const support::StandingClock kClock{Timestamp(std::chrono::milliseconds(1'763'798'400'000))};

// A person's record as a SCIM client would bring it; `name` is folded already.
inline RecordRow person(const std::string& name, const std::string& source = "entra",
                        const std::string& identity = {}) {
  RecordRow row;
  row.head.id = new_uuid(kClock.now());
  row.head.key = {source, kUser, row.head.id};
  row.head.link_key = "ext-" + name;
  row.head.content_hash = 7;
  row.head.identity_id = identity;
  row.head.created = row.head.modified = kClock.now();
  row.document = "{\"userName\":\"" + name + "\",\"displayName\":\"The " + name +
                 "\",\"active\":true,\"emails\":[{\"value\":\"" + name +
                 "@example.com\",\"type\":\"work\"}]}";
  row.contribution = {.key = row.head.key, .tag = source};
  row.contribution.offers.push_back({"userName", Flow::value, Value(name)});
  row.search = {.user_name = name,
                .external_id = "ext-" + name,
                .display_name = "the " + name,
                .emails = {name + "@example.com"},
                .active = true};
  return row;
}

inline RecordRow team(const std::string& name, const std::string& source = "entra") {
  RecordRow row;
  row.head.id = new_uuid(kClock.now());
  row.head.key = {source, kGroup, row.head.id};
  row.head.link_key = row.head.id;
  row.head.created = row.head.modified = kClock.now();
  row.document = "{\"displayName\":\"" + name + "\"}";
  row.contribution.key = row.head.key;
  row.search.display_name = fold_key(name);
  row.search.display = name;
  return row;
}

inline Identity somebody(const std::string& name) {
  Identity identity;
  identity.id = new_uuid(kClock.now());
  identity.user_name = name;
  identity.email = name + "@example.com";
  identity.attributes = {{"email", Value(identity.email), "entra", "sources.entra.map.email"},
                         {"level", Value(3), "", ""},
                         {"userName", Value(name), "", "username.patterns[0]"}};
  identity.classification = Classification::internal;
  identity.classification_rule = "classify[0]";
  identity.groups = {{"/organization/" + name, "member", "groups[1]"}};
  identity.sources = {"entra", "hr"};
  identity.findings = {{Severity::warning, "W-MULTI", "email", "two values"}};
  identity.created = identity.modified = kClock.now();
  return identity;
}

inline Filter equals(const std::string& attribute, Value value) {
  Filter filter{.op = Filter::Op::eq};
  auto dot = attribute.find('.');
  filter.path.attribute = attribute.substr(0, dot);
  if (dot != std::string::npos) filter.path.sub_attribute = attribute.substr(dot + 1);
  filter.value = std::move(value);
  return filter;
}

// A dialect of the tests' own, as SCIM's is: what a source told, with id, meta and members, and
// what we know about the person under a name of its own.
class TestFilters final : public FilterDialect {
 public:
  std::span<const IndexedName> indexed(ResourceType type) const override {
    static constexpr IndexedName users[] = {
        {"id", Indexed::id},
        {"userName", Indexed::user_name},
        {"externalId", Indexed::external_id},
        {"emails.value", Indexed::email},
        {"displayName", Indexed::display_name},
        {"active", Indexed::active},
    };
    static constexpr IndexedName groups[] = {
        {"id", Indexed::id},
        {"externalId", Indexed::external_id},
        {"members.value", Indexed::member},
        {"displayName", Indexed::display_name},
    };
    if (type == ResourceType::group) return groups;
    return users;
  }
  Result<Value> document(const ResourceRow& row, ResourceType,
                         std::span<const MemberRow> members) const override {
    MUSTER_TRY(Value document, parse_json(row.document));
    document.set("id", Value(row.id));
    Value::List list;
    for (const auto& member : members) {
      list.push_back(
          Value().set("value", Value(member.record_id.empty() ? member.key : member.record_id)));
    }
    document.set("members", Value(std::move(list)));
    document.set("meta", Value()
                             .set("lastModified", Value(format_timestamp(row.modified)))
                             .set("version", Value("W/\"" + std::to_string(row.version) + "\"")));
    Value::List sources;
    for (const auto& source : row.sources) sources.emplace_back(source);
    document.set("urn:ietf:params:scim:schemas:extension:muster:2.0:User",
                 Value()
                     .set("state", Value(shown_state(row)))
                     .set("platformUserName", Value(row.user_name))
                     .set("classification", Value(row.classification))
                     .set("sources", Value(std::move(sources))));
    return document;
  }
};

inline const TestFilters kFilters;

enum class Place { memory, file, postgresql };

// The contract suite runs every story on each engine.
class StoreTest : public testing::TestWithParam<Place> {
 protected:
  void SetUp() override { reopen(); }

  StoreOptions options() {
    if (url_.empty()) {
      switch (GetParam()) {
        case Place::memory:
          url_ = "sqlite::memory:";
          break;
        case Place::file:
          url_ = "sqlite:" + (folder_.path() / "muster.db").string();
          break;
        case Place::postgresql:
          url_ = support::Postgres::shared().new_database();
          break;
      }
    }
    return {.url = url_, .sources = {"entra", "hr"}, .cache_mib = 8, .clock = &kClock};
  }

  void reopen() {
    store_.reset();
    auto opened = Store::open(options());
    ASSERT_TRUE(opened) << describe(opened.error());
    store_ = *std::move(opened);
  }

  Status write(const Store::Work& work) { return store_->write(work); }

  void must_write(const Store::Work& work) {
    Status done = store_->write(work);
    ASSERT_TRUE(done) << describe(done.error());
  }

  void insert(std::vector<RecordRow>& rows) {
    must_write([&](Transaction& tx) { return tx.records().insert(rows); });
  }
  void insert(RecordRow& row) {
    must_write([&](Transaction& tx) { return tx.records().insert({&row, 1}); });
  }
  void update(RecordRow& row) {
    must_write([&](Transaction& tx) { return tx.records().update({&row, 1}); });
  }
  void put(Identity& identity, const std::vector<IdentityKey>& keys = {}) {
    must_write([&](Transaction& tx) { return tx.identities().put({&identity, 1}, {&keys, 1}); });
  }
  RecordRow stored(const std::string& id) {
    RecordRow row;
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(auto rows, tx.records().rows({&id, 1}));
      if (!rows[0]) return fail(Fault::not_found, "no such record");
      row = *std::move(rows[0]);
      return {};
    });
    return row;
  }

  std::unique_ptr<Reader> reader() {
    auto made = store_->reader();
    if (!made) throw std::runtime_error(describe(made.error()));
    return *std::move(made);
  }
  Page<ResourceRow> list(const Query& query, ResourceType type = kUser,
                         const std::string& source = "entra") {
    auto page = reader()->resources().list(source, type, query, &kFilters);
    if (!page) throw std::runtime_error(describe(page.error()));
    return *std::move(page);
  }

  support::TempDir folder_;
  std::string url_;
  std::unique_ptr<Store> store_;
};

inline std::string place_name(const testing::TestParamInfo<Place>& info) {
  switch (info.param) {
    case Place::memory:
      return "memory";
    case Place::file:
      return "file";
    case Place::postgresql:
      return "postgresql";
  }
  return "";
}

inline auto every_place() { return testing::Values(Place::memory, Place::file, Place::postgresql); }

}  // namespace muster::store
