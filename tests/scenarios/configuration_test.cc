// SPDX-License-Identifier: Apache-2.0
// What people get wrong in the two files, and what the program says: all problems, with line and
// column.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"

namespace muster::scenarios {
namespace {

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out(text);
  const auto at = out.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return out.replace(at, what.size(), with);
}

struct Mistake {
  const char* story;
  std::string mapping;
  std::vector<std::string> said;
};

TEST(MappingFile, EveryMistakeIsNamedWithItsPlace) {
  std::string failing_test(small_mapping);
  failing_test +=
      "tests:\n  - name: Mara\n    given: { hr: { id: 1, mail: m@a.example, first: Mara, last: "
      "Adler } }\n    expect: { userName: mara }\n";
  const Mistake mistakes[] = {
      {"YAML that is none",
       replaced(small_mapping, "    department: text", "    department: [text"),
       {"mapping.yaml:", " E-YAML "}},
      {"an unknown attribute of the source",
       replaced(small_mapping, "'departmentNumber'", "'departmntNumber'"),
       {"mapping.yaml:24:20 E-NAME unknown attribute 'departmntNumber'",
        "did you mean 'departmentNumber'?"}},
      {"an unknown attribute of the identity",
       replaced(small_mapping, "      department: ", "      departmnt: "),
       {"mapping.yaml:24:7 E-NAME unknown attribute 'departmnt' of the identity",
        "did you mean 'department'?"}},
      {"an unknown function",
       replaced(small_mapping, "'mail | email'", "'mail | emial'"),
       {"mapping.yaml:21:", "E-NAME", "emial", "did you mean 'email'?"}},
      {"lines that wait for each other",
       replaced(
           small_mapping, "      firstName: 'first'\n      lastName:  'last'\n",
           "      firstName: 'first ?? out.lastName'\n      lastName:  'last ?? out.firstName'\n"),
       {"mapping.yaml:31:18 E-CYCLE", "firstName -> lastName -> firstName"}},
      {"a condition that may be nothing",
       replaced(small_mapping, "check: 'present(email)'", "check: 'from.idp.active'"),
       {"mapping.yaml:", "E-BOOL-OPT"}},
      {"a key twice",
       replaced(small_mapping, "      lastName:  'last'\n",
                "      lastName:  'last'\n      lastName:  'first'\n"),
       {"mapping.yaml:33:7 E-DUP"}},
      {"a test that fails",
       failing_test,
       {"E-TEST test 'Mara': userName is 'mara.adler', expected 'mara'"}},
  };
  Installation installation;
  ASSERT_EQ(installation.muster({"config", "check"}).code, 0);
  for (const auto& mistake : mistakes) {
    SCOPED_TRACE(mistake.story);
    const auto file = installation.write("mapping.yaml", mistake.mapping);
    for (const auto& ended : {installation.muster({"config", "check"}),
                              installation.muster({"map", "check", file.string()})}) {
      EXPECT_EQ(ended.code, 8);
      for (const auto& text : mistake.said) EXPECT_TRUE(ended.has(text)) << ended.said;
    }
    EXPECT_EQ(installation.muster({"sources", "list"}).code, 8);
    const auto served = installation.muster({"serve"});
    EXPECT_EQ(served.code, 78) << "no service manager restarts that: " << served.said;
  }
  EXPECT_FALSE(std::filesystem::exists(installation.folder() / "state"));
}

TEST(MappingFile, AllMistakesAreToldAtOnce) {
  Installation installation;
  installation.write("mapping.yaml",
                     replaced(replaced(small_mapping, "'departmentNumber'", "'departmntNumber'"),
                              "class: internal", "class: intern"));
  const auto ended = installation.muster({"config", "check"});
  EXPECT_TRUE(ended.has("mapping.yaml:24:20 ")) << ended.said;
  EXPECT_TRUE(ended.has("mapping.yaml:39:38 ")) << ended.said;
}

TEST(Configuration, EveryMistakeIsNamedWithItsPlace) {
  const std::string good =
      "version: muster/v1\nstate_directory: state\nmapping: mapping.yaml\nsources:\n"
      "  hr:\n    kind: csv\n    file: people.csv\n";
  struct Case {
    const char* story;
    std::string text;
    std::vector<std::string> said;
  };
  const Case cases[] = {
      {"YAML that is none", good + "listeners: {", {"muster.yaml:", " E-YAML "}},
      {"an unknown key",
       good + "lisenters: {}\n",
       {"muster.yaml:8:1 E-KEY unknown key 'lisenters'", "did you mean 'listeners'?"}},
      {"a wrong kind",
       replaced(good, "kind: csv", "kind: cvs"),
       {"muster.yaml:6:11 E-VALUE", "did you mean 'csv'?"}},
      {"a key twice", good + "mapping: other.yaml\n", {"muster.yaml:8:1 E-DUP"}},
      {"a source that the mapping does not know",
       replaced(good, "  hr:", "  hrr:"),
       {"muster.yaml:5:3 E-NAME source 'hrr' has no rules", "did you mean 'hr'?"}},
      {"a source of another kind",
       replaced(good, "    kind: csv\n    file: people.csv\n", "    kind: scim\n"),
       {"muster.yaml:5:3 E-KIND"}},
      {"a password in the file",
       good + "store: { password: s3cret }\n",
       {"muster.yaml:8:20 E-SECRET", "password_file"}},
      {"a schedule that never comes",
       good + "    schedule: { cron: \"61 * * * *\" }\n",
       {"muster.yaml:8:", "E-CRON"}},
      {"no mapping file", replaced(good, "mapping.yaml", "gone.yaml"), {"gone.yaml"}},
  };
  Installation installation;
  for (const auto& one : cases) {
    SCOPED_TRACE(one.story);
    installation.write("muster.yaml", one.text);
    const auto ended = installation.muster({"config", "check"});
    EXPECT_EQ(ended.code, 8) << ended.said;
    for (const auto& text : one.said) EXPECT_TRUE(ended.has(text)) << ended.said;
    EXPECT_FALSE(ended.has("s3cret")) << ended.said;
    EXPECT_EQ(installation.muster({"serve"}).code, 78);
  }
  EXPECT_FALSE(std::filesystem::exists(installation.folder() / "state"));
}

TEST(Configuration, ASecretThatOthersCanReadIsRefused) {
  Installation installation;
  std::filesystem::permissions(installation.folder() / "ldap-password",
                               std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto ended = installation.muster({"config", "check"});
  EXPECT_EQ(ended.code, 8);
  EXPECT_TRUE(ended.has("E-SECRET")) << ended.said;
  EXPECT_TRUE(ended.has("chmod 600")) << ended.said;
}

TEST(Configuration, WithNoneTheBuiltInOneIsUsed) {
  Installation installation;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"env", "-u", "MUSTER_CONFIG", "-u", "STATE_DIRECTORY",
                      "XDG_STATE_HOME=" + installation.folder().string(), Installation::program()});
    return installation.run(arguments);
  };
  EXPECT_EQ(run({"config", "check"}).code, 0);
  const auto token = run({"tokens", "create", "--source", "scim"});
  EXPECT_EQ(token.code, 0) << token.said;
  EXPECT_TRUE(token.has("mst1_")) << token.said;
  EXPECT_EQ(run({"users", "list"}).code, 0);
  EXPECT_TRUE(std::filesystem::exists(installation.folder() / "muster/muster.db"));
}

