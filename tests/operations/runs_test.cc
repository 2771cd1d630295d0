// SPDX-License-Identifier: Apache-2.0
#include "operations/documents/run.h"
#include "operations/runs/list.h"
#include "operations/runs/run.h"
#include "operations/runs/turn.h"
#include "tests/operations/office.h"

namespace muster::operations {
namespace {

class Runs : public Office {
 protected:
  Result<RunOutcome> import(const std::string& file, RunOptions options = {}) {
    options.actor = "test";
    options.items.most = 1000;
    return read_source(*here_, {.source = "hr", .file = file}, options, {});
  }
};

TEST_F(Runs, AnImportIsReportedWithWhatWentWrong) {
  const auto file = folder_.write("hr.csv",
                                  "id,mail,first,last\n1,ann@acme.example,Ann,Lee\n"
                                  "2,,Bob,Ray\n,cy@acme.example,Cy,Fox\n");
  const auto outcome = import(file);
  ASSERT_TRUE(outcome) << describe(outcome.error());
  const auto& run = outcome->report.row;
  EXPECT_EQ(run.state, store::RunState::incomplete) << "one row of three could not be read";
  EXPECT_EQ(run.kind, store::RunKind::import);
  EXPECT_EQ(run.actor, "test");
  EXPECT_EQ(run.counts.read, 3);
  EXPECT_EQ(run.counts.created, 1);
  EXPECT_EQ(run.counts.quarantined, 1);
  EXPECT_EQ(run.counts.problems, 1);
  EXPECT_TRUE(changed_anything(run.counts));
  EXPECT_EQ(outcome->items.size(), 2u) << "only what went wrong or waits";

  const auto shown = show_run(*here_, run.id);
  ASSERT_TRUE(shown) << describe(shown.error());
  EXPECT_EQ(shown->items.size(), 3u) << "all of them";
  auto document = as_document(*outcome);
  EXPECT_EQ(*document.find("dryRun"), Value(false));
  EXPECT_EQ(*document.find("counts"), *as_document(*shown).find("counts"));
  EXPECT_EQ(latest_runs(*here_, "hr", 10)->size(), 1u);
  EXPECT_EQ(latest_runs(*here_, "idp", 10)->size(), 0u);
}

TEST_F(Runs, ADryRunLeavesNothing) {
  const auto outcome = import(staff(3), {.dry_run = true, .items = {.all = true}});
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_EQ(outcome->report.row.counts.created, 3);
  EXPECT_EQ(outcome->items.size(), 3u);
  EXPECT_EQ(*as_document(*outcome).find("dryRun"), Value(true));
  EXPECT_TRUE(active().empty());
  EXPECT_TRUE(latest_runs(*here_, "", 10)->empty());
}

TEST_F(Runs, TheModeOfTheRequestCounts) {
  ASSERT_TRUE(import(staff(3)));
  const auto part = folder_.write("part.csv", "id,mail,first,last\n1,p1@acme.example,P1,Q1\n");
  ASSERT_TRUE(read_source(*here_, {.source = "hr", .file = part, .snapshot = false}, {}, {}));
  EXPECT_EQ(active().size(), 3u);
  ASSERT_TRUE(read_source(*here_, {.source = "hr", .file = part}, {}, {}));
  EXPECT_EQ(active().size(), 3u) << "two of three are more than the guard lets pass";
  EXPECT_EQ(latest_runs(*here_, "hr", 1)->front().state, store::RunState::held);
}

TEST_F(Runs, OneAtATimeForEachSource) {
  const auto turn = take_turn(*here_, provision::source_lease("hr"));
  ASSERT_TRUE(turn);
  const auto refused = import(staff(1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::conflict);
  EXPECT_EQ(refused.error().code, "busy");
  EXPECT_TRUE(import(staff(1), {.dry_run = true})) << "a rehearsal is in nobody's way";
  EXPECT_TRUE(run_lifecycle(*here_, {}, {}));
}

TEST_F(Runs, WhatCannotBeReadIsRefusedInWordsOfNoDoor) {
  struct Story {
    const char* source;
    const char* file;
    Fault fault;
    const char* says;
  };
  const Story stories[] = {
      {"hrr", "x.csv", Fault::not_found, "did you mean 'hr'?"},
      {"nowhere", "x.csv", Fault::not_found, "configured are: idp, hr, badges"},
      {"idp", "x.csv", Fault::invalid, "not of kind csv"},
      {"idp", "", Fault::invalid, "its identity provider pushes"},
      {"hr", "", Fault::invalid, "has no file"},
  };
  for (const auto& story : stories) {
    const auto refused = read_source(*here_, {.source = story.source, .file = story.file}, {}, {});
    ASSERT_FALSE(refused) << story.source;
    EXPECT_EQ(refused.error().fault, story.fault) << story.source;
    EXPECT_NE(refused.error().detail.find(story.says), std::string::npos) << refused.error().detail;
    EXPECT_EQ(refused.error().detail.find("muster "), std::string::npos) << refused.error().detail;
  }
  const auto gone = show_run(*here_, "nope");
  ASSERT_FALSE(gone);
  EXPECT_EQ(describe(gone.error()), "there is no run 'nope'");
}

TEST_F(Runs, WhatWaitsIsTriedAgain) {
  ASSERT_TRUE(import(folder_.write("hr.csv", "id,mail,first,last\n2,,Bob,Ray\n")));
  const auto outcome = retry(*here_, {"hr/2"}, {.items = {.most = 10, .all = true}}, {});
  ASSERT_TRUE(outcome) << describe(outcome.error());
  EXPECT_EQ(outcome->report.row.counts.quarantined, 1);
  EXPECT_NE(retry_document(*outcome).find("run"), nullptr);
  const auto unknown = retry(*here_, {"hr/3"}, {}, {});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().fault, Fault::not_found);
}

TEST(Delimiter, IsOneCharacterOrTheWordTab) {
  EXPECT_EQ(*parse_delimiter(""), std::nullopt);
  EXPECT_EQ(*parse_delimiter(";"), ';');
  EXPECT_EQ(*parse_delimiter("tab"), '\t');
  for (const auto* text : {",;", "TAB", "tabs", "\xc3\xa9"}) {
    const auto refused = parse_delimiter(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().fault, Fault::invalid);
  }
}

}  // namespace
}  // namespace muster::operations
