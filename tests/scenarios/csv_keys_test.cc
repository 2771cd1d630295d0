// SPDX-License-Identifier: Apache-2.0
// Keys compare as their attribute compares: however a file spells them, it names the same people.
#include <gtest/gtest.h>

#include <random>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"

namespace muster::scenarios {
namespace {

class CsvKeys : public ::testing::Test {
 protected:
  void SetUp() override { use("mail"); }

  // The small mapping with another key for the file, and a manager by that key.
  void use(const std::string& key, const std::string& more = {}) {
    auto rules = std::string(small_mapping);
    rules.replace(rules.find("    key: id\n"), 12, "    key: " + key + "\n" + more);
    rules.replace(rules.find("text: [id, mail, first, last]"), 29,
                  "text: [id, mail, first, last, boss]");
    rules.replace(rules.find("      lastName:  'last'\n"), 24,
                  "      lastName:  'last'\n      manager: 'ref(boss)'\n");
    rules.replace(rules.find("    department: text\n"), 21,
                  "    department: text\n    manager: ref\n");
    for (const auto* plain : {"'mail | email'\n      firstName: 'first'"})
      rules.replace(rules.find(plain), std::string(plain).size(),
                    "'mail | trim | email'\n      firstName: 'first'");
    installation_.write("mapping.yaml", rules);
  }

  Ended import(const std::string& rows) const {
    const auto file = installation_.write("people.csv", "id,mail,first,last,boss\n" + rows);
    return installation_.muster({"import", file.string(), "--source", "hr"});
  }

  Installation installation_;
};
MUSTER_ON_EVERY_ENGINE(CsvKeys);

// As Excel, web forms and other systems hand them on.
std::string respelled(std::string key, std::mt19937& random) {
  for (char& c : key)
    if (random() % 2 == 0) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string composed = "\u00e9";
  if (const auto at = key.find(composed); at != key.npos && random() % 2 == 0)
    key.replace(at, composed.size(), random() % 2 == 0 ? "e\u0301" : "E\u0301");
  const char* around[] = {"", " ", "\u200B", "\u00A0", "\uFEFF", "\t"};
  return around[random() % 6] + key + around[random() % 6];
}

TEST_F(CsvKeys, HoweverAFileSpellsThemItNamesTheSamePeople) {
  const std::string keys[] = {"mara@x.example", "r\u00e9mi@x.example", "jos\u00e9.a@x.example",
                              "zo\u00eb@x.example"};
  const auto rows = [&](auto spell) {
    std::string text;
    for (std::size_t i = 0; i < std::size(keys); ++i)
      text += std::to_string(i) + "," + spell(keys[i]) + ",First" + std::to_string(i) + ",Last," +
              spell(keys[(i + 1) % std::size(keys)]) + "\n";
    return text;
  };
  const auto clean = import(rows([](const std::string& key) { return key; }));
  ASSERT_EQ(clean.code, 0) << clean.said;
  const auto before = installation_.people();
  EXPECT_EQ(installation_.people("active eq true"), std::size(keys));
  std::mt19937 random(11);
  for (int turn = 0; turn < 6; ++turn) {
    const auto text = rows([&](const std::string& key) { return respelled(key, random); });
    const auto ended = import(text);
    EXPECT_EQ(ended.code, 0) << ended.said << text;
    EXPECT_EQ(installation_.last_run("hr", "created"), 0);
    EXPECT_EQ(installation_.last_run("hr", "deactivated"), 0);
    EXPECT_EQ(installation_.people(), before) << text;
  }
}

TEST_F(CsvKeys, TwoLinesOfOneKeyAreBothTold) {
  const auto ended = import("1,Mara@x.example,Mara,A,\n2, mara@x.example ,Mara,B,\n");
  EXPECT_TRUE(ended.has("line 2")) << ended.said;
  EXPECT_TRUE(ended.has("line 3")) << ended.said;
  EXPECT_TRUE(ended.has("DUPLICATE_KEY")) << ended.said;
  EXPECT_EQ(installation_.people("active eq true"), 1U);
}

TEST_F(CsvKeys, ExactKeysAreTwoPeopleWhenTheFileOfRulesSaysSo) {
  use("id", "    key_match: exact\n");
  ASSERT_EQ(import("a1,m@x.example,Mara,A,\nA1,n@x.example,Nora,B,\n").code, 0);
  EXPECT_EQ(installation_.people("active eq true"), 2U);
  use("id", "    key_match: fold\n");
  installation_.forget();
  installation_.configure("ldap://127.0.0.1:9");
  EXPECT_TRUE(import("a1,m@x.example,Mara,A,\nA1,n@x.example,Nora,B,\n").has("DUPLICATE_KEY"));
}

}  // namespace
}  // namespace muster::scenarios
