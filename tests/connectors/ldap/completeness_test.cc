// SPDX-License-Identifier: Apache-2.0
// When an absence may count: stories against a real slapd.
#include <gtest/gtest.h>

#include "tests/connectors/ldap/pulled.h"

namespace muster::connectors::ldap {
namespace {

using support::Slapd;

constexpr const char* kOnlyServices =
    "access to dn.subtree=\"ou=people,dc=example,dc=org\" by "
    "dn.exact=\"cn=admin,dc=example,dc=org\" write by * none\n"
    "access to * by * read\n";
// The people's entries are hidden, the organizational unit is not.
constexpr const char* kNoPeople =
    "access to dn.children=\"ou=people,dc=example,dc=org\" by * none\naccess to * by * read\n";
constexpr const char* kNoMara =
    "access to dn.exact=\"uid=u1,ou=people,dc=example,dc=org\" by * none\naccess to * by * read\n";

TEST(Completeness, ASizeLimitIsNoEnd) {
  const Slapd server({.ldif = people_ldif(300), .unlimited = false, .size_limit = 250});
  LdapOptions options = people_at(server.uri());
  options.page_size = 100;
  const Pulled pulled = pull(options);
  ASSERT_TRUE(pulled.result) << pulled.sentence();
  EXPECT_FALSE(pulled.complete());
  EXPECT_EQ(pulled.records.size(), 250U);
  EXPECT_TRUE(
      pulled.sentence().starts_with("The search below 'ou=people,dc=example,dc=org' failed: "
                                    "sizeLimitExceeded (4). Raise the limit for this account"))
      << pulled.sentence();
}

TEST(Completeness, AMissingBaseIsAnErrorBeforeAnythingIsRead) {
  const Slapd server({.ldif = people_ldif(5)});
  LdapOptions options = people_at(server.uri());
  options.users.bases.push_back("ou=gone,dc=example,dc=org");
  const Pulled pulled = pull(options);
  ASSERT_FALSE(pulled.result);
  EXPECT_EQ(pulled.result.error().fault, Fault::not_found);
  EXPECT_EQ(pulled.records.size(), 0U);
  EXPECT_EQ(pulled.sentence(),
            "ou=gone,dc=example,dc=org: " + server.uri() +
                ": The search below 'ou=gone,dc=example,dc=org' failed: noSuchObject (32). Correct "
                "the base, or give the "
                "account the right to read it (directories hide what may not be read).");
}

TEST(Completeness, AHiddenBaseIsAnError) {
  const Slapd server({.ldif = people_ldif(5), .access = kOnlyServices});
  const Pulled pulled = pull(people_at(server.uri()));
  ASSERT_FALSE(pulled.result);
  EXPECT_EQ(pulled.result.error().fault, Fault::not_found);
}

TEST(Completeness, AWrongFilterIsAnError) {
  const Slapd server;
  LdapOptions options = people_at(server.uri());
  options.users.filter = "(uid=mara";
  const Pulled pulled = pull(options);
  ASSERT_FALSE(pulled.result);
  EXPECT_EQ(pulled.result.error().fault, Fault::invalid);
  EXPECT_EQ(pulled.result.error().where, "(uid=mara");
}

TEST(Completeness, NobodyIsReportedAsNobody) {
  const Slapd server;
  const Pulled pulled = pull(people_at(server.uri()));
  EXPECT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.result->records, 0U);
}

TEST(Completeness, LostRightsLookLikeNobodyUnlessThereIsACanary) {
  const Slapd server({.ldif = people_ldif(5), .access = kNoPeople});
  LdapOptions options = people_at(server.uri());
  Pulled pulled = pull(options);
  EXPECT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.result->records, 0U);

  options.canaries = {"UID=u1, ou=People,dc=example,dc=org"};
  pulled = pull(options);
  ASSERT_TRUE(pulled.result) << pulled.sentence();
  EXPECT_FALSE(pulled.complete());
  EXPECT_EQ(pulled.sentence(),
            "The canary 'uid=u1,ou=people,dc=example,dc=org' was not among the entries: the "
            "account may have lost read "
            "rights.");
}

TEST(Completeness, OneCanaryHidden) {
  const Slapd server({.ldif = people_ldif(5), .access = kNoMara});
  LdapOptions options = people_at(server.uri());
  options.canaries = {"uid=u0,ou=people,dc=example,dc=org", "uid=u1,ou=people,dc=example,dc=org"};
  const Pulled pulled = pull(options);
  EXPECT_EQ(pulled.records.size(), 4U);
  EXPECT_FALSE(pulled.complete());
  EXPECT_TRUE(pulled.sentence().starts_with("The canary 'uid=u1,")) << pulled.sentence();
  options.canaries.pop_back();
  EXPECT_TRUE(pull(options).complete());
}

