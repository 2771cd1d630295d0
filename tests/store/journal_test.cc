// SPDX-License-Identifier: Apache-2.0
#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class JournalTest : public StoreTest {};
INSTANTIATE_TEST_SUITE_P(Engines, JournalTest, every_place(), place_name);

TEST_P(JournalTest, AuditAndOutboxKeepTheirOrder) {
  std::vector<Event> events;
  std::vector<AuditEntry> entries;
  for (int i = 0; i < 5; ++i) {
    events.push_back(
        {"user.created", "subject-" + std::to_string(i), "{\"n\":" + std::to_string(i) + "}"});
    entries.push_back(
        {"cli:import", "user.create", "subject-" + std::to_string(i), i == 0 ? "run-1" : "", ""});
  }
  must_write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.journal().outbox(events));
    return tx.journal().audit(entries);
  });
  auto outbox = reader()->journal().outbox(0, 3);
  ASSERT_EQ(outbox->size(), 3u);
  auto more = reader()->journal().outbox(outbox->back().sequence, 10);
  ASSERT_EQ(more->size(), 2u);
  EXPECT_EQ((*more)[0].subject, "subject-3");
  EXPECT_EQ((*more)[0].body, "{\"n\":3}");
  EXPECT_EQ((*more)[0].created, kClock.now());
  auto audit = reader()->journal().audit(0, 10);
  ASSERT_EQ(audit->size(), 5u);
  EXPECT_EQ((*audit)[0].actor, "cli:import");
  EXPECT_EQ((*audit)[0].run, "run-1");
  EXPECT_EQ((*audit)[4].subject, "subject-4");
  EXPECT_LT((*audit)[0].sequence, (*audit)[4].sequence);
}

// Each counter has another value, so that one that is forgotten or mixed up is seen.
TEST_P(JournalTest, EveryCounterOfARunIsKept) {
  RunRow run{.id = "run-1", .source = "hr"};
  std::int64_t value = 100;
  for (const auto& counter : run_counters) run.counts.*counter.member = ++value;
  must_write([&](Transaction& tx) { return tx.runs().put(run); });
  const auto kept = reader()->runs().get("run-1")->value();
  for (const auto& counter : run_counters)
    EXPECT_EQ(kept.counts.*counter.member, run.counts.*counter.member) << counter.name;
  EXPECT_EQ(kept.counts, run.counts);
}

TEST_P(JournalTest, RunsAreInsertedAndUpdatedById) {
  RunRow run{.id = "run-1", .source = "hr", .kind = RunKind::import, .actor = "cli"};
  run.started = kClock.now();
  must_write([&](Transaction& tx) { return tx.runs().put(run); });
  EXPECT_EQ(reader()->runs().get("run-1")->value().state, RunState::running);
  run.state = RunState::held;
  run.detail = "too many would leave";
  run.counts = {.read = 9, .created = 3, .held = 6};
  run.ended = kClock.now();
  RunRow other{.id = "run-2", .source = "entra"};
  must_write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.runs().put(run));
    return tx.runs().put(other);
  });
  auto kept = reader()->runs().get("run-1")->value();
  EXPECT_EQ(kept.source, "hr");
  EXPECT_EQ(kept.kind, RunKind::import);
  EXPECT_EQ(kept.state, RunState::held);
  EXPECT_EQ(kept.detail, run.detail);
  EXPECT_EQ(kept.counts, run.counts);
  EXPECT_EQ(kept.ended, kClock.now());
  EXPECT_FALSE(*reader()->runs().get("run-3"));
  auto latest = reader()->runs().latest("", 5);
  ASSERT_EQ(latest->size(), 2u);
  EXPECT_EQ((*latest)[0].id, "run-2");
  auto of_source = reader()->runs().latest("hr", 5);
  ASSERT_EQ(of_source->size(), 1u);
  EXPECT_EQ((*of_source)[0].id, "run-1");
}

