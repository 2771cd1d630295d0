// SPDX-License-Identifier: Apache-2.0
// Every member of every stored thing, each with another value, through the real tables: a member
// that a list of fields forgets does not come back.
#include <gtest/gtest.h>

#include "core/event.h"
#include "store/sql/member_count.h"
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class RoundTripTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, RoundTripTest, every_place(), place_name);

Timestamp at(int n) { return kClock.now() + std::chrono::milliseconds(n); }

// A new member makes one of these fail: give it a value below and compare it.
static_assert(member_count<SourceKey>() == 3);
static_assert(member_count<SearchKeys>() == 6);
static_assert(member_count<Offer>() == 3);
static_assert(member_count<Lapsed>() == 3);
static_assert(member_count<Contribution>() == 5);
static_assert(member_count<RecordHead>() == 13);
static_assert(member_count<RecordRow>() == 8);
static_assert(member_count<IdentityAttribute>() == 6);
static_assert(member_count<GroupMembership>() == 4);
static_assert(member_count<Finding>() == 7);
static_assert(member_count<Identity>() == 16);
static_assert(member_count<RunCounts>() == 15);
static_assert(member_count<RunRow>() == 13);
static_assert(member_count<RunItem>() == 8);
static_assert(member_count<FindingGroup>() == 4);
static_assert(member_count<FindingPlace>() == 4);
static_assert(member_count<StandingFindings>() == 4);
static_assert(member_count<ReviewRow>() == 14);
static_assert(member_count<TokenRow>() == 7);
static_assert(member_count<AuditRow>() == 7);
static_assert(member_count<OutboxRow>() == 5);

RecordRow whole_record() {
  RecordRow row;
  row.head = {.id = "01-id",
              .key = {"entra", kGroup, "02-key"},
              .link_key = "03-link",
              .content_hash = -4,
              .evaluated_with = 5,
              .identity_id = "06-identity",
              .state = RecordState::quarantined,
              .enabled = false,
              .missing_since = at(7),
              .created = at(8),
              .modified = at(9)};
  row.document = "{\"ten\":10}";
  row.contribution = {.key = row.head.key,
                      .tag = "11-tag",
                      .offers = {{"12-value", Flow::value, Value(13)},
                                 {"14-clear", Flow::clear, {}},
                                 {"15-keep", Flow::keep, {}}},
                      .lapsed = {{"16-lapsed", Value("17"), at(18)}},
                      .rank = Value(19)};
  row.correlated_by = "20-tier";
  row.state_reason = "21-reason";
  row.search = {.user_name = "22-name",
                .external_id = "23-external",
                .display_name = "24-shown",
                .emails = {"25@x", "26@x"},
                .active = false,
                .display = "29-display"};
  row.aliases = {"27-alias", "28-\"quoted\""};
  row.findings = {
      {Severity::info, "30-code", "31-attribute", "32-message", "33-value", "34-rule", "35-repair"},
      {Severity::warning, "36-code", "", "37-message"}};
  return row;
}

void expect_same(const RecordHead& got, const RecordHead& want) {
  EXPECT_EQ(got.id, want.id);
  EXPECT_EQ(got.key, want.key);
  EXPECT_EQ(got.link_key, want.link_key);
  EXPECT_EQ(got.content_hash, want.content_hash);
  EXPECT_EQ(got.evaluated_with, want.evaluated_with);
  EXPECT_EQ(got.identity_id, want.identity_id);
  EXPECT_EQ(got.state, want.state);
  EXPECT_EQ(got.enabled, want.enabled);
  EXPECT_EQ(got.missing_since, want.missing_since);
  EXPECT_EQ(got.version, want.version);
  EXPECT_EQ(got.row, want.row);
  EXPECT_EQ(got.created, want.created);
  EXPECT_EQ(got.modified, want.modified);
}

