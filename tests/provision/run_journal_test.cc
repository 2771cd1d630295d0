// SPDX-License-Identifier: Apache-2.0
#include "provision/runs/run_journal.h"

#include "tests/provision/world.h"

namespace muster::provision {
namespace {

class RunJournals : public World {
 protected:
  RunJournal journal(bool only_news = false) {
    return {*store_,
            system_clock(),
            {.source = "dir", .kind = store::RunKind::sync, .actor = "test"},
            only_news};
  }

  std::optional<store::RunRow> stored(const RunJournal& journal) {
    return *(*store_->reader())->runs().get(journal.row().id);
  }
  std::size_t items(const RunJournal& journal) {
    return (*store_->reader())->runs().items(journal.row().id, 0, 100)->size();
  }

  static Status nothing(store::Transaction&) { return {}; }
};

Result<Outcome> created() {
  Outcome outcome;
  outcome.decision.verb = Verb::create;
  return outcome;
}

TEST_F(RunJournals, TheFirstReasonThatHoldsIsTheState) {
  const Error broken{Fault::unavailable, "no answer", {}, {}};
  struct Case {
    const char* story;
    RunEnd end;
    store::RunCounts counts;
    store::RunState state;
    const char* detail;
  };
  const Case cases[] = {
      {"all well", {}, {}, store::RunState::done, ""},
      {"a problem", {}, {.problems = 1}, store::RunState::done_with_errors, ""},
      {"quarantine", {}, {.quarantined = 1}, store::RunState::done_with_errors, ""},
      {"told so", {.with_errors = true}, {}, store::RunState::done_with_errors, ""},
      {"held", {.held = true}, {.problems = 1}, store::RunState::held, ""},
      {"incomplete",
       {.incomplete = "half", .held = true},
       {},
       store::RunState::incomplete,
       "half."},
      {"stopped",
       {.stopped = "enough", .incomplete = "half"},
       {},
       store::RunState::cancelled,
       "enough."},
      {"failed", {.error = broken, .stopped = "enough"}, {}, store::RunState::failed, "no answer."},
      {"a remark", {.remark = "by the way"}, {}, store::RunState::done, "by the way."},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto one = journal();
    ASSERT_TRUE(one.begin(nothing));
    EXPECT_EQ(stored(one)->state, store::RunState::running);
    one.counts() = c.counts;
    const auto report = one.end(c.end);
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->row.state, c.state);
    EXPECT_EQ(report->row.detail, c.detail);
    EXPECT_EQ(report->error.has_value(), c.end.error.has_value());
    EXPECT_EQ(stored(one)->state, c.state);
    EXPECT_EQ(stored(one)->counts, c.counts);
  }
}

// A transaction may be repeated: what it reports counts once.
TEST_F(RunJournals, WhatIsNotedAgainCountsOnce) {
  auto one = journal();
  ASSERT_TRUE(one.begin(nothing));
  const Result<Outcome> outcomes[] = {created(), created()};
  ASSERT_TRUE(store_
                  ->write([&](store::Transaction& tx) -> Status {
                    MUSTER_CHECK(one.note(tx, std::span(outcomes, 1), RunJournal::Tally::stored));
                    return fail(Fault::conflict, "again");
                  })
                  .error()
                  .fault == Fault::conflict);
  ASSERT_TRUE(store_->write(
      [&](store::Transaction& tx) { return one.note(tx, outcomes, RunJournal::Tally::stored); }));
  one.keep();
  EXPECT_EQ(stored(one)->counts, (store::RunCounts{.read = 2, .created = 2}));
  EXPECT_EQ(one.row().counts, stored(one)->counts);
  EXPECT_EQ(items(one), 2u);
}

// What the guard holds is counted by hold(), what is postponed when its turn comes.
TEST_F(RunJournals, WhatIsNotAppliedIsNotTallied) {
  auto one = journal();
  ASSERT_TRUE(one.begin(nothing));
  std::vector<Result<Outcome>> outcomes = {created(), created(), created()};
  outcomes[0]->held = true;
  outcomes[1]->postponed = true;
  ASSERT_TRUE(store_->write(
      [&](store::Transaction& tx) { return one.note(tx, outcomes, RunJournal::Tally::stored); }));
  one.keep();
  ASSERT_TRUE(one.hold({held_item({"dir", ResourceType::user, "d1"}, "uid=d1", "p1")}));
  EXPECT_EQ(stored(one)->counts, (store::RunCounts{.read = 1, .created = 1, .held = 1}));
  EXPECT_EQ(items(one), 2u);
}

TEST_F(RunJournals, ARunWithoutNewsLeavesNoTrace) {
  auto quiet = journal(true);
  ASSERT_TRUE(quiet.begin(nothing));
  ASSERT_TRUE(quiet.end({}));
  EXPECT_FALSE(quiet.is_news());
  EXPECT_FALSE(stored(quiet));

  auto loud = journal(true);
  ASSERT_TRUE(loud.begin(nothing));
  const Result<Outcome> outcomes[] = {created()};
  ASSERT_TRUE(store_->write(
      [&](store::Transaction& tx) { return loud.note(tx, outcomes, RunJournal::Tally::stored); }));
  loud.keep();
  ASSERT_TRUE(loud.end({}));
  EXPECT_TRUE(loud.is_news());
  EXPECT_EQ(stored(loud)->state, store::RunState::done);
}

}  // namespace
}  // namespace muster::provision
