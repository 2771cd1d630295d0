// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/ldap_source.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/connectors/ldap/pulled.h"
#include "tests/support/records.h"

namespace muster::connectors::ldap {
namespace {

using support::Slapd;

constexpr const char* kCompany =
    "dn: uid=mara,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: mara\n"
    "cn:: TWFyYSBMdcSNacSH\n"  // Mara Lučić
    "sn: Lucic\nmail: mara@example.org\nmail: a.mara@example.org\ndescription: plain\n"
    "description;lang-fr: en clair\njpegPhoto:: /9j/4AAQSkZJRgABAQAAAQ==\n\n"
    "dn: cn=Huber\\2C Eva,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\ncn: Huber, "
    "Eva\nsn: Huber\nuid: eva\n\n"
    "dn: ou=contractors,dc=example,dc=org\nobjectClass: organizationalUnit\nou: contractors\n\n"
    "dn: uid=bo+cn=Bo Lee,ou=contractors,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: "
    "bo\ncn: Bo Lee\nsn: Lee\n\n"
    "dn: cn=staff,ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: staff\n"
    "member: UID=Mara,ou=People,dc=example,dc=org\nmember: cn=Huber\\, "
    "Eva,ou=people,dc=example,dc=org\n"
    "member: cn=unix,ou=groups,dc=example,dc=org\n\n"
    "dn: cn=unique,ou=groups,dc=example,dc=org\nobjectClass: groupOfUniqueNames\ncn: unique\n"
    "uniqueMember: uid=mara,ou=people,dc=example,dc=org#'0101'B\n\n"
    "dn: cn=unix,ou=groups,dc=example,dc=org\nobjectClass: posixGroup\ncn: unix\ngidNumber: "
    "100\nmemberUid: mara\n\n";

class Company : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server_ = new Slapd({.ldif = kCompany + people_ldif(1100)}); }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
  }

  static LdapOptions everything() {
    LdapOptions options = people_at(server_->uri());
    options.users.bases = {"ou=people,dc=example,dc=org", "ou=contractors,dc=example,dc=org"};
    options.users.attributes = {"UID", "cn", "mail", "description", "displayName", "entryDN"};
    options.groups = {.bases = {"ou=groups,dc=example,dc=org"}, .attributes = {"cn", "gidNumber"}};
    options.page_size = 100;
    return options;
  }

  static Slapd* server_;
};

Slapd* Company::server_ = nullptr;

TEST_F(Company, UsersThenGroupsOfAllBases) {
  const Pulled pulled = pull(everything());
  ASSERT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.result->records, 1106U);
  EXPECT_EQ(pulled.result->problems, 1U);
  EXPECT_EQ(codes_of(pulled), "W-NEVER") << "nobody has a displayName";
  EXPECT_EQ(pulled.result->server, server_->uri() + " (OpenLDAP)");
  EXPECT_EQ(pulled.records.size(), 1106U);
  EXPECT_EQ(pulled.batches, 3U);
  std::set<std::string> keys;
  bool groups_began = false;
  for (const SourceRecord& record : pulled.records) {
    keys.insert(record.key.key);
    if (record.key.type == ResourceType::group) groups_began = true;
    EXPECT_EQ(record.key.type == ResourceType::group, groups_began)
        << "users come first: " << record.where;
    EXPECT_EQ(record.key.key.size(), 36U) << record.where;
    EXPECT_EQ(record.key.source, "corp");
  }
  EXPECT_EQ(keys.size(), pulled.records.size());
}

TEST_F(Company, AttributesAsRequested) {
  const Pulled pulled = pull(everything());
  const SourceRecord& mara = pulled.record("uid=mara,");
  const Value expected(
      Value::Object{{"dn", "uid=mara,ou=people,dc=example,dc=org"},
                    {"UID", "mara"},
                    {"cn", "Mara Lučić"},
                    {"mail", Value::List{"a.mara@example.org", "mara@example.org"}},
                    {"description", "plain"},
                    {"entryDN", "uid=mara,ou=people,dc=example,dc=org"}});
  EXPECT_EQ(support::attributes_of(mara), expected);
  EXPECT_EQ(mara.aliases,
            (std::vector<std::string>{"uid=mara,ou=people,dc=example,dc=org", "uid:mara"}));
  EXPECT_FALSE(mara.members);
}

