// SPDX-License-Identifier: Apache-2.0
// By which names attributes are read, and which of their values speaks: stories against a real
// slapd.
#include <gtest/gtest.h>

#include "connectors/ldap/schema.h"
#include "core/json.h"
#include "tests/connectors/ldap/pulled.h"
#include "tests/support/records.h"
#include "tests/support/scripted_ldap.h"

namespace muster::connectors::ldap {
namespace {

using support::Slapd;

const std::string kAgnes =
    "dn: uid=agnes,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: agnes\n"
    "cn: Agnes Albers\nsn: Albers\ngivenName: Agnes\nmail: agnes@example.org\n"
    "mobile: 1\nl: Ghent\n\n";

std::string never(const Pulled& pulled) {
  std::string names;
  for (const ItemProblem& problem : pulled.problems) {
    if (problem.code == "W-NEVER") names += problem.where + " ";
  }
  return names;
}

TEST(Names, AnyNameOfTheSchemaIsUnderstood) {
  const Slapd server({.ldif = kAgnes});
  LdapOptions options = people_at(server.uri());
  options.users.attributes = {"userid",        "SURNAME",        "gn",
                              "rfc822Mailbox", "2.5.4.3",        "uid",
                              "commonName",    "localityName",   "mobileTelephoneNumber",
                              "surname",       "departmentNumbr"};
  options.key_attribute = "userid";
  const Pulled pulled = pull(options);
  ASSERT_TRUE(pulled.complete()) << pulled.sentence();
  ASSERT_EQ(pulled.records.size(), 1U);
  EXPECT_EQ(pulled.records[0].key.key, "agnes");
  const std::pair<const char*, const char*> wanted[] = {{"userid", "agnes"},
                                                        {"uid", "agnes"},
                                                        {"SURNAME", "Albers"},
                                                        {"gn", "Agnes"},
                                                        {"2.5.4.3", "Agnes Albers"},
                                                        {"commonName", "Agnes Albers"},
                                                        {"localityName", "Ghent"},
                                                        {"mobileTelephoneNumber", "1"},
                                                        {"rfc822Mailbox", "agnes@example.org"}};
  for (const auto& [name, value] : wanted)
    EXPECT_EQ(pulled.text("uid=agnes,", name), value) << name;
  ASSERT_EQ(codes_of(pulled), "W-NEVER");
  EXPECT_EQ(pulled.problems[0].where, "departmentNumbr");
  EXPECT_NE(pulled.problems[0].message.find("did you mean 'departmentNumber'?"), std::string::npos)
      << pulled.problems[0].message;
}

TEST(Names, ANameThatNobodyHasIsToldWhetherTheSchemaKnowsItOrNot) {
  const Slapd server({.ldif = kAgnes});
  LdapOptions options = people_at(server.uri());
  options.users.attributes = {"uid", "title", "nosuchname", "mail"};
  const Pulled pulled = pull(options);
  EXPECT_EQ(never(pulled), "title nosuchname ");
  EXPECT_EQ(pulled.problems[0].message.find("schema"), std::string::npos);
  EXPECT_NE(pulled.problems[1].message.find("the directory's schema does not know it"),
            std::string::npos);
  for (const auto& problem : pulled.problems) EXPECT_EQ(problem.severity, Severity::warning);
  EXPECT_TRUE(pulled.complete()) << pulled.sentence();
}

// Hidden from the account: not named by the rootDSE, or refused.
TEST(Names, ADirectoryThatHidesItsSchemaIsReadAndSaysSo) {
  for (const bool named : {false, true}) {
    const support::ScriptedLdap server([&](auto& conversation, const auto& request) {
      if (request.operation != 0x63) return false;
      if (request.name.empty() && named) {
        conversation.entry(request, "",
                           {{"supportedControl", {"1.2.840.113556.1.4.319"}},
                            {"subschemaSubentry", {"cn=schema"}}});
        conversation.done(request);
        return true;
      }
      if (request.name == "cn=schema") {
        conversation.done(request, 50, {}, "not for you");
        return true;
      }
      if (request.scope != 2) return false;
      conversation.entry(request, "uid=agnes,ou=people,dc=example,dc=org",
                         {{"entryUUID", {"1"}}, {"uid", {"agnes"}}, {"sn", {"Albers"}}});
      conversation.done(request, 0, "");
      return true;
    });
    LdapOptions options = people_at(server.uri());
    options.users.attributes = {"userid", "surname", "nosuchname"};
    const Pulled pulled = pull(options);
    ASSERT_TRUE(pulled.complete()) << pulled.sentence();
    EXPECT_EQ(pulled.text("uid=agnes,", "userid"), "agnes") << "by the names of the standards";
    EXPECT_EQ(pulled.text("uid=agnes,", "surname"), "Albers");
    ASSERT_EQ(codes_of(pulled), "W-SCHEMA W-NEVER");
    EXPECT_EQ(pulled.problems[0].message.find("not for you") != std::string::npos, named);
    EXPECT_EQ(pulled.problems[1].where, "nosuchname");
  }
}

TEST(Names, AFilterThatNamesWhatDoesNotExistIsTold) {
  const Slapd server({.ldif = kAgnes});
  LdapOptions options = people_at(server.uri());
  options.users.filter = "(|(userid=agnes)(!(departmentNumbr>=3))(cn:caseExactMatch:=x))";
  const Pulled pulled = pull(options);
  EXPECT_EQ(pulled.records.size(), 1U);
  ASSERT_EQ(codes_of(pulled), "W-FILTER");
  EXPECT_NE(pulled.problems[0].message.find("'departmentNumbr'"), std::string::npos);
}

std::string with_values(std::string_view dn, std::string_view lines) {
  return "dn: " + std::string(dn) + ",ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\n" +
         "sn: X\n" + std::string(lines) + "\n";
}

std::string list(const Pulled& pulled, std::string_view dn, std::string_view attribute) {
  const Value attributes = support::attributes_of(pulled.record(dn));
  const Value* value = attributes.find(attribute);
  return value == nullptr ? "none" : write_json(*value);
}

TEST(OneOfSeveral, TheValueOfTheNameComesFirstElseTheServersFirst) {
  const Slapd server(
      {.ldif = with_values("uid=zoe",
                           "uid: aaa\nuid: zoe\ncn: Zoe\n"
                           "mail: zoe@example.org\nmail: info@example.org\n"
                           "mail: a@example.org\nmobile: 2\nmobile: 1\n") +
               with_values("cn=Bo Lee+uid=bo", "uid: a\nuid: bo\ncn: Al\ncn: Bo Lee\n")});
  LdapOptions options = people_at(server.uri());
  options.users.attributes = {"uid", "cn", "mail", "mobile"};
  options.users.single = {"uid", "cn", "mail"};
  const Pulled pulled = pull(options);
  ASSERT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(list(pulled, "uid=zoe,", "uid"), R"(["zoe","aaa"])");
  EXPECT_EQ(list(pulled, "uid=zoe,", "mail"),
            R"(["zoe@example.org","a@example.org","info@example.org"])");
  EXPECT_EQ(list(pulled, "uid=zoe,", "mobile"), R"(["1","2"])") << "a list is read whole: sorted";
  EXPECT_EQ(list(pulled, "cn=Bo", "cn"), R"(["Bo Lee","Al"])");
  EXPECT_EQ(list(pulled, "cn=Bo", "uid"), R"(["bo","a"])");
}

TEST(OneOfSeveral, TheOrderOfTheServerDoesNotMakeAnEntryChanged) {
  const std::string mails[] = {"mail: b@x.org\nmail: a@x.org\nmail: c@x.org\n",
                               "mail: c@x.org\nmail: b@x.org\nmail: a@x.org\n"};
  std::vector<std::int64_t> hashes;
  for (const auto& mail : mails) {
    const Slapd server({.ldif = with_values("uid=zoe", "uid: zoe\ncn: Zoe\n" + mail)});
    LdapOptions options = people_at(server.uri());
    options.users.attributes = {"uid", "mail"};
    options.users.single = {"uid", "mail"};
    const Pulled pulled = pull(options);
    hashes.push_back(hash_of(pulled.record("uid=zoe,")));
  }
  EXPECT_EQ(hashes[0], hashes[1]);
}

TEST(OneOfSeveral, AKeyIsTheOneInTheNameOrNone) {
  const Slapd server(
      {.ldif = with_values("uid=Zoe", "uid: aaa\nuid: Zoe\ncn: Zoe\nmail: z@x.org\n") +
               with_values("cn=Bo", "uid: bo\nuid: a\ncn: Bo\nmail: b@x.org\n")});
  LdapOptions options = people_at(server.uri());
  options.key_attribute = "uid";
  options.key_match = KeyMatch::fold;
  const Pulled pulled = pull(options);
  ASSERT_EQ(pulled.records.size(), 1U);
  EXPECT_EQ(pulled.records[0].key.key, "zoe");
  EXPECT_EQ(codes_of(pulled), "SEVERAL_KEYS");
  EXPECT_FALSE(pulled.complete()) << "Bo cannot be told from somebody absent";
}

TEST(OneOfSeveral, AGroupIsCalledByItsName) {
  const Slapd server(
      {.ldif = "dn: cn=staff,ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: all\n"
               "cn: staff\nmember: uid=x,dc=example,dc=org\n\n"});
  LdapOptions options = people_at(server.uri());
  options.groups = {.bases = {"ou=groups,dc=example,dc=org"}};
  EXPECT_EQ(pull(options).text("cn=staff,", "displayName"), "staff");
}

TEST(Limits, AHugeValueAndAHugeGroupAreAsideAlone) {
  std::string members;
  for (int i = 0; i < 3000; ++i)
    members += "member: uid=u" + std::to_string(i) + ",ou=people,dc=example,dc=org\n";
  const Slapd server(
      {.ldif = people_ldif(50) +
               with_values("uid=big",
                           "uid: big\ncn: Big\ndescription: " + std::string(20 << 20, 'x') + "\n") +
               "dn: cn=huge,ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: huge\n" +
               members +
               "\ndn: cn=small,ou=groups,dc=example,dc=org\nobjectClass: groupOfNames\ncn: small\n"
               "member: uid=u1,ou=people,dc=example,dc=org\n\n"});
  LdapOptions options = people_at(server.uri());
  options.users.attributes = {"uid", "description"};
  options.groups = {.bases = {"ou=groups,dc=example,dc=org"}};
  options.limits.message_bytes = 100'000;
  const Pulled pulled = pull(options);
  EXPECT_TRUE(pulled.complete()) << pulled.sentence();
  EXPECT_EQ(pulled.records.size(), 52U) << "50 people and both groups";
  EXPECT_FALSE(pulled.record("cn=huge,").members) << "nothing is said about its members";
  EXPECT_EQ(pulled.record("cn=small,").members->size(), 1U);
  std::string told;
  for (const auto& problem : pulled.problems)
    if (problem.code == "TOO_LARGE")
      told += problem.where + (problem.severity == Severity::error ? " error\n" : " warning\n");
  EXPECT_EQ(told,
            "uid=big,ou=people,dc=example,dc=org error\n"
            "cn=huge,ou=groups,dc=example,dc=org warning\n");
  options.limits.message_bytes = 30 << 20;
  EXPECT_EQ(pull(options).record("cn=huge,").members->size(), 3000U);
}

TEST(Schema, DefinitionsAreRead) {
  Schema schema;
  schema.add("( 2.5.4.4 NAME ( 'sn' 'surname' ) DESC 'last name' SUP name )");
  schema.add("( 1.2.3 NAME 'one' SYNTAX 1.3.6{32} X-ORIGIN 'NAME ( ''x'' )' )");
  schema.add("( 1.2.4 DESC 'no NAME' )");
  schema.add("(1.2.5 NAME('a''b'))");
  for (const auto* odd : {"", "(", "( )", "x", "( 1 NAME", "( 1 NAME (", "( 1 NAME ( 'a"})
    schema.add(odd);
  EXPECT_EQ(*schema.names_of("SURNAME;lang-fr"),
            (std::vector<std::string>{"2.5.4.4", "sn", "surname"}));
  EXPECT_EQ(*schema.names_of("one"), (std::vector<std::string>{"1.2.3", "one"}));
  EXPECT_NE(schema.names_of("1.2.4"), nullptr);
  EXPECT_EQ(schema.names_of("gn"), nullptr);
  EXPECT_EQ(schema.known_as("gn"), "gn");
  schema.add("( 2.5.4.42 NAME 'givenName' )");
  EXPECT_EQ(schema.known_as("gn"), "givenname") << "Active Directory knows no gn";
  EXPECT_EQ(schema.known_as("gn;lang-fr"), "givenname;lang-fr");
}

TEST(Schema, FiltersNameAttributes) {
  EXPECT_EQ(
      filter_attributes("(&(a=1)(|(b~=(2)(c>=3)(!(d<=4)))(e:dn:=x)(:caseExactMatch:=y)(a=2))"),
      (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  EXPECT_TRUE(filter_attributes("").empty());
}

}  // namespace
}  // namespace muster::connectors::ldap
