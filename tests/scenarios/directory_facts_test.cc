// SPDX-License-Identifier: Apache-2.0
// What a directory has that people trip over: aliases, names that do not exist, huge entries,
// refused credentials.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"
#include "tests/support/every_engine.h"
#include "tests/support/slapd.h"

namespace muster::scenarios {
namespace {

using support::Slapd;

std::string person(const std::string& uid, const std::string& more = {}) {
  return "dn: uid=" + uid +
         ",ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: " + uid + "\ncn: " + uid +
         "\nsn: Adler\ngivenName: " + uid + "\nmail: " + uid +
         "@corp.example\ndepartmentNumber: 1\n" + more + "\n";
}

std::string people_called(const std::string& prefix, int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += person(prefix + std::to_string(i));
  return text;
}

class DirectoryFacts : public ::testing::Test {
 protected:
  Ended sync() const { return installation_.muster({"sources", "sync", "directory"}); }

  std::string remarks() const {
    const auto sources = installation_.json({"sources", "list"});
    for (const auto& source : sources.as_list())
      if (source.find("name")->as_text() == "directory") return source.find("remarks")->as_text();
    return "no source";
  }

  Installation installation_;
};
MUSTER_ON_EVERY_ENGINE(DirectoryFacts);

TEST_F(DirectoryFacts, AnAliasNeverReplacesTheAddressThatStood) {
  Slapd slapd({.ldif = person("ana")});
  installation_.configure(slapd.uri());
  ASSERT_EQ(sync().code, 0);
  const auto change = [&](const std::string& lines) {
    slapd.modify("dn: uid=ana,ou=people,dc=example,dc=org\nchangetype: modify\n" + lines);
    const auto ended = sync();
    EXPECT_EQ(ended.code, 0) << ended.said;
  };
  change("add: mail\nmail: a.info@corp.example\n");
  EXPECT_EQ(installation_.people("email eq \"ana@corp.example\""), 1U);
  change(
      "replace: mail\nmail: a.info@corp.example\nmail: 0@corp.example\nmail: ana@corp.example\n");
  EXPECT_EQ(installation_.people("email eq \"ana@corp.example\""), 1U);
  change("delete: mail\nmail: ana@corp.example\n");
  EXPECT_EQ(installation_.people("email eq \"a.info@corp.example\""), 1U);
}

TEST_F(DirectoryFacts, ANameThatNobodyHasIsSaidByTheRunAndByTheList) {
  const Slapd slapd({.ldif = person("ana")});
  auto rules = std::string(small_mapping);
  for (auto at = rules.find("departmentNumber"); at != rules.npos;
       at = rules.find("departmentNumber"))
    rules.replace(at, 16, "departmentNumbr");
  const auto surname = rules.find("givenName, sn,");
  rules.replace(surname, 14, "gn, surname,");
  rules.replace(rules.find("'givenName'"), 11, "'gn'");
  rules.replace(rules.find("'sn'"), 4, "'surname'");
  installation_.write("mapping.yaml", rules);
  installation_.configure(slapd.uri());
  const auto ended = sync();
  EXPECT_EQ(ended.code, 0) << ended.said;
  EXPECT_TRUE(ended.has("W-NEVER")) << ended.said;
  EXPECT_TRUE(ended.has("did you mean 'departmentNumber'?")) << ended.said;
  EXPECT_EQ(remarks(), "nobody has departmentNumbr");
  EXPECT_EQ(installation_.people("lastName eq \"Adler\""), 1U);
}

// One entry that is too long: everybody else arrives, and leaves, and nobody is taken for absent.
TEST_F(DirectoryFacts, AHugeEntryIsPutAsideAlone) {
  Slapd slapd({.ldif = people_called("p", 20)});
  installation_.configure(slapd.uri(),
                          "      attributes: [description]\n"
                          "    limits: { message_bytes: 100000, members_per_group: 10 }\n");
  ASSERT_EQ(sync().code, 0);
  slapd.modify(
      "dn: uid=p1,ou=people,dc=example,dc=org\nchangetype: modify\nadd: description\n"
      "description: " +
      std::string(150'000, 'x') +
      "\n\ndn: uid=p2,ou=people,dc=example,dc=org\nchangetype: delete\n");
  const auto ended = sync();
  EXPECT_EQ(ended.code, 3) << ended.said;
  EXPECT_TRUE(ended.has("TOO_LARGE")) << ended.said;
  EXPECT_TRUE(ended.has("limits.message_bytes (100000)")) << ended.said;
  EXPECT_EQ(installation_.people("active eq true"), 19U) << "p2 left, p1 is there";
}

TEST_F(DirectoryFacts, RefusedCredentialsAreTriedAgainLaterAndLater) {
  const Slapd slapd({.ldif = person("ana")});
  installation_.configure(slapd.uri(), "    schedule: { every: 1s }\n");
  const auto password = installation_.write("ldap-password", "wrong\n");
  installation_.serve();
  for (int look = 0;
       look < 4'000 && installation_.server_log().find("run waits") == std::string::npos; ++look)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_NE(installation_.server_log().find("the credentials were refused"), std::string::npos);
  const auto runs = installation_.json({"runs", "list", "--source", "directory"});
  EXPECT_EQ(runs.as_list().size(), 1U) << "the schedule is due each second";
  EXPECT_TRUE(remarks().starts_with("credentials refused since ")) << remarks();
  installation_.write("ldap-password", "sync-secret\n");
  EXPECT_EQ(sync().code, 0) << "who asks for a run gets it at once";
  EXPECT_EQ(remarks(), "");
}

}  // namespace
}  // namespace muster::scenarios