TEST_F(Company, EscapedAndMultiValuedDns) {
  const Pulled pulled = pull(everything());
  EXPECT_EQ(pulled.record("cn=Huber").aliases,
            (std::vector<std::string>{"cn=huber\\, eva,ou=people,dc=example,dc=org", "uid:eva"}));
  EXPECT_EQ(
      pulled.record("cn=Bo Lee+").aliases,
      (std::vector<std::string>{"cn=bo lee+uid=bo,ou=contractors,dc=example,dc=org", "uid:bo"}));
}

TEST_F(Company, MembersAreNamedByAliasesOfRecords) {
  const Pulled pulled = pull(everything());
  const SourceRecord& staff = pulled.record("cn=staff,");
  EXPECT_EQ(support::attributes_of(staff),
            (Value(Value::Object{{"dn", "cn=staff,ou=groups,dc=example,dc=org"},
                                 {"displayName", "staff"},
                                 {"cn", "staff"}})));
  EXPECT_EQ(staff.members,
            (std::vector<Member>{
                {.key = "cn=huber\\, eva,ou=people,dc=example,dc=org"},
                {.key = "cn=unix,ou=groups,dc=example,dc=org", .type = ResourceType::group},
                {.key = "uid=mara,ou=people,dc=example,dc=org"},
            }));
  EXPECT_EQ(pulled.record("cn=unique,").members,
            (std::vector<Member>{{.key = "uid=mara,ou=people,dc=example,dc=org"}}));
  EXPECT_EQ(pulled.record("cn=unix,").members, (std::vector<Member>{{.key = "uid:mara"}}));
}

TEST_F(Company, LanguageVariantsAndBinaryOnlyWhenAskedFor) {
  LdapOptions options = everything();
  options.users.attributes = {"description;lang-fr", "jpegPhoto"};
  const Pulled pulled = pull(options);
  EXPECT_EQ(pulled.text("uid=mara,", "description;lang-fr"), "en clair");
  EXPECT_EQ(support::attributes_of(pulled.record("uid=mara,")).find("jpegPhoto"), nullptr);
  ASSERT_EQ(pulled.problems.size(), 1U);
  EXPECT_EQ(pulled.problems[0].where, "uid=mara,ou=people,dc=example,dc=org");
  EXPECT_EQ(pulled.problems[0].code, "NOT_TEXT");
  EXPECT_EQ(pulled.problems[0].message, "1 value(s) of 'jpegPhoto' left out: binary or not UTF-8.");
  EXPECT_EQ(pulled.problems[0].severity, Severity::warning);
  EXPECT_TRUE(pulled.complete()) << pulled.sentence();
}

TEST_F(Company, LongAndManyValuesAreLeftOutNotTheEntry) {
  LdapOptions options = everything();
  options.users.filter = "(uid=mara)";
  options.groups = {};
  options.limits.value_bytes = 16;
  options.limits.values_per_attribute = 1;
  const Pulled pulled = pull(options);
  ASSERT_EQ(pulled.records.size(), 1U);
  EXPECT_EQ(codes_of(pulled), "TOO_LONG TOO_LONG W-NEVER");
  EXPECT_EQ(pulled.problems[0].message + pulled.problems[1].message,
            "1 value(s) of 'mail' left out: longer than 16 bytes."
            "1 value(s) of 'entryDN' left out: longer than 16 bytes.");
}

TEST_F(Company, OverlappingBasesAreReadOnce) {
  LdapOptions options = everything();
  options.users.bases = {"OU=people,DC=example,DC=org", "dc=example,dc=org", "dc=example, dc=org"};
  options.groups = {};
  const Pulled pulled = pull(options);
  ASSERT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.result->records, 1103U);
}

TEST_F(Company, AnotherKeyAttribute) {
  LdapOptions options = everything();
  options.key_attribute = "uid";
  options.groups = {};
  EXPECT_EQ(pull(options).record("uid=mara,").key.key, "mara");
}