TEST_P(JournalTest, ItemsAreNumberedWithinTheirRun) {
  RunRow run{.id = "run-1", .source = "hr"};
  std::vector<RunItem> items(3);
  for (std::size_t i = 0; i < 3; ++i)
    items[i] = {.action = "create", .result = "done", .where = std::to_string(i)};
  must_write([&](Transaction& tx) { return tx.runs().put(run); });
  must_write([&](Transaction& tx) { return tx.runs().add_items("run-1", items); });
  must_write([&](Transaction& tx) { return tx.runs().add_items("run-1", items); });
  auto first = reader()->runs().items("run-1", 0, 4);
  ASSERT_EQ(first->size(), 4u);
  EXPECT_EQ((*first)[0].number, 1);
  auto rest = reader()->runs().items("run-1", first->back().number, 10);
  ASSERT_EQ(rest->size(), 2u);
  EXPECT_EQ((*rest)[1].number, 6);
  EXPECT_EQ((*rest)[1].where, "2");
  EXPECT_EQ(
      write([&](Transaction& tx) { return tx.runs().add_items("none", items); }).error().fault,
      Fault::not_found);
}

TEST_P(JournalTest, CursorsBelongToSources) {
  must_write([&](Transaction& tx) -> Status {
    EXPECT_EQ(tx.runs().cursor("hr").value(), "");
    MUSTER_CHECK(tx.runs().put_cursor("hr", "cookie-1"));
    MUSTER_CHECK(tx.runs().put_cursor("hr", "cookie-2"));
    EXPECT_EQ(tx.runs().cursor("hr").value(), "cookie-2");
    EXPECT_EQ(tx.runs().cursor("entra").value(), "");
    return {};
  });
}

TEST_P(JournalTest, TokensAreInsertedRevokedAndTouched) {
  TokenRow token{.id = "t1", .source = "entra", .secret_sha256 = "ab", .expires = kClock.now()};
  must_write([&](Transaction& tx) { return tx.tokens().put(token); });
  token.revoked = kClock.now();
  must_write([&](Transaction& tx) { return tx.tokens().put(token); });
  must_write([&](Transaction& tx) { return tx.tokens().touch("t1", kClock.now()); });
  auto kept = reader()->tokens().get("t1")->value();
  EXPECT_EQ(kept.source, "entra");
  EXPECT_EQ(kept.secret_sha256, "ab");
  EXPECT_EQ(kept.revoked, kClock.now());
  EXPECT_EQ(kept.last_used, kClock.now());
  EXPECT_FALSE(*reader()->tokens().get("t2"));
  EXPECT_EQ(reader()->tokens().all()->size(), 1u);
}

TEST_P(JournalTest, CountsPeopleWithoutCountingRows) {
  std::vector<RecordRow> rows{person("a"), person("b"),       person("c"),
                              person("d"), person("e", "hr"), team("T")};
  rows[1].head.state = RecordState::review;
  rows[2].head.state = RecordState::quarantined;
  rows[3].head.state = RecordState::gone;
  must_write([&](Transaction& tx) -> Status {
    EXPECT_EQ(tx.runs().live_people("entra").value(), 0);
    MUSTER_CHECK(tx.records().insert(rows));
    EXPECT_EQ(tx.runs().live_people("entra").value(), 1) << "its own changes included";
    return {};
  });
  (void)write([&](Transaction& tx) -> Status {
    RecordRow undone = person("undone");
    MUSTER_CHECK(tx.records().insert({&undone, 1}));
    return fail(Fault::invalid, "not this one");
  });
  rows[1].head.state = RecordState::linked;
  update(rows[1]);
  must_write([&](Transaction& tx) -> Status {
    EXPECT_EQ(tx.runs().live_people("entra").value(), 2);
    EXPECT_EQ(tx.runs().live_people("nowhere").value(), 0);
    return {};
  });
  auto counts = reader()->journal().counts();
  ASSERT_EQ(counts->size(), 2u);
  const SourceCounts& entra = (*counts)[0];
  EXPECT_EQ(entra.source, "entra");
  EXPECT_EQ(entra.people, 2);
  EXPECT_EQ(entra.groups, 1);
  EXPECT_EQ(entra.review, 0);
  EXPECT_EQ(entra.quarantined, 1);
  EXPECT_EQ((*counts)[1].people, 1);
}

TEST_P(JournalTest, ASourceNobodyConfiguredIsRegisteredWithItsFirstRecord) {
  RecordRow row = person("mara", "new source");
  insert(row);
  EXPECT_EQ(stored(row.head.id).head.key.source, "new source");
  EXPECT_EQ(list({}, kUser, "new source").rows.size(), 1u);
}

}  // namespace
}  // namespace muster::store
