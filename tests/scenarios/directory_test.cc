// SPDX-License-Identifier: Apache-2.0
// `muster sources sync` against a real OpenLDAP, and against servers that are not what they should
// be.
#include <gtest/gtest.h>

#include "tests/scenarios/installation.h"
#include "tests/support/scripted_ldap.h"
#include "tests/support/slapd.h"

namespace muster::scenarios {
namespace {

using support::LdapConversation;
using support::LdapRequest;
using support::ScriptedLdap;
using support::Slapd;

std::string dn_of(int number) {
  return "uid=p" + std::to_string(number) + ",ou=people,dc=example,dc=org";
}

std::string entries(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) {
    const auto number = std::to_string(i);
    text += "dn: " + dn_of(i) + "\nobjectClass: inetOrgPerson\nuid: p" + number + "\ncn: P" +
            number + "\nsn: Adler\ngivenName: Person" + number + "\nmail: p" + number +
            "@corp.example\n\n";
  }
  return text;
}

constexpr int company = 30;

class Directory : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    Slapd::Options options;
    options.ldif = entries(company);
    slapd_ = new Slapd(options);
  }
  static void TearDownTestSuite() {
    delete slapd_;
    slapd_ = nullptr;
  }
  void SetUp() override { installation_.configure(slapd_->uri()); }

  Ended sync() const { return installation_.muster({"sources", "sync", "directory"}); }

  // The store after a good first read, for tests that then break something.
  std::string fill() {
    const auto ended = sync();
    EXPECT_EQ(ended.code, 0) << ended.said;
    return installation_.people();
  }

  static Slapd* slapd_;
  Installation installation_;
};
Slapd* Directory::slapd_ = nullptr;

TEST_F(Directory, EverybodyArrivesAndTheSecondReadChangesNothing) {
  const auto before = fill();
  EXPECT_EQ(installation_.last_run("directory", "created"), company);
  EXPECT_EQ(sync().code, 0);
  EXPECT_EQ(installation_.last_run("directory", "unchanged"), company);
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(Directory, AWrongPasswordIsSaidAndNothingChanges) {
  const auto before = fill();
  installation_.write("ldap-password", "guessed\n");
  const auto ended = sync();
  EXPECT_EQ(ended.code, 6) << ended.said;
  EXPECT_TRUE(ended.has(slapd_->uri())) << ended.said;
  EXPECT_FALSE(ended.has("guessed")) << ended.said;
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(Directory, AServerThatIsNotThereIsSaidAndNothingChanges) {
  const auto before = fill();
  installation_.configure("ldap://127.0.0.1:9");
  const auto ended = sync();
  EXPECT_EQ(ended.code, 7) << ended.said;
  EXPECT_TRUE(ended.has("ldap://127.0.0.1:9")) << ended.said;
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(Directory, ASecondServerTakesOver) {
  installation_.configure("ldap://127.0.0.1:9\", \"" + slapd_->uri());
  const auto ended = sync();
  EXPECT_EQ(ended.code, 0) << ended.said;
  EXPECT_TRUE(ended.has(slapd_->uri())) << ended.said;
}

TEST_F(Directory, ASearchBaseThatIsNotThereIsSaidAndNothingChanges) {
  const auto before = fill();
  installation_.configure(slapd_->uri());
  auto text = support::read_file(installation_.folder() / "muster.yaml");
  text.replace(text.find("ou=people,"), 10, "ou=poeple,");
  installation_.write("muster.yaml", text);
  const auto ended = sync();
  EXPECT_EQ(ended.code, 5) << ended.said;
  EXPECT_TRUE(ended.has("ou=poeple,dc=example,dc=org")) << ended.said;
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(Directory, AServerThatStopsHalfWayTakesNobodyAway) {
  const auto before = fill();
  ScriptedLdap half([](LdapConversation& conversation, const LdapRequest& request) {
    if (request.operation != 0x63 || request.scope != 2) return false;
    conversation.entry(request, dn_of(1),
                       {{"uid", {"p1"}},
                        {"entryUUID", {"half-1"}},
                        {"givenName", {"Half"}},
                        {"sn", {"Way"}},
                        {"mail", {"half@corp.example"}}});
    conversation.close();
    return true;
  });
  installation_.configure(half.uri());
  const auto ended = sync();
  EXPECT_NE(ended.code, 0) << ended.said;
  EXPECT_TRUE(ended.has("incomplete")) << ended.said;
  EXPECT_TRUE(ended.has("nobody was taken away")) << ended.said;
  EXPECT_EQ(installation_.last_run("directory", "deactivated"), 0);
  EXPECT_EQ(installation_.people("state eq \"active\""), static_cast<std::size_t>(company) + 1)
      << "who did arrive is not lost";
}

TEST_F(Directory, AServerThatSaysNothingIsLeftAfterTheDeadline) {
  const auto before = fill();
  ScriptedLdap silent([](LdapConversation&, const LdapRequest& request) {
    return request.operation == 0x63 && request.scope == 2;
  });
  installation_.configure(silent.uri(), "    timeouts: { operation: 1s }\n");
  const auto ended = sync();
  EXPECT_NE(ended.code, 0) << ended.said;
  EXPECT_EQ(installation_.people(), before);
}

TEST_F(Directory, ALeaverLeavesAndAMassDeletionIsHeld) {
  Slapd::Options options;
  options.ldif = entries(company);
  Slapd own(options);
  installation_.configure(own.uri());
  fill();
  own.modify("dn: " + dn_of(1) + "\nchangetype: delete\n");
  const auto left = sync();
  EXPECT_EQ(left.code, 0) << left.said;
  EXPECT_EQ(installation_.last_run("directory", "deactivated"), 1);
  const auto before = installation_.people();
  std::string gone;
  for (int i = 2; i <= 11; ++i) gone += "dn: " + dn_of(i) + "\nchangetype: delete\n\n";
  own.modify(gone);
  const auto held = sync();
  EXPECT_EQ(held.code, 4) << held.said;
  EXPECT_TRUE(held.has("10 of 29 people would be taken away, the limit is 5")) << held.said;
  EXPECT_EQ(installation_.people(), before);
  EXPECT_EQ(installation_.last_run("directory", "held"), 10);
}

}  // namespace
}  // namespace muster::scenarios