void expect_same(const RecordRow& got, const RecordRow& want) {
  expect_same(got.head, want.head);
  EXPECT_EQ(got.document, want.document);
  EXPECT_EQ(got.contribution.key, want.contribution.key);
  EXPECT_EQ(got.contribution.tag, want.contribution.tag);
  EXPECT_EQ(got.contribution.offers, want.contribution.offers);
  EXPECT_EQ(got.contribution.lapsed, want.contribution.lapsed);
  EXPECT_EQ(got.contribution.rank, want.contribution.rank);
  EXPECT_EQ(got.correlated_by, want.correlated_by);
  EXPECT_EQ(got.state_reason, want.state_reason);
  EXPECT_EQ(got.search.user_name, want.search.user_name);
  EXPECT_EQ(got.search.external_id, want.search.external_id);
  EXPECT_EQ(got.search.display_name, want.search.display_name);
  EXPECT_EQ(got.search.emails, want.search.emails);
  EXPECT_EQ(got.search.active, want.search.active);
  EXPECT_EQ(got.search.display, want.search.display);
  EXPECT_EQ(got.aliases, want.aliases);
  EXPECT_EQ(got.findings, want.findings);
}

TEST_P(RoundTripTest, ARecordComesBackWhole) {
  RecordRow row = whole_record();
  insert(row);
  EXPECT_EQ(row.head.version, 1);
  EXPECT_NE(row.head.row, 0);
  expect_same(stored(row.head.id), row);
}

TEST_P(RoundTripTest, AChangedRecordComesBackWhole) {
  RecordRow first = person("first");
  first.head.id = "01-id";
  first.head.key = {"entra", kGroup, "02-key"};
  first.contribution.key = first.head.key;
  insert(first);
  RecordRow changed = whole_record();
  changed.head.version = first.head.version;
  changed.head.created = first.head.created;
  update(changed);
  EXPECT_EQ(changed.head.version, 2);
  expect_same(stored("01-id"), changed);
}

Identity whole_identity() {
  Identity identity;
  identity.id = "01-id";
  identity.user_name = "02-name";
  identity.email = "03@x";
  identity.attributes = {{"04-a", Value(5), "06-source", "07-rule", "08-referred", true},
                         {"09-b", Value("10"), "11-source", "12-rule", ""}};
  identity.classification = Classification::internal;
  identity.classification_rule = "13-rule";
  identity.state = IdentityState::inactive;
  identity.state_reason = "14-reason";
  identity.groups = {{"/15", "16-role", "17-rule", true}, {"/18", "19-role", "20-rule", false}};
  identity.sources = {"21-tag", "22-tag"};
  identity.findings = {{Severity::error, "23-code", "24-attribute", "25-message", "37-value",
                        "38-rule", "39-repair"}};
  identity.due = at(26);
  identity.references = {{"entra", "27-referred"}, {"hr", "28-referred"}};
  identity.created = at(29);
  identity.modified = at(30);
  return identity;
}

void expect_same(const Identity& got, const Identity& want) {
  EXPECT_EQ(got.id, want.id);
  EXPECT_EQ(got.user_name, want.user_name);
  EXPECT_EQ(got.email, want.email);
  EXPECT_EQ(got.attributes, want.attributes);
  EXPECT_EQ(got.classification, want.classification);
  EXPECT_EQ(got.classification_rule, want.classification_rule);
  EXPECT_EQ(got.state, want.state);
  EXPECT_EQ(got.state_reason, want.state_reason);
  EXPECT_EQ(got.groups, want.groups);
  EXPECT_EQ(got.sources, want.sources);
  EXPECT_EQ(got.findings, want.findings);
  EXPECT_EQ(got.due, want.due);
  EXPECT_EQ(got.version, want.version);
  EXPECT_EQ(got.created, want.created);
  EXPECT_EQ(got.modified, want.modified);
}