TEST(CommandLine, UsageMistakesEndWithTwo) {
  Installation installation;
  EXPECT_EQ(installation.muster({}).code, 2);
  EXPECT_EQ(installation.muster({"user", "list"}).code, 2);
  EXPECT_EQ(installation.muster({"import"}).code, 2);
  EXPECT_EQ(installation.muster({"users", "list", "-o", "xml"}).code, 2);
  EXPECT_EQ(installation.muster({"--help"}).code, 0);
}

TEST(CommandLine, WhatIsNotThereEndsWithFive) {
  Installation installation;
  EXPECT_EQ(installation.muster({"users", "show", "nobody"}).code, 5);
  EXPECT_EQ(installation.muster({"runs", "show", "none"}).code, 5);
  EXPECT_EQ(installation.muster({"tokens", "revoke", "none"}).code, 5);
  const auto ended = installation.muster({"sources", "sync", "directoy"});
  EXPECT_EQ(ended.code, 5);
  EXPECT_TRUE(ended.has("did you mean 'directory'?")) << ended.said;
}

TEST(CommandLine, AFilterThatCannotBeReadSaysWhere) {
  Installation installation;
  const auto ended = installation.muster({"users", "list", "--filter", "state eq"});
  EXPECT_EQ(ended.code, 8) << ended.said;
}

}  // namespace
}  // namespace muster::scenarios
