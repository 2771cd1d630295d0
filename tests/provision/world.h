// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/source.h"
#include "mappings/engine.h"
#include "provision/provisioner.h"
#include "provision/runs/sync_run.h"
#include "store/store.h"
#include "tests/support/postgres.h"

namespace muster::provision {

// A small company: an identity provider, a directory and a file of contractors, one mapping, an
// empty store.
inline constexpr std::string_view company = R"yaml(
version: mapping/v1
schema:
  profile: generic
  attributes:
    displayName: text
    employeeId: { type: text, unique: true }
    department: text
    kind: { type: text, flow: none }
sets:
  own_domains: { domains: [acme.example], subdomains: true }
sources:
  idp:
    kind: scim
    tag: idp
    records: scim.user
    key: externalId
    map:
      email: 'emails[type == "work"].value | first | email'
      firstName: 'name.givenName'
      lastName: 'name.familyName'
      displayName: 'displayName'
      employeeId: 'enterprise.employeeNumber'
      department: 'enterprise.department'
      enabled: 'active ?? true'
  dir:
    kind: ldap
    tag: dir
    records: { text: [uid, mail, givenName, sn, departmentNumber, employeeNumber, employeeType] }
    key: entryUUID
    scope:
      - { id: service, skip: 'starts(uid, "svc-")' }
    map:
      email: 'mail | email'
      firstName: 'givenName'
      lastName: 'sn'
      employeeId: 'employeeNumber'
      department: 'departmentNumber'
      enabled: 'employeeType != "left"'
  people:
    kind: csv
    tag: csv
    records: { text: [id, mail, first, last, end] }
    key: id
    map:
      kind: '"contractor"'
      email: 'mail | email'
      firstName: 'first'
      lastName: 'last'
correlate:
  tiers:
    - { id: employee-no, match: [employeeId], one: link }
    - { id: mail, match: [email], one: link, only: [idp, dir] }
    - { id: mail-csv, match: [email], one: suggest, only: [people] }
  many: review
  none: create
merge:
  default: { authority: [idp, dir, csv], absent: next }
  attributes:
    department: { authority: [dir, idp] }
username:
  patterns: ['{firstName}.{lastName}', '{lastName}']
  collision: { counter: 2, max: 99 }
classify:
  rules:
    - { id: contractor, class: external, when: 'kind == "contractor"' }
    - { id: own-domain, class: internal, when: 'domain_in(email, own_domains)' }
  otherwise: { id: unknown, class: external }
validate:
  - { id: need-mail, severity: error, check: 'present(email)' }
lifecycle:
  guard: { max_deactivate: 5%, min_count: 5 }
)yaml";

class World : public ::testing::Test {
 protected:
  void SetUp() override {
    use(std::string(company));
    store::StoreOptions options;
    options.url = support::store_url("sqlite::memory:");
    options.sources = {"idp", "dir", "people"};
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened) << describe(opened.error());
    store_ = std::move(*opened);
    provisioner_ = std::make_unique<Provisioner>(*store_, engine_);
  }

  void use(const std::string& yaml) {
    auto loaded = mappings::Engine::load_text(yaml, "company.yaml");
    for (const auto& one : loaded.diagnostics) {
      ASSERT_NE(one.severity, Severity::error) << describe(one);
    }
    ASSERT_TRUE(loaded.engine);
    engine_ = loaded.engine;
    if (provisioner_) provisioner_->use(engine_);
  }

  // A record from JSON text.
  static SourceRecord record(std::string source, std::string key, std::string_view json) {
    SourceRecord one;
    one.key = {std::move(source), ResourceType::user, std::move(key)};
    auto attributes = parse_json(json);
    EXPECT_TRUE(attributes) << json;
    one.document = write_json(*attributes);
    one.where = one.key.key;
    return one;
  }

  static SourceRecord directory(const std::string& key, const std::string& first,
                                const std::string& last, const std::string& more = "") {
    return record("dir", key,
                  R"({"uid":")" + key + R"(","mail":")" + first + "." + last +
                      R"(@acme.example","givenName":")" + first + R"(","sn":")" + last + "\"" +
                      more + "}");
  }

  Result<Outcome> put(SourceRecord one, SubmitContext context = {}) {
    if (context.actor.empty()) context.actor = "test";
    Submission submission;
    submission.record = std::move(one);
    return provisioner_->submit_one(std::move(submission), context);
  }

  Result<Outcome> gone(SourceKey key) {
    Submission submission;
    submission.kind = Submission::Kind::gone;
    submission.record.key = std::move(key);
    return provisioner_->submit_one(std::move(submission), {.actor = "test"});
  }

  std::vector<Identity> people() {
    auto reader = store_->reader();
    EXPECT_TRUE(reader);
    auto page = (*reader)->people().list({.count = 100'000});
    EXPECT_TRUE(page);
    return page->rows;
  }

  Identity person(const std::string& user_name) {
    auto reader = store_->reader();
    auto found = (*reader)->people().by_user_name(user_name);
    EXPECT_TRUE(found && *found) << user_name;
    return found && *found ? **found : Identity{};
  }

  std::vector<std::string> events() {
    auto reader = store_->reader();
    auto rows = (*reader)->journal().outbox(0, 100'000);
    std::vector<std::string> kinds;
    for (const auto& row : *rows) kinds.push_back(row.kind);
    return kinds;
  }

  std::size_t audit_rows() {
    auto reader = store_->reader();
    return (*reader)->journal().audit(0, 1'000'000)->size();
  }

  std::shared_ptr<const mappings::Engine> engine_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Provisioner> provisioner_;
};

// A source that tells what a test gave it.
class ListSource : public Source {
 public:
  ListSource(std::vector<SourceRecord> records) : records_(std::move(records)) {}

  Result<Pull> pull(const Sink& sink, std::stop_token) override {
    if (error) return fail(*error);
    Batch batch;
    batch.problems = problems;
    for (const auto& record : records_) {
      batch.records.push_back(record);
      if (batch.records.size() < 100) continue;
      MUSTER_CHECK(sink(std::move(batch)));
      batch = {};
    }
    if (!batch.records.empty() || !batch.problems.empty()) MUSTER_CHECK(sink(std::move(batch)));
    return Pull{.complete = why_incomplete.empty(),
                .why_incomplete = why_incomplete,
                .records = records_.size(),
                .server = "list"};
  }

  std::optional<Error> error = {};
  std::string why_incomplete = {};
  std::vector<ItemProblem> problems = {};

 private:
  std::vector<SourceRecord> records_;
};

}  // namespace muster::provision