TEST_F(Company, AKeyNobodyHasMeansNothingIsKnown) {
  LdapOptions options = everything();
  options.key_attribute = "employeeNumber";
  const Pulled pulled = pull(options);
  EXPECT_FALSE(pulled.complete());
  EXPECT_EQ(pulled.result->records, 0U);
  EXPECT_EQ(pulled.result->problems, 1106U);
  EXPECT_EQ(pulled.problems.front().code, "NO_KEY");
  EXPECT_NE(pulled.sentence().find("without a readable key"), std::string::npos)
      << pulled.sentence();
}

TEST_F(Company, TheSinkCanRefuse) {
  LdapSource source(everything());
  const auto result = source.pull(
      [](Batch&&) -> Status { return fail(Fault::unavailable, "the disk is full"); }, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().detail, "the disk is full");
}

TEST_F(Company, AStopIsHeardBetweenMessages) {
  std::stop_source stop;
  const Pulled pulled = pull(
      everything(), [&] { stop.request_stop(); }, stop.get_token());
  ASSERT_TRUE(pulled.result) << pulled.sentence();
  EXPECT_FALSE(pulled.complete());
  EXPECT_EQ(pulled.sentence(), "The run was stopped on request.");
  EXPECT_LT(pulled.records.size(), 1106U);
}

TEST_F(Company, AStopBeforeTheStartReadsNothing) {
  std::stop_source stop;
  stop.request_stop();
  const Pulled pulled = pull(everything(), {}, stop.get_token());
  EXPECT_EQ(pulled.sentence(), "The run was stopped on request.");
  EXPECT_EQ(pulled.records.size(), 0U);
}

TEST(LdapSource, ARenameKeepsTheKey) {
  Slapd server({.ldif = people_ldif(2)});
  const std::string before = pull(people_at(server.uri())).record("uid=u0,").key.key;
  server.modify(
      "dn: uid=u0,ou=people,dc=example,dc=org\nchangetype: modrdn\nnewrdn: "
      "uid=married\ndeleteoldrdn: 1\n");
  const Pulled after = pull(people_at(server.uri()));
  EXPECT_EQ(after.record("uid=married,").key.key, before);
  EXPECT_EQ(after.text("uid=married,", "uid"), "married");
  EXPECT_TRUE(after.complete()) << after.sentence();
}

TEST(LdapSource, OptionsAreCheckedBeforeConnecting) {
  struct Case {
    const char* story;
    std::function<void(LdapOptions&)> change;
    const char* sentence;
  };
  const Case cases[] = {
      {"no server", [](LdapOptions& o) { o.uris.clear(); },
       "uris: no server: give at least one URI"},
      {"not a URI", [](LdapOptions& o) { o.uris = {"directory.example.org"}; },
       "directory.example.org: not an LDAP URI; write ldaps://host, ldap://host:port or "
       "ldapi:///path"},
      {"clear text to another machine",
       [](LdapOptions& o) { o.uris = {"ldap://directory.example.org"}; },
       "ldap://directory.example.org: the password would travel unencrypted; use ldaps:// or "
       "start_tls: true (or "
       "allow_clear_text: true)"},
      {"empty password", [](LdapOptions& o) { o.password = Secret(); },
       "password: the password of the account is empty"},
      {"blank password", [](LdapOptions& o) { o.password = Secret(" "); },
       "password: the password of the account is empty"},
      {"password without account", [](LdapOptions& o) { o.bind_dn.clear(); },
       "bind_dn: there is a password but no account"},
      {"nothing to read", [](LdapOptions& o) { o.users.bases.clear(); },
       "bases: nothing to read: give a base for users or groups"},
      {"a base that is none", [](LdapOptions& o) { o.users.bases = {"people"}; },
       "people: this base is not a distinguished name"},
      {"a canary that is none", [](LdapOptions& o) { o.canaries = {"mara"}; },
       "mara: this canary is not a distinguished name"},
      {"page size", [](LdapOptions& o) { o.page_size = 0; },
       "page_size: the page size must be at least 1"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.story);
    LdapOptions options = people_at("ldap://127.0.0.1:1");
    c.change(options);
    const Pulled pulled = pull(options);
    ASSERT_FALSE(pulled.result);
    EXPECT_EQ(pulled.result.error().fault, Fault::invalid);
    EXPECT_EQ(pulled.sentence(), c.sentence);
  }
}

}  // namespace
}  // namespace muster::connectors::ldap
