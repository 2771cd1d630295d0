// SPDX-License-Identifier: Apache-2.0
#include "scim/filter_parser.h"

#include <gtest/gtest.h>

#include <string>

#include "core/json.h"

namespace muster::scim {
namespace {

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value) << describe(value.error());
  return value.value_or(Value());
}

const Value& barbara() {
  static const Value document = json(R"({
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
    "id": "2819c223", "externalId": "bJensen", "userName": "bjensen@example.com",
    "name": {"familyName": "Jensen", "givenName": "Barbara"},
    "displayName": "Ms. \"Babs\" A 100%_", "active": false, "title": "Tour Guide",
    "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true},
               {"value": "babs@jensen.org", "type": "home"}],
    "meta": {"lastModified": "2026-05-13T04:42:34Z"},
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
      {"employeeNumber": "701984", "department": "Tour Operations", "manager": {"value": "m1"}}})");
  return document;
}

struct Match {
  const char* filter;
  bool expected;
};

// RFC 7644, 3.4.2.2, and the rows of the hard cases that are about filters.
TEST(FilterParser, EvaluatesTheWholeGrammar) {
  const Match cases[] = {
      {R"(userName eq "bjensen@example.com")", true},
      {R"(USERNAME EQ "BJENSEN@EXAMPLE.COM")", true},
      {R"(userName eq "other")", false},
      {R"(name.familyName co "ens")", true},
      {R"(Name.FAMILYNAME sw "jen")", true},
      {R"(name.familyName ew "SEN")", true},
      {R"(title pr)", true},
      {R"(nickName pr)", false},
      {R"(active pr)", true},
      {R"(active eq false)", true},
      {R"(active eq "False")", true},
      {R"(active ne true)", true},
      {R"(nickName eq null)", true},
      {R"(title ne null)", true},
      {R"(externalId eq "bJensen")", true},
      {R"(externalId eq "bjensen")", false},
      {R"(id eq "2819c223" and manager eq "m1")", true},
      {R"(emails pr)", true},
      {R"(emails eq "babs@jensen.org")", true},
      {R"(emails co "jensen.org")", true},
      {R"(emails[type eq "work" and value co "@example.com"])", true},
      {R"(emails[type eq "work" and value co "jensen.org"])", false},
      {R"(emails.type eq "work" and emails.value co "jensen.org")", true},
      {R"(emails[type eq "work"].value eq "bjensen@example.com")", true},
      {R"(emails[type eq "home"].value eq "bjensen@example.com")", false},
      {R"(emails[type eq "home"].primary pr)", false},
      {R"(emails[not (type eq "work")])", true},
      {R"(emails[(type eq "work" or type eq "home") and primary eq true])", true},
      {R"(emails[primary eq "True"].value sw "bj")", true},
      {R"(emails[value eq "babs@jensen.org"])", true},
      {R"(title eq "x" or active eq false and userName pr)", true},
      {R"((title eq "x" or active eq false) and userName eq "x")", false},
      {R"(active eq false or title eq "x" and title eq "y")", true},
      {R"(not (title eq "x") and active eq false)", true},
      {R"(not(title eq "Tour Guide") or active eq true)", false},
      {R"(NOT (title eq "x") AND userName PR)", true},
      {R"(schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")", true},
      {R"(urn:ietf:params:scim:schemas:core:2.0:User:userName sw "BJ")", true},
      {R"(URN:IETF:params:scim:schemas:CORE:2.0:user:name.familyName eq "jensen")", true},
      {R"(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "tour operations")",
       true},
      {R"(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m1")", true},
      {R"(employeeNumber eq "701984")", true},
      {R"(meta.lastModified ge "2026-05-13T06:42:34+02:00")", true},
      {R"(meta.lastModified gt "2026-05-13T06:42:34+02:00")", false},
      {R"(meta.lastModified lt "2026-05-14T00:00:00Z")", true},
      {R"(userName gt "a" and userName lt "c")", true},
      {R"(displayName co "\"Babs\"")", true},
      {R"(displayName co "\u0041 100")", true},
      {R"(displayName ew "100%_")", true},
      {R"(displayName ew "%")", false},
      {R"(   userName   eq   "bjensen@example.com"   )", true},
      {R"(((((userName pr)))))", true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.filter);
    const auto filter = parse_filter(c.filter, ResourceType::user);
    ASSERT_TRUE(filter) << describe(filter.error());
    EXPECT_EQ(matches(*filter, barbara()), c.expected);
  }
}

struct Refusal {
  const char* filter;
  const char* where;
  const char* says;
};

