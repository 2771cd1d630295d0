// SPDX-License-Identifier: Apache-2.0
// Files as they come, good and broken, through `muster import`.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"

namespace muster::scenarios {
namespace {

std::string rows(int from, int to) {
  std::string text = "id,mail,first,last\n";
  for (int i = from; i <= to; ++i) {
    const auto number = std::to_string(i);
    text += number + ",p" + number + "@corp.example,Person" + number + ",Adler\n";
  }
  return text;
}

class CsvImport : public ::testing::Test {
 protected:
  Ended import(const std::string& content, std::vector<std::string> more = {}) {
    const auto file = installation_.write("people.csv", content);
    more.insert(more.begin(), {"import", file.string(), "--source", "hr"});
    return installation_.muster(more);
  }

  Installation installation_;
};

TEST_F(CsvImport, TheSameFileTwiceChangesNothing) {
  const auto first = import(rows(1, 20));
  EXPECT_EQ(first.code, 0) << first.said;
  EXPECT_EQ(installation_.last_run("hr", "created"), 20);
  const auto before = installation_.people();
  EXPECT_TRUE(before.find("person7.adler") != std::string::npos) << before;
  EXPECT_EQ(import(rows(1, 20)).code, 0);
  EXPECT_EQ(installation_.last_run("hr", "unchanged"), 20);
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(CsvImport, ADryRunSaysWhatWouldHappenAndKeepsNothing) {
  EXPECT_EQ(import(rows(1, 3)).code, 0);
  const auto before = installation_.people();
  const auto runs = installation_.muster({"runs", "list"}).said;
  const auto dry = import(rows(2, 5), {"--dry-run"});
  EXPECT_EQ(dry.code, 0) << dry.said;
  for (const char* text : {"dry run", "2 created", "1 deactivated"})
    EXPECT_TRUE(dry.has(text)) << dry.said;
  EXPECT_EQ(import(rows(2, 5), {"--dry-run", "--detailed-exit-code"}).code, 10);
  EXPECT_EQ(import(rows(1, 3), {"--dry-run", "--detailed-exit-code"}).code, 0);
  EXPECT_EQ(installation_.people(), before);
  EXPECT_EQ(installation_.muster({"runs", "list"}).said, runs);
}
MUSTER_TEST_ON_EVERY_ENGINE(CsvImport, ADryRunSaysWhatWouldHappenAndKeepsNothing);

TEST_F(CsvImport, ADelimiterIsOneCharacterAsInTheConfiguration) {
  constexpr const char* why = "E-VALUE 'delimiter' is one character, or the word tab";
  const auto refused = import(rows(1, 3), {"--delimiter", ",;"});
  EXPECT_EQ(refused.code, 8) << refused.said;
  EXPECT_TRUE(refused.has(std::string_view(why).substr(8))) << refused.said;
  EXPECT_EQ(installation_.last_run("hr", "created"), -1) << "nothing was read";
  EXPECT_EQ(import(rows(1, 3), {"--delimiter", ","}).code, 0);

  const auto config = support::read_file(installation_.folder() / "muster.yaml");
  auto wrong = config;
  wrong.replace(wrong.find("mode: snapshot"), 0, "delimiter: \",;\", ");
  installation_.write("muster.yaml", wrong);
  const auto checked =
      installation_.muster({"config", "check", (installation_.folder() / "muster.yaml").string()});
  EXPECT_EQ(checked.code, 8) << checked.said;
  EXPECT_TRUE(checked.has(why)) << checked.said;
}

TEST_F(CsvImport, AFileThatCannotBeReadChangesNothing) {
  struct Story {
    const char* story;
    std::string content;
    std::vector<std::string> said;
  };
  const Story stories[] = {
      {"no key column",
       "ident,mail,first,last\n1,a@b.example,A,B\n",
       {"people.csv:1", "there is no column 'id'", "'ident'"}},
      {"no header", "1,a@b.example,Anna,Berg\n", {"people.csv", "header"}},
      {"one column twice",
       "id,mail,mail,last\n1,a@b.example,c@d.example,B\n",
       {"people.csv:1", "rename or remove one"}},
      {"invalid UTF-8",
       "id,mail,first,last\n1,a@b.example,J\xFCrgen,Berg\n",
       {"people.csv:2:16", "UTF-8"}},
      {"a spreadsheet", std::string("PK\x03\x04 and so on"), {"people.csv"}},
      {"nothing", "", {"people.csv", "empty"}},
  };
  ASSERT_EQ(import(rows(1, 3)).code, 0);
  const auto before = installation_.people();
  for (const auto& story : stories) {
    SCOPED_TRACE(story.story);
    const auto ended = import(story.content);
    EXPECT_EQ(ended.code, 8) << ended.said;
    for (const auto& text : story.said) EXPECT_TRUE(ended.has(text)) << ended.said;
    EXPECT_EQ(installation_.people(), before);
  }
  const auto gone = installation_.muster({"import", "gone.csv", "--source", "hr"});
  EXPECT_EQ(gone.code, 5) << gone.said;
  EXPECT_TRUE(gone.has("gone.csv")) << gone.said;
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(CsvImport, AFileWithoutAColumnThatTheMappingReadsChangesNothing) {
  ASSERT_EQ(import(rows(1, 3)).code, 0);
  const auto before = installation_.people();
  const auto ended = import("id,first,last\n1,Person1,Adler\n2,Person2,Adler\n3,Person3,Adler\n");
  EXPECT_EQ(ended.code, 8) << ended.said;
  EXPECT_TRUE(ended.has("there is no column 'mail'")) << ended.said;
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(CsvImport, AnUnclosedQuoteIsNamedWhereItOpensAndNobodyLeaves) {
  ASSERT_EQ(import(rows(1, 10)).code, 0);
  const auto ended = import(
      "id,mail,first,last\n1,p1@corp.example,Person1,Adler\n2,\"p2@corp.example,Person2,Adler\n" +
      rows(3, 10).substr(rows(3, 10).find('\n') + 1));
  EXPECT_EQ(ended.code, 3) << ended.said;
  EXPECT_TRUE(ended.has("line 3")) << ended.said;
  EXPECT_TRUE(ended.has("nobody was taken away")) << ended.said;
  EXPECT_EQ(installation_.people("state eq \"active\""), 10u);
}

TEST_F(CsvImport, BadRowsAreToldAndTheOthersArrive) {
  const auto ended = import(
      "id,mail,first,last\n"
      "1,p1@corp.example,Person1,Adler\n"
      "2,p2@corp.example,Person2\n"
      ",p3@corp.example,Person3,Adler\n"
      "1,p4@corp.example,Person4,Adler\n"
      "5,nowhere,Person5,Adler\n"
      "6,p6@corp.example,Person6,Adler\n");
  EXPECT_EQ(ended.code, 3) << ended.said;
  for (const char* text : {"line 3", "line 4", "line 5", "line 6", "need-mail"})
    EXPECT_TRUE(ended.has(text)) << ended.said;
  EXPECT_EQ(installation_.last_run("hr", "created"), 2);
  EXPECT_EQ(installation_.last_run("hr", "problems"), 3);
  EXPECT_EQ(installation_.last_run("hr", "quarantined"), 1);
}

TEST_F(CsvImport, TooManyLeaversAreHeld) {
  ASSERT_EQ(import(rows(1, 40)).code, 0);
  const auto before = installation_.people();
  const auto held = import(rows(1, 34));
  EXPECT_EQ(held.code, 4) << held.said;
  EXPECT_TRUE(held.has("6 of 40 people")) << held.said;
  EXPECT_EQ(installation_.people(), before);
  const auto few = import(rows(1, 35));
  EXPECT_EQ(few.code, 0) << few.said;
  EXPECT_EQ(installation_.people("state eq \"inactive\""), 5u);
  EXPECT_EQ(import(rows(1, 40)).code, 0);
  EXPECT_EQ(installation_.last_run("hr", "reactivated"), 5);
  EXPECT_EQ(installation_.people("state eq \"active\""), 40u);
}

TEST_F(CsvImport, WhatWentWrongIsToldHoweverMuchWentWell) {
  auto text = rows(1, 2500);
  text += "2501,nowhere,Person2501,Adler\n";
  const auto ended = import(text);
  EXPECT_EQ(ended.code, 3) << ended.said;
  EXPECT_TRUE(ended.has("line 2502")) << ended.said;
  EXPECT_FALSE(ended.has("line 2501")) << ended.said;
}

TEST_F(CsvImport, AReportOfManyItemsEndsWithWhereTheOthersAre) {
  std::string text = "id,mail,first,last\n";
  for (int i = 1; i <= 60; ++i) text += std::to_string(i) + ",nowhere,Person,Adler\n";
  const auto ended = import(text);
  EXPECT_EQ(ended.code, 3) << ended.said;
  EXPECT_TRUE(ended.has("line 21")) << ended.said;
  EXPECT_FALSE(ended.has("line 40")) << ended.said;
  EXPECT_TRUE(ended.has("more: muster runs show ")) << ended.said;
}

TEST_F(CsvImport, PeopleAreFoundByFiltersAndMisspeltOnesAreRefused) {
  ASSERT_EQ(import(rows(1, 5)).code, 0);
  const auto list = [this](const std::string& filter) {
    return installation_.muster({"-q", "-o", "csv", "users", "list", "--filter", filter});
  };
  EXPECT_TRUE(list("email eq \"P3@corp.example\"").has("person3.adler"));
  EXPECT_FALSE(list("email eq \"P3@corp.example\"").has("person4.adler"));
  EXPECT_TRUE(list("userName sw \"person5\" and state eq \"active\"").has("person5.adler"));
  const auto classes = list("class eq \"internal\" or class eq \"external\"");
  EXPECT_TRUE(classes.has("person1.adler") && classes.has("person5.adler")) << classes.said;
  const auto misspelt = list("emial pr");
  EXPECT_EQ(misspelt.code, 8) << misspelt.said;
  EXPECT_TRUE(misspelt.has("did you mean 'email'?")) << misspelt.said;
  EXPECT_EQ(list("email eq").code, 8);
}

TEST_F(CsvImport, ADeltaTakesNobodyAway) {
  ASSERT_EQ(import(rows(1, 3)).code, 0);
  EXPECT_EQ(import(rows(4, 4), {"--mode", "delta"}).code, 0);
  EXPECT_EQ(installation_.people("state eq \"active\""), 4u);
}

// What an import says of itself is what is kept of it.
TEST_F(CsvImport, TheRunThatIsShownLaterCountsWhatTheImportSaid) {
  std::string mapping(small_mapping);
  mapping.replace(mapping.find("correlate:"), 0,
                  "  payroll:\n    kind: csv\n    records: { text: [id, mail, first, last] }\n"
                  "    key: id\n    map: { email: 'mail | email', firstName: 'first', lastName: "
                  "'last' }\n");
  installation_.write("mapping.yaml", mapping);
  installation_.configure("ldap://127.0.0.1:9", "  payroll: { kind: csv, mode: snapshot }\n");
  const auto payroll = [this](const std::string& content) {
    const auto file = installation_.write("payroll.csv", content);
    return installation_.json({"import", file.string(), "--source", "payroll"});
  };
  ASSERT_EQ(import(rows(1, 3)).code, 0);
  payroll(rows(1, 3));
  const auto said = payroll(rows(3, 3));
  ASSERT_NE(said.find("id"), nullptr) << write_json(said);
  EXPECT_EQ(said.find("counts")->find("ended")->as_int(), 2) << write_json(said);
  const auto shown = installation_.json({"runs", "show", said.find("id")->as_text()});
  EXPECT_EQ(write_json(*shown.find("counts")), write_json(*said.find("counts")));
}

TEST_F(CsvImport, OnlyACsvSourceTakesAFile) {
  const auto file = installation_.write("people.csv", rows(1, 1)).string();
  EXPECT_EQ(installation_.muster({"import", file, "--source", "directory"}).code, 8);
  EXPECT_EQ(installation_.muster({"sources", "sync", "idp"}).code, 8);
  EXPECT_EQ(installation_.muster({"sources", "sync", "hr"}).code, 8) << "no file is configured";
}

}  // namespace
}  // namespace muster::scenarios