TEST_P(RoundTripTest, APersonComesBackWholeWhenNewAndWhenChanged) {
  const std::vector<IdentityKey> keys{{"31-attribute", "32-key"}, {"33-attribute", "34-key"}};
  auto check = [&](const Identity& want) {
    auto people = reader();
    auto got = *people->people().get(want.id);
    ASSERT_TRUE(got);
    expect_same(*got, want);
    must_write([&](Transaction& tx) -> Status {
      MUSTER_TRY(auto found, tx.identities().get({&want.id, 1}));
      expect_same(*found[0], want);
      MUSTER_TRY(auto stored_keys, tx.identities().keys({&want.id, 1}));
      EXPECT_EQ(stored_keys[0], keys);
      MUSTER_TRY(auto references, tx.references().of({&want.id, 1}));
      EXPECT_EQ(references[0], want.references);
      return {};
    });
  };
  auto refer = [&](const Identity& person, const std::vector<Reference>& before) {
    const ReferenceChange change{person.id, before, person.references};
    must_write([&](Transaction& tx) { return tx.references().replace({&change, 1}); });
  };
  Identity fresh = whole_identity();
  put(fresh, keys);
  refer(fresh, {});
  EXPECT_EQ(fresh.version, 1);
  check(fresh);

  Identity other = somebody("other");
  other.id = "02-id";
  put(other);
  Identity changed = whole_identity();
  changed.id = other.id;
  changed.user_name = "35-name";
  changed.email = "36@x";
  changed.version = other.version;
  changed.created = other.created;
  put(changed, keys);
  refer(changed, {});
  check(changed);
}

TEST_P(RoundTripTest, ARunWithItsItemsComesBackWhole) {
  RunRow run{.id = "01-id",
             .source = "hr",
             .kind = RunKind::lifecycle,
             .state = RunState::held,
             .actor = "02-actor",
             .detail = "03-detail",
             .code = "32-code",
             .server = "04-server",
             .started = at(5),
             .ended = at(6),
             .findings = {{"14-source",
                           {Severity::error, "15-code", "16-attribute", "17-message", "18-value",
                            "19-rule", "20-repair"},
                           21,
                           {{"22-where", "23-key", "24-identity", "18-value"}, {"25", "", "", ""}}},
                          {"26", {Severity::info, "27", "", "28"}, 1, {}}},
             .standing = {{"29-source", "30-code", Severity::warning, 31}}};
  std::int64_t n = 100;
  for (const auto& counter : run_counters) run.counts.*counter.member = ++n;
  ASSERT_EQ(n, 100 + static_cast<std::int64_t>(member_count<RunCounts>()));
  const RunItem item{0,          "07-action", "08-result",   "09-code",
                     "10-where", "11-key",    "12-identity", "13-message"};
  RunRow earlier = run;
  earlier.state = RunState::running;
  earlier.actor = earlier.detail = earlier.server = "";
  earlier.counts = {};
  earlier.findings = {};
  earlier.standing = {};
  earlier.started = at(0);
  earlier.ended = {};
  must_write([&](Transaction& tx) { return tx.runs().put(earlier); });
  must_write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.runs().put(run));
    return tx.runs().add_items(run.id, {&item, 1});
  });
  auto runs = reader();
  auto got = *runs->runs().get(run.id);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, run.id);
  EXPECT_EQ(got->code, run.code);
  EXPECT_EQ(got->source, run.source);
  EXPECT_EQ(got->kind, run.kind);
  EXPECT_EQ(got->state, run.state);
  EXPECT_EQ(got->actor, run.actor);
  EXPECT_EQ(got->detail, run.detail);
  EXPECT_EQ(got->server, run.server);
  EXPECT_EQ(got->counts, run.counts);
  EXPECT_EQ(got->started, run.started);
  EXPECT_EQ(got->ended, run.ended);
  EXPECT_EQ(got->findings, run.findings);
  EXPECT_EQ(got->standing, run.standing);
  EXPECT_EQ(*runs->runs().count_items(run.id), 1);
  auto items = *runs->runs().items(run.id, 0, 10);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].number, 1);
  EXPECT_EQ(items[0].action, item.action);
  EXPECT_EQ(items[0].result, item.result);
  EXPECT_EQ(items[0].code, item.code);
  EXPECT_EQ(items[0].where, item.where);
  EXPECT_EQ(items[0].record_key, item.record_key);
  EXPECT_EQ(items[0].identity_id, item.identity_id);
  EXPECT_EQ(items[0].message, item.message);
}