TEST(Completeness, TheAccountsOwnEntryIsACanary) {
  const Slapd server({.ldif = people_ldif(5),
                      .access = "access to dn.exact=\"uid=sync,ou=services,dc=example,dc=org\" by "
                                "anonymous auth by * none\n"
                                "access to * by * read\n"});
  LdapOptions options = people_at(server.uri());
  EXPECT_TRUE(pull(options).complete()) << "it lies outside the base";

  options.users.bases = {"dc=example,dc=org"};
  const Pulled pulled = pull(options);
  EXPECT_FALSE(pulled.complete());
  EXPECT_EQ(pulled.records.size(), 5U);
  EXPECT_EQ(pulled.sentence(),
            "The account cannot read its own entry 'uid=sync,ou=services,dc=example,dc=org': it "
            "may have lost read "
            "rights.");

  options.own_entry_is_canary = false;
  EXPECT_TRUE(pull(options).complete());
}

TEST(Completeness, AReferenceInsideTheBaseIsAHole) {
  const Slapd server(
      {.ldif = people_ldif(2) +
               "dn: ou=asia,ou=people,dc=example,dc=org\nobjectClass: referral\nobjectClass: "
               "extensibleObject\n"
               "ou: asia\nref: ldap://asia.example.org/ou=asia,ou=people,dc=example,dc=org\n\n"});
  const Pulled pulled = pull(people_at(server.uri()));
  EXPECT_EQ(pulled.records.size(), 2U);
  EXPECT_FALSE(pulled.complete());
  EXPECT_TRUE(pulled.sentence().starts_with(
      "The server refers to another one for a part of the base: ldap://asia.example.org/"))
      << pulled.sentence();
}

TEST(Completeness, AServerThatDiesHalfWay) {
  Slapd server({.ldif = people_ldif(1500)});
  LdapOptions options = people_at(server.uri());
  options.page_size = 100;
  const Pulled pulled = pull(options, [&] {
    if (server.running()) server.kill();
  });
  ASSERT_TRUE(pulled.result) << pulled.sentence();
  EXPECT_FALSE(pulled.complete());
  EXPECT_GE(pulled.records.size(), 500U);
  EXPECT_LT(pulled.records.size(), 1500U);
  EXPECT_NE(pulled.sentence().find("connection lost (-1)"), std::string::npos) << pulled.sentence();
}

TEST(Completeness, AServerThatComesBackIsAnotherOne) {
  Slapd server({.ldif = people_ldif(1500)});
  LdapOptions options = people_at(server.uri());
  options.page_size = 100;
  bool restarted = false;
  const Pulled pulled = pull(options, [&] {
    if (std::exchange(restarted, true)) return;
    server.kill();
    server.start();
  });
  ASSERT_TRUE(pulled.result) << pulled.sentence();
  EXPECT_FALSE(pulled.complete());
  EXPECT_LT(pulled.records.size(), 1500U);
}

TEST(Completeness, AServerThatHangsHalfWay) {
  Slapd server({.ldif = people_ldif(1500)});
  LdapOptions options = people_at(server.uri());
  options.page_size = 100;
  options.timeouts.operation = std::chrono::milliseconds(300);
  const Pulled pulled = pull(options, [&] { server.pause(); });
  ASSERT_TRUE(pulled.result) << pulled.sentence();
  EXPECT_FALSE(pulled.complete());
  EXPECT_NE(pulled.sentence().find("no answer within 300 ms"), std::string::npos)
      << pulled.sentence();
}

TEST(Completeness, ARunThatTakesTooLong) {
  Slapd server({.ldif = people_ldif(1500)});
  LdapOptions options = people_at(server.uri());
  options.page_size = 100;
  options.timeouts.run = std::chrono::milliseconds(1000);
  options.timeouts.operation = std::chrono::milliseconds(20000);
  const Pulled pulled = pull(options, [&] { server.pause(); });
  ASSERT_TRUE(pulled.result) << pulled.sentence();
  EXPECT_EQ(pulled.sentence(), "The run took longer than timeouts.run allows.");
}

}  // namespace
}  // namespace muster::connectors::ldap
