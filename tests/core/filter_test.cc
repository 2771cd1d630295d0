// SPDX-License-Identifier: Apache-2.0
#include "core/filter.h"

#include <gtest/gtest.h>

#include "core/json.h"

namespace muster {
namespace {

using Op = Filter::Op;
using Type = Filter::Type;

constexpr const char* mara = R"({
  "userName": "Mara.Gärtner@Example.COM", "externalId": "E-77", "title": "", "active": true, "legacyActive": "True",
  "level": 7, "score": 2.5, "big": 9007199254740993,
  "name": {"familyName": "Gärtner", "givenName": "Mara"},
  "emails": [{"value": "mara@example.com", "type": "work", "primary": true}, {"value": "m@home.example", "type": "home"}],
  "tags": ["Red", "blue"], "nicknames": [],
  "manager": {"value": "26118915", "display": "Ines"},
  "meta": {"lastModified": "2026-11-22T09:00:00+01:00", "resourceType": "User"},
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales", "manager": {"value": "b-1"}}
})";
constexpr const char* enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user";

Filter::Path path(std::string_view dotted) {
  const auto dot = dotted.find('.');
  if (dot == dotted.npos) return {{}, std::string(dotted), {}};
  return {{}, std::string(dotted.substr(0, dot)), std::string(dotted.substr(dot + 1))};
}

Filter compare(Op op, std::string_view attribute, Value value, Type type = Type::text,
               bool case_exact = false) {
  return {.op = op,
          .path = path(attribute),
          .type = type,
          .case_exact = case_exact,
          .value = std::move(value)};
}
Filter present(std::string_view attribute) { return {.op = Op::pr, .path = path(attribute)}; }
Filter join(Op op, std::vector<Filter> of) { return {.op = op, .of = std::move(of)}; }
Filter element(std::string_view attribute, Filter inner) {
  return {.op = Op::element, .path = path(attribute), .of = {std::move(inner)}};
}
Filter in_schema(std::string schema, Filter filter) {
  filter.path.schema = std::move(schema);
  return filter;
}

struct Case {
  const char* story;
  Filter filter;
  bool expected;
};

void check(const std::vector<Case>& cases) {
  const auto document = parse_json(mara);
  ASSERT_TRUE(document) << describe(document.error());
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    EXPECT_EQ(matches(c.filter, *document), c.expected);
  }
}

TEST(Filter, ComparesText) {
  check({
      {"without case", compare(Op::eq, "userName", "mara.gÄrtner@example.com"), true},
      {"names without case", compare(Op::eq, "USERNAME", "mara.gärtner@example.com"), true},
      {"another", compare(Op::eq, "userName", "mara"), false},
      {"exactly", compare(Op::eq, "externalId", "E-77", Type::text, true), true},
      {"exactly means case", compare(Op::eq, "externalId", "e-77", Type::text, true), false},
      {"ne of equal", compare(Op::ne, "userName", "MARA.GÄRTNER@EXAMPLE.COM"), false},
      {"ne of another", compare(Op::ne, "userName", "mara"), true},
      {"ne of an absent attribute", compare(Op::ne, "nickName", "mara"), true},
      {"eq of an absent attribute", compare(Op::eq, "nickName", "mara"), false},
      {"contains", compare(Op::co, "userName", "GÄRTNER"), true},
      {"contains exactly", compare(Op::co, "userName", "GÄRTNER", Type::text, true), false},
      {"contains not", compare(Op::co, "userName", "xyz"), false},
      {"starts with", compare(Op::sw, "userName", "mara."), true},
      {"starts not with", compare(Op::sw, "userName", "gärtner"), false},
      {"ends with", compare(Op::ew, "userName", "EXAMPLE.com"), true},
      {"ends not with", compare(Op::ew, "userName", "mara"), false},
      {"longer than the value", compare(Op::ew, "externalId", "xxxE-77"), false},
      {"greater", compare(Op::gt, "name.familyName", "fuchs"), true},
      {"not greater than itself", compare(Op::gt, "name.givenName", "MARA"), false},
      {"greater or equal", compare(Op::ge, "name.givenName", "MARA"), true},
      {"less", compare(Op::lt, "name.givenName", "NORA"), true},
      {"less or equal", compare(Op::le, "name.givenName", "MARA"), true},
      {"text is no number", compare(Op::eq, "externalId", 77), false},
      {"reference", compare(Op::sw, "manager.value", "2611", Type::reference, true), true},
  });
}