TEST_P(RoundTripTest, AReviewComesBackWholeWhenNewAndWhenResolved) {
  const ReviewRow whole{.id = "01-id",
                        .source = "hr",
                        .record_id = "02-record",
                        .record_key = "03-key",
                        .state = ReviewState::resolved,
                        .reason = "04-reason",
                        .tier = "05-tier",
                        .candidates = {"06-person", "07-person"},
                        .opened = at(8),
                        .resolution = Resolution::ignore,
                        .resolved = at(9),
                        .person = "10-person",
                        .by = "11-by",
                        .note = "12-note"};
  ReviewRow open = whole;
  open.id = "13-id";
  open.state = ReviewState::open;
  open.reason = "before";
  open.tier = open.person = open.by = open.note = "";
  open.candidates = {};
  open.resolution = Resolution::none;
  open.resolved = {};
  ReviewRow resolved = whole;
  resolved.id = open.id;
  const std::vector<ReviewRow> first{whole, open};
  must_write([&](Transaction& tx) { return tx.reviews().put(first); });
  must_write([&](Transaction& tx) { return tx.reviews().put({&resolved, 1}); });
  for (const auto& want : {whole, resolved}) {
    auto reviews = reader();
    auto got = *reviews->reviews().get(want.id);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->id, want.id);
    EXPECT_EQ(got->source, want.source);
    EXPECT_EQ(got->record_id, want.record_id);
    EXPECT_EQ(got->record_key, want.record_key);
    EXPECT_EQ(got->state, want.state);
    EXPECT_EQ(got->reason, want.reason);
    EXPECT_EQ(got->tier, want.tier);
    EXPECT_EQ(got->candidates, want.candidates);
    EXPECT_EQ(got->opened, want.opened);
    EXPECT_EQ(got->resolution, want.resolution);
    EXPECT_EQ(got->resolved, want.resolved);
    EXPECT_EQ(got->person, want.person);
    EXPECT_EQ(got->by, want.by);
    EXPECT_EQ(got->note, want.note);
  }
}

TEST_P(RoundTripTest, ATokenComesBackWhole) {
  const TokenRow token{"01-id", "hr", "02-secret", at(3), at(4), at(5), at(6)};
  TokenRow earlier = token;
  earlier.expires = at(0);
  earlier.revoked = earlier.last_used = std::nullopt;
  must_write([&](Transaction& tx) { return tx.tokens().put(earlier); });
  must_write([&](Transaction& tx) { return tx.tokens().put(token); });
  auto tokens = reader();
  auto got = *tokens->tokens().get(token.id);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->id, token.id);
  EXPECT_EQ(got->source, token.source);
  EXPECT_EQ(got->secret_sha256, token.secret_sha256);
  EXPECT_EQ(got->created, token.created);
  EXPECT_EQ(got->expires, token.expires);
  EXPECT_EQ(got->revoked, token.revoked);
  EXPECT_EQ(got->last_used, token.last_used);
}

TEST_P(RoundTripTest, TheJournalsComeBackWhole) {
  const AuditEntry entry{"01-actor", "02-action", "03-subject", "04-run", "05-detail"};
  const Event event{"06-kind", "07-subject", "08-body"};
  must_write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.journal().audit({&entry, 1}));
    return tx.journal().outbox({&event, 1});
  });
  auto journals = reader();
  auto audit = *journals->journal().audit(0, 10);
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].sequence, 1);
  EXPECT_EQ(audit[0].at, kClock.now());
  EXPECT_EQ(audit[0].actor, entry.actor);
  EXPECT_EQ(audit[0].action, entry.action);
  EXPECT_EQ(audit[0].subject, entry.subject);
  EXPECT_EQ(audit[0].run, entry.run);
  EXPECT_EQ(audit[0].detail, entry.detail);
  auto outbox = *journals->journal().outbox(0, 10);
  ASSERT_EQ(outbox.size(), 1u);
  EXPECT_EQ(outbox[0].sequence, 1);
  EXPECT_EQ(outbox[0].kind, event.kind);
  EXPECT_EQ(outbox[0].subject, event.subject);
  EXPECT_EQ(outbox[0].body, event.body);
  EXPECT_EQ(outbox[0].created, kClock.now());
}

}  // namespace
}  // namespace muster::store
