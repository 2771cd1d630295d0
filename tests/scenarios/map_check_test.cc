// SPDX-License-Identifier: Apache-2.0
// A mapping file is checked before it is used: by people on a terminal, by programs as JSON.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"

namespace muster::scenarios {
namespace {

TEST(MapCheck, SaysHowMuchIsThereAndHowMuchOfItIsTested) {
  const Installation installation;
  const auto file = installation.write(
      "mapping.yaml",
      std::string(small_mapping) +
          "tests:\n  - given: { hr: { id: 1, mail: m@a.example, first: Mara, last: Adler } }\n"
          "    expect: { userName: mara.adler }\n");
  const auto ended = installation.run({Installation::program(), "map", "check", file.string()});
  EXPECT_EQ(ended.code, 0) << ended.said;
  EXPECT_TRUE(ended.has("is good: 0 errors")) << ended.said;
  EXPECT_TRUE(ended.has("1 test, 0 failed; 5 of 16 rules exercised")) << ended.said;
  EXPECT_TRUE(ended.has("W-COVER no test exercises sources.idp.map.email")) << ended.said;
}

TEST(MapCheck, WarningsFailOnlyWhenAskedTo) {
  const Installation installation;
  const auto file = installation.write(
      "mapping.yaml", std::string(small_mapping) + "sets: { own: { domains: [a.example] } }\n");
  EXPECT_EQ(installation.run({Installation::program(), "map", "check", file.string()}).code, 0);
  const auto strict =
      installation.run({Installation::program(), "map", "check", "--strict", file.string()});
  EXPECT_EQ(strict.code, 8);
  EXPECT_TRUE(strict.has("W-UNUSED sets.own is never used")) << strict.said;
}

TEST(MapCheck, ProgramsAreToldTheSameAsPeople) {
  const Installation installation;
  const auto file = installation.write(
      "mapping.yaml", std::string(small_mapping) + "merge: { attributes: { departmnt: {} } }\n");
  const auto ended =
      installation.run({Installation::program(), "map", "check", "--json", file.string()});
  EXPECT_EQ(ended.code, 8);
  const auto document = parse_json(ended.said);
  ASSERT_TRUE(document) << ended.said;
  const auto& found = document->find("diagnostics")->as_list();
  ASSERT_EQ(found.size(), 1u) << ended.said;
  const auto text = [&](const char* name) { return found[0].find(name)->as_text(); };
  EXPECT_EQ(text("severity"), "error");
  EXPECT_EQ(text("file"), file.string());
  EXPECT_EQ(text("code"), "E-NAME");
  EXPECT_EQ(text("suggestion"), "department");
  EXPECT_EQ(found[0].find("line")->as_int(), 45);
  EXPECT_EQ(found[0].find("column")->as_int(), 24);
  const auto& summary = *document->find("summary");
  EXPECT_FALSE(summary.find("good")->as_bool());
  EXPECT_EQ(summary.find("sources")->as_int(), 3);
  EXPECT_EQ(summary.find("tests")->find("run")->as_int(), 0);
  EXPECT_EQ(summary.find("sha256")->as_text().size(), 64u);
}

}  // namespace
}  // namespace muster::scenarios