TEST(FilterParser, RefusesWithThePlace) {
  const Refusal cases[] = {
      {"", "column 1", "an attribute is expected"},
      {"userName", "column 9", "an operator is expected"},
      {"userName eq", "column 12", "a value is expected"},
      {R"(userName is "x")", "column 10", "'is' was found"},
      {R"(userName eq "x")"
       R"( and)",
       "column 20", "an attribute is expected"},
      {R"(userName eq "x" title pr)", "column 17", "'title' was found"},
      {R"(userName eq "x"))", "column 16", "')' was found"},
      {R"((userName eq "x")", "column 17", "the text ends"},
      {R"(userName eq "x)", "column 13", "no closing double quote"},
      {R"(userName eq x)", "column 13", "a value is expected"},
      {R"(userName eq 'x')", "column 13", "a value is expected"},
      {R"(userName eq "\x")", "column 13", "not a JSON text"},
      {R"(userName eq 12)", "column 13", "a text in double quotes"},
      {R"(userNam eq "x")", "column 1", "did you mean 'userName'?"},
      {R"(name.givenNam eq "x")", "column 1", "did you mean 'givenName'?"},
      {R"(frobnicate pr)", "column 1", "no attribute 'frobnicate'"},
      {R"(urn:example:thing:x eq "y")", "column 1", "no schema of User"},
      {R"(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr)", "column 1",
       "URN:attribute"},
      {R"(name eq "x")", "column 5", "name the one to compare"},
      {R"(password eq "x")", "column 1", "cannot be searched"},
      {R"(active gt true)", "column 11", "only eq, ne and pr"},
      {R"(active co "t")", "column 11", "only eq, ne and pr"},
      {R"(active eq "maybe")", "column 11", "true or false"},
      {R"(userName gt null)", "column 13", "only be compared with null by eq and ne"},
      {R"(meta.created gt "yesterday")", "column 17", "a time such as"},
      {R"(meta.created sw "2026")", "column 17", "it has no parts"},
      {R"(userName[value eq "x"])", "column 9", "'[' can only follow"},
      {R"(emails[type eq "work")", "column 22", "the text ends"},
      {R"(emails[kind eq "work"])", "column 8", "no sub-attribute 'kind'"},
      {R"(emails[])", "column 8", "an attribute is expected"},
      {R"(not userName pr)", "column 5", "'(' is expected behind 'not'"},
      {R"(displayName eq "ä" oder x)", "column 20", "'oder' was found"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.filter);
    const auto filter = parse_filter(c.filter, ResourceType::user);
    ASSERT_FALSE(filter);
    EXPECT_EQ(filter.error().fault, Fault::invalid);
    EXPECT_EQ(filter.error().code, "invalidFilter");
    EXPECT_EQ(filter.error().where, c.where);
    EXPECT_NE(filter.error().detail.find(c.says), std::string::npos) << filter.error().detail;
  }
}

TEST(FilterParser, BoundsDepthAndLength) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '(') + "title pr" +
           std::string(static_cast<std::size_t>(depth), ')');
  };
  EXPECT_TRUE(parse_filter(nested(32), ResourceType::user));
  EXPECT_FALSE(parse_filter(nested(33), ResourceType::user));
  EXPECT_FALSE(parse_filter(nested(5000), ResourceType::user));
  EXPECT_FALSE(parse_filter(std::string(100'000, '('), ResourceType::user));

  // A long chain is not a deep one.
  std::string chain = "title pr";
  while (chain.size() < 16'000) chain += " or title pr";
  const auto filter = parse_filter(chain, ResourceType::user);
  ASSERT_TRUE(filter);
  EXPECT_GT(filter->of.size(), 1000u);
  EXPECT_TRUE(matches(*filter, barbara()));
  while (chain.size() <= 16'384) chain += " or title pr";
  EXPECT_FALSE(parse_filter(chain, ResourceType::user));
}

TEST(FilterParser, LeavesEqualityWhereAnIndexFindsIt) {
  // Entra matches people by mail in this form.
  const auto by_mail =
      parse_filter(R"(emails[type eq "work"].value eq "x@y.example")", ResourceType::user);
  ASSERT_TRUE(by_mail);
  ASSERT_EQ(by_mail->op, Filter::Op::all_of);
  EXPECT_EQ(by_mail->of[0].op, Filter::Op::eq);
  EXPECT_EQ(dotted(by_mail->of[0].path), "emails.value");
  EXPECT_EQ(by_mail->of[1].op, Filter::Op::element);

  const auto member = parse_filter(R"(id eq "g" and members[value eq "u"])", ResourceType::group);
  ASSERT_TRUE(member);
  ASSERT_EQ(member->of.size(), 2u);
  EXPECT_EQ(member->of[1].op, Filter::Op::eq);
  EXPECT_EQ(dotted(member->of[1].path), "members.value");

  const auto plain = parse_filter(R"(members eq "u")", ResourceType::group);
  ASSERT_TRUE(plain);
  EXPECT_EQ(dotted(plain->path), "members.value");
}

TEST(FilterParser, ResolvesPathsToTheirSchema) {
  const auto filter =
      parse_filter(R"(URN:ietf:params:scim:schemas:extension:ENTERPRISE:2.0:user:MANAGER pr)",
                   ResourceType::user);
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->path.schema, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User");
  EXPECT_EQ(filter->path.attribute, "manager");
  EXPECT_EQ(parse_filter("members.$ref pr", ResourceType::group)->path.sub_attribute, "$ref");
  EXPECT_FALSE(parse_filter(R"(members eq "u")", ResourceType::user));
  EXPECT_FALSE(parse_filter(R"(userName eq "u")", ResourceType::group));
}

TEST(FilterParser, PeopleFiltersTakeNamesAsTheyStand) {
  const auto document = json(
      R"({"department": "Sales", "level": 3, "external": true, "emails": [{"value": "a@b.example", "type": "work"}]})");
  const Match cases[] = {
      {R"(department eq "sales" and level gt 2)", true},
      {R"(external eq true)", true},
      {R"(external eq false)", false},
      {R"(emails[type eq "work" and value ew ".example"])", true},
      {R"(anything pr)", false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.filter);
    const auto filter = parse_people_filter(c.filter);
    ASSERT_TRUE(filter) << describe(filter.error());
    EXPECT_EQ(matches(*filter, document), c.expected);
  }
  EXPECT_EQ(parse_people_filter("department = 1").error().where, "column 12");
}

}  // namespace
}  // namespace muster::scim
