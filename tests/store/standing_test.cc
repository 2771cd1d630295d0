// SPDX-License-Identifier: Apache-2.0
// How many findings stand is counted where records and people are written.
#include <gtest/gtest.h>

#include "tests/store/store_fixture.h"

namespace muster::store {
namespace {

class StandingTest : public StoreTest {
 protected:
  static std::string text_of(const std::vector<StandingFindings>& standing) {
    std::string text;
    for (const auto& one : standing)
      text += one.source + " " + one.code + " " + std::string(name_of(one.severity)) + " " +
              std::to_string(one.count) + "; ";
    return text;
  }
  std::string records() { return text_of((*reader()->journal().standing()).of_records); }
  std::string people() { return text_of((*reader()->journal().standing()).of_people); }
};
INSTANTIATE_TEST_SUITE_P(Engines, StandingTest, every_place(), place_name);

Finding found(std::string code, Severity severity = Severity::warning) {
  return {severity, std::move(code), "attribute", "message"};
}

TEST_P(StandingTest, RecordsCountForTheirSourceUntilTheFindingGoes) {
  auto anna = person("anna", "hr"), bert = person("bert", "hr"), cora = person("cora", "idp");
  anna.findings = {found("W-DATE"), found("W-MULTI")};
  bert.findings = {found("W-DATE"), found("W-DATE", Severity::error)};
  cora.findings = {found("W-DATE")};
  insert(anna);
  insert(bert);
  insert(cora);
  EXPECT_EQ(records(),
            "hr W-DATE warning 2; hr W-DATE error 1; hr W-MULTI warning 1; "
            "idp W-DATE warning 1; ");
  anna.findings = {found("W-MULTI")};
  update(anna);
  bert.head.state = RecordState::gone;
  bert.findings = {};
  update(bert);
  EXPECT_EQ(records(), "hr W-MULTI warning 1; idp W-DATE warning 1; ");
  EXPECT_EQ(people(), "");
}

TEST_P(StandingTest, PeopleCountForWhoOwnsThem) {
  auto anna = somebody("anna"), bert = somebody("bert");
  put(anna);
  put(bert);
  EXPECT_EQ(people(), "entra W-MULTI warning 2; ");
  anna.sources = {"hr"};
  put(anna);
  EXPECT_EQ(people(), "entra W-MULTI warning 1; hr W-MULTI warning 1; ");
  bert.findings = {};
  put(bert);
  EXPECT_EQ(people(), "hr W-MULTI warning 1; ");
}

TEST_P(StandingTest, WhatIsTakenBackIsNotCounted) {
  auto anna = person("anna", "hr");
  anna.findings = {found("W-DATE")};
  auto written = write([&](Transaction& tx) -> Status {
    MUSTER_CHECK(tx.records().insert({&anna, 1}));
    return fail(Fault::invalid, "no");
  });
  EXPECT_FALSE(written);
  EXPECT_EQ(records(), "");
}

}  // namespace
}  // namespace muster::store