TEST(Filter, ComparesOtherTypes) {
  check({
      {"boolean", compare(Op::eq, "active", true, Type::boolean), true},
      {"other boolean", compare(Op::eq, "active", false, Type::boolean), false},
      {"boolean ne", compare(Op::ne, "active", false, Type::boolean), true},
      {"literal as text", compare(Op::eq, "active", "True", Type::boolean), true},
      {"value as text", compare(Op::eq, "legacyActive", true, Type::boolean), true},
      {"value as text of an unknown type", compare(Op::eq, "legacyActive", true), true},
      {"no boolean", compare(Op::eq, "active", "yes", Type::boolean), false},
      {"booleans have no order", compare(Op::gt, "active", false, Type::boolean), false},
      {"integer", compare(Op::eq, "level", 7, Type::integer), true},
      {"integer and decimal", compare(Op::eq, "level", 7.0, Type::integer), true},
      {"integers as numbers", compare(Op::lt, "level", 10, Type::integer), true},
      {"decimal", compare(Op::ge, "score", 2.5, Type::decimal), true},
      {"decimal below", compare(Op::gt, "score", 2.75, Type::decimal), false},
      {"integers beyond a double",
       compare(Op::eq, "big", std::int64_t{9007199254740992}, Type::integer), false},
      {"integers beyond a double, mixed", compare(Op::gt, "big", 9007199254740992.0, Type::integer),
       true},
      {"a number contains nothing", compare(Op::co, "level", 7, Type::integer), false},
      {"same instant",
       compare(Op::eq, "meta.lastModified", "2026-11-22T08:00:00Z", Type::date_time), true},
      {"same instant, digits",
       compare(Op::eq, "meta.lastModified", "2026-11-22T08:00:00.0000000Z", Type::date_time), true},
      {"later by the clock, earlier in time",
       compare(Op::lt, "meta.lastModified", "2026-11-22T08:30:00Z", Type::date_time), true},
      {"after", compare(Op::gt, "meta.lastModified", "2026-11-22T07:59:59Z", Type::date_time),
       true},
      {"no time", compare(Op::eq, "meta.resourceType", "User", Type::date_time), false},
      {"a time contains nothing", compare(Op::sw, "meta.lastModified", "2026", Type::date_time),
       false},
  });
}

TEST(Filter, KnowsPresence) {
  check({
      {"present", present("userName"), true},
      {"absent", present("nickName"), false},
      {"empty text", present("title"), false},
      {"empty list", present("nicknames"), false},
      {"complex", present("name"), true},
      {"sub-attribute", present("name.givenName"), true},
      {"absent sub-attribute", present("name.middleName"), false},
      {"sub-attribute of a list", present("emails.primary"), true},
      {"sub-attribute of a text", present("userName.x"), false},
      {"eq null of an absent", compare(Op::eq, "nickName", Value()), true},
      {"eq null of an empty", compare(Op::eq, "title", Value()), true},
      {"eq null of a present", compare(Op::eq, "userName", Value()), false},
      {"ne null of a present", compare(Op::ne, "userName", Value()), true},
      {"ne null of an absent", compare(Op::ne, "nickName", Value()), false},
      {"nothing is greater than null", compare(Op::gt, "userName", Value()), false},
  });
}

TEST(Filter, AnyElementWillDo) {
  check({
      {"complex stands for its value", compare(Op::eq, "emails", "MARA@example.com"), true},
      {"complex contains", compare(Op::co, "emails", "home", Type::complex), true},
      {"single complex", compare(Op::eq, "manager", "26118915", Type::complex), true},
      {"complex without a value", compare(Op::eq, "name", "Mara", Type::complex), false},
      {"sub-attribute of any", compare(Op::eq, "emails.type", "home"), true},
      {"of none", compare(Op::eq, "emails.type", "other"), false},
      {"ne is not eq", compare(Op::ne, "emails.type", "work"), false},
      {"ne of none", compare(Op::ne, "emails.type", "other"), true},
      {"simple list", compare(Op::eq, "tags", "BLUE"), true},
      {"two conditions on two elements",
       join(Op::all_of, {compare(Op::eq, "emails.type", "home"),
                         compare(Op::co, "emails.value", "example.com")}),
       true},
      {"two conditions on one element",
       element("emails", join(Op::all_of, {compare(Op::eq, "type", "home"),
                                           compare(Op::co, "value", "example.com")})),
       false},
      {"an element that fits",
       element("emails", join(Op::all_of, {compare(Op::eq, "type", "work"),
                                           compare(Op::eq, "primary", true, Type::boolean)})),
       true},
      {"not within the brackets",
       element("emails", join(Op::negate, {compare(Op::eq, "type", "work")})), true},
      {"simple elements", element("tags", compare(Op::eq, "value", "red")), true},
      {"a single complex", element("manager", compare(Op::eq, "display", "ines")), true},
      {"nothing there", element("phoneNumbers", join(Op::negate, {present("value")})), false},
  });
}

TEST(Filter, JoinsWithAndOrNot) {
  const auto yes = present("userName");
  const auto no = present("nickName");
  check({
      {"and", join(Op::all_of, {yes, yes}), true},
      {"and not", join(Op::all_of, {yes, no}), false},
      {"or", join(Op::any_of, {no, yes}), true},
      {"or none", join(Op::any_of, {no, no}), false},
      {"not", join(Op::negate, {no}), true},
      {"not not", join(Op::negate, {join(Op::negate, {no})}), false},
  });
}

TEST(Filter, LooksIntoExtensions) {
  check({
      {"extension", in_schema(enterprise, compare(Op::eq, "department", "sales")), true},
      {"sub-attribute", in_schema(enterprise, compare(Op::eq, "manager.value", "b-1")), true},
      {"not the core attribute", in_schema(enterprise, present("userName")), false},
      {"not from the core", present("department"), false},
      {"unknown extension", in_schema("urn:other", present("department")), false},
      {"value path", in_schema(enterprise, element("manager", compare(Op::eq, "value", "b-1"))),
       true},
  });
}

TEST(Filter, OfWhatIsNoObjectMatchesNothing) {
  EXPECT_FALSE(matches(present("userName"), Value("text")));
  EXPECT_FALSE(matches(present("userName"), Value()));
  EXPECT_TRUE(matches(compare(Op::ne, "userName", "x"), Value()));
}

TEST(Filter, PathsAreWrittenWithADot) {
  EXPECT_EQ(dotted(path("emails.value")), "emails.value");
  EXPECT_EQ(dotted({"urn:x", "userName", ""}), "userName");
}

}  // namespace
}  // namespace muster
