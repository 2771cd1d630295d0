// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "language_world.h"

namespace muster::mappings {
namespace {

void tell(std::initializer_list<Story> stories) {
  World world;
  for (const auto& story : stories) {
    EXPECT_EQ(world.evaluate(story.line, story.record), story.result)
        << story.line << " on " << story.record;
  }
}

TEST(Semantics, one_kind_of_nothing) {
  tell({
      {"a", "{}", "none"},
      {"a", R"({"a":null})", "none"},
      {"a", R"({"a":""})", "none"},
      {"a", R"({"a":"  \t"})", "none"},
      {"a", R"({"a":[]})", "none"},
      {"a", R"({"a":" x "})", " x "},
      {"note", R"({"note":"  "})", "  "},
      {"present(a)", R"({"a":" "})", "false"},
      {"absent(a)", "{}", "true"},
      {"absent(emails)", R"({"emails":[{}]})", "true"},
      {"\"\" ?? \"x\"", "{}", "x"},
      {"a ?? b ?? \"x\"", R"({"b":"y"})", "y"},
      {"none", "{}", "none"},
      {"upper(a)", "{}", "none"},
      {"\"{a}-{b}\"", R"({"a":"x"})", "none"},
      {"\"{a}-{b?}\"", R"({"a":"x"})", "x-"},
      {"\"{a?}{b?}\"", "{}", "none"},
  });
}

TEST(Semantics, comparisons_with_none) {
  tell({
      {"a == \"x\"", "{}", "false"},
      {"a != \"x\"", "{}", "true"},
      {"a == b", "{}", "false"},
      {"a < \"x\"", "{}", "false"},
      {"a ~ \".*\"", "{}", "false"},
      {"a not ~ \".*\"", "{}", "true"},
      {"uac >= 1", "{}", "false"},
      {"contains(a, b)", R"({"a":"x"})", "false"},
      {"active ?? false", "{}", "false"},
      {"active == true", "{}", "false"},
  });
}

TEST(Semantics, choices) {
  tell({
      {"if present(a) then a else b", R"({"a":"x"})", "x"},
      {"if a == \"x\" and b == \"y\" then \"both\" else \"no\"", R"({"a":"x","b":"y"})", "both"},
      {"if a == \"x\" or b == \"y\" then \"one\" else \"no\"", R"({"b":"y"})", "one"},
      {"if fold(a) == \"guest\" then \"guest\" else \"contractor\"", R"({"a":"Guest"})", "guest"},
      {"if fold(a) == \"guest\" then \"guest\" else \"contractor\"", "{}", "contractor"},
      {"switch(a, \"x\" => \"1\", \"y\" => \"2\", else => \"3\")", R"({"a":"y"})", "2"},
      {"switch(a, \"x\" => \"1\", \"y\" => \"2\", else => \"3\")", "{}", "3"},
      {"switch(uac, 1 => a, else => b)", R"({"uac":1,"a":"p","b":"q"})", "p"},
      {"a ?? clear", "{}", "clear"},
      {"a ?? keep", "{}", "keep"},
      {"a ?? keep", R"({"a":"x"})", "x"},
      {"if present(a) then clear else keep", "{}", "keep"},
      {"switch(a, \"x\" => clear, else => none)", R"({"a":"x"})", "clear"},
      {"clear", "{}", "clear"},
      {"not (a == \"x\")", "{}", "true"},
      {"not a == \"x\"", R"({"a":"x"})", "false"},
      {"a ?? b | upper", R"({"b":"y"})", "Y"},
      {"if present(a) then a else b | upper", R"({"a":"x"})", "x"},
      {"1 + 2 - 4", "{}", "-1"},
  });
}

TEST(Semantics, complex_values) {
  const char* people = R"({"emails":[{"type":"work","value":"w@x.example"},
                                     {"type":"home","value":"h@x.example","primary":true},{"type":"work"}]})";
  tell({
      {"name.givenName", R"({"name":{"givenName":"Anna"}})", "Anna"},
      {"NAME.givenname", R"({"Name":{"GIVENNAME":"Anna"}})", "Anna"},
      {"emails.value", people, R"(["w@x.example","h@x.example"])"},
      {"emails[type == \"work\"].value", people, R"(["w@x.example"])"},
      {"emails[primary].value | first", people, "h@x.example"},
      {"emails[not primary].value | first", people, "w@x.example"},
      {"emails[type in [\"home\", \"other\"]].value", people, R"(["h@x.example"])"},
      {"emails[value ~ \"^h\"].type | first", people, "home"},
      {"emails[type == \"fax\"].value | first", people, "none"},
      {"(emails | filter(e => e.type == \"home\")).value | first", people, "h@x.example"},
      {"emails | map(e => e.value) | first", people, "w@x.example"},
      {"emails[type == userName].value | first",
       R"({"userName":"home","emails":[{"type":"home","value":"h@x.example"}]})", "h@x.example"},
      {"enterprise.department",
       R"({"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Sales"}})",
       "Sales"},
      {"attr(\"postalCode;lang-de\")", R"({"postalCode;lang-de":"10115"})", "10115"},
      {"userName", R"({"USERNAME":"anna"})", "anna"},
  });
}

// A filter that compares one field is one instruction; a lambda says the same the long way.
TEST(Semantics, a_filter_is_what_the_same_lambda_is) {
  World world;
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {R"(emails[type == "work"])", R"(emails | filter(e => e.type == "work"))"},
      {R"(emails[type in ["work", "home"]])", R"(emails | filter(e => e.type in [a, "home"]))"},
      {R"(emails[value == "x"])", R"(emails | filter(e => e.value == "x"))"},
      {R"(emails[type == a])", R"(emails | filter(e => e.type == "work"))"},
      {R"(emails[type != "work"])", R"(emails | filter(e => not (e.type == "work")))"}};
  for (const std::string emails :
       {R"([])", R"([{"type":"work","value":"x"}])", R"({"type":"work","value":"y"})",
        R"([{"type":"Work"},{"value":"x"},{"type":"work"},{"TYPE":"work","value":"z"}])",
        R"([{"type":["work"],"value":"x"},{"type":" work"},{"type":7},"work",null])",
        R"([{"type":"home","value":"w\u0301"},{"type":"work","value":"x"}])"}) {
    const auto record = R"({"a":"work","emails":)" + emails + "}";
    for (const auto& [brief, full] : pairs)
      EXPECT_EQ(world.evaluate(brief + ".value", record),
                world.evaluate(full + " | map(e => e.value)", record))
          << brief << " on " << record;
  }
}

// A parameter of a fragment is read where its argument stands; a branch may have put it there.
TEST(Semantics, fragments_see_what_a_branch_gave) {
  World world;
  for (const char* record : {R"({"a":" x "})", R"({"b":" y "})", "{}"}) {
    EXPECT_EQ(world.evaluate("clean(a ?? b)", record),
              world.evaluate("(a ?? b) | trim | collapse", record));
    EXPECT_EQ(world.evaluate("clean(if present(a) then b else a)", record), "none");
    EXPECT_EQ(world.evaluate("[a, b] | map(x => clean(x)) | join(\"-\")", record),
              world.evaluate("[a, b] | map(x => x | trim | collapse) | join(\"-\")", record));
    EXPECT_EQ(world.evaluate("clean(clean(a ?? b) ?? \" z \")", record),
              world.evaluate("clean(a ?? b) ?? \"z\"", record));
  }
}

TEST(Semantics, typing_at_the_door) {
  tell({
      {"a", R"({"a":42})", "42"},
      {"a", R"({"a":true})", "true"},
      {"uac", R"({"uac":" 42 "})", "42"},
      {"uac", R"({"uac":"many"})", "W-INT"},
      {"active ?? true", R"({"active":"False"})", "false"},
      {"active ?? true", R"({"active":"TRUE"})", "true"},
      {"active ?? true", R"({"active":"maybe"})", "W-BOOL"},
      {"a", R"({"a":["y","x"]})", "y"},
      {"phones", R"({"phones":"1"})", R"(["1"])"},
      {"phones", R"({"phones":["1"," ","2"]})", R"(["1","2"])"},
      {"a == \"é\"", R"({"a":"e\u0301"})", "true"},
      {"entry", R"({"entry":"broken"})", "W-DN"},
      {"mail", R"({"mail":"Anna@ACME.example"})", "anna@acme.example"},
  });
}

TEST(Semantics, findings_name_the_attribute_once) {
  World world;
  EXPECT_EQ(world.evaluate("\"{a}{a}{uac?}\"", R"({"a":["y","x"],"uac":"many"})"), "W-INT");
  EXPECT_EQ(world.machine.findings().size(), 2U);
  EXPECT_EQ(
      world.evaluate("if present(a) then a else text(uac)", R"({"a":["y","x"],"uac":"many"})"), "y")
      << "nobody reads it";
  EXPECT_EQ(world.machine.findings().size(), 1U);
  EXPECT_EQ(world.evaluate("\"{a}{uac?}\"", R"({"a":["y","x"],"uac":"many"})"), "W-INT");
  const auto findings = world.machine.findings();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].attribute, "a");
  EXPECT_EQ(findings[0].code, "W-MULTI");
  EXPECT_EQ(findings[1].attribute, "uac");
  EXPECT_EQ(findings[1].code, "W-INT");
  EXPECT_EQ(world.evaluate("domain_in(a, own_domains)", R"({"a":"x@acme。example"})"), "false");
  ASSERT_EQ(world.machine.findings().size(), 1U);
  EXPECT_EQ(world.machine.findings()[0].code, "W-ODD-DOMAIN");
  EXPECT_EQ(world.evaluate("a", R"({"a":"x"})"), "x");
  EXPECT_TRUE(world.machine.findings().empty());
}

TEST(Semantics, out_from_and_item) {
  World world;
  world.environment.item = text_type(true);
  const auto name =
      world.compiled("clean(displayName) ?? join(\" \", out.firstName, out.lastName)");
  const auto first = world.compiled("clean(name.givenName)");
  const auto from = world.compiled("from.ldap.memberOf | map(g => rdn(g))");
  const auto item = world.compiled("\"/organization/{item | slug}\"");
  ASSERT_TRUE(name && first && from && item) << describe(world.diagnostics.at(0));
  const auto record = *parse_json(R"({"name":{"givenName":" Anna "}})");
  const auto ldap = *parse_json(R"({"memberof":["cn=A,dc=x","cn=B,dc=x"]})");
  const Value* others[] = {&ldap};
  world.machine.start(world.layout, {.record = &record, .from = others});
  EXPECT_EQ(World::shown(world.machine.run(*name)), "none");
  world.machine.set_out(0, world.machine.run(*first));
  EXPECT_EQ(World::shown(world.machine.run(*name)), "Anna");
  const auto groups = world.machine.run(*from);
  EXPECT_EQ(World::shown(groups), R"(["A","B"])");
  world.machine.set_item(groups.value.items()[1]);
  EXPECT_EQ(World::shown(world.machine.run(*item)), "/organization/b");
  const Value* nobody[] = {nullptr};
  world.machine.start(world.layout, {.record = &record, .from = nobody});
  EXPECT_EQ(World::shown(world.machine.run(*from)), "none");
  EXPECT_EQ(World::shown(world.machine.run(*item)), "none");
}

TEST(Semantics, reads_are_known) {
  World world;
  const auto program = world.compiled(
      "mailbox(emails.value | first, enterprise.department) ?? \"{out.country}{from.ldap.mail}"
      "{lookup(departments, a)}{end < run_date and domain_in(b, own_domains) | present | "
      "count2}\"");
  EXPECT_FALSE(program);  // count2 is unknown, and that must not crash the rest
  const auto good = world.compiled(
      "if run_date > end and domain_in(b, own_domains) then "
      "\"{out.country}{from.ldap.mail}{lookup(departments, a)}\" "
      "else clean(enterprise.department)");
  ASSERT_TRUE(good) << describe(world.diagnostics.at(0));
  const auto& reads = good->reads();
  EXPECT_EQ(reads.record,
            (std::vector<std::string>{
                "a", "b", "end", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}));
  EXPECT_EQ(reads.out, std::vector<std::string>{"country"});
  EXPECT_EQ(reads.from, (std::vector<std::pair<std::string, std::string>>{{"ldap", "mail"}}));
  EXPECT_EQ(reads.tables, std::vector<std::string>{"departments"});
  EXPECT_EQ(reads.sets, std::vector<std::string>{"own_domains"});
  EXPECT_EQ(reads.fragments, std::vector<std::string>{"clean"});
  EXPECT_TRUE(reads.clock);
  EXPECT_FALSE(reads.sources);
  EXPECT_EQ(good->type(), text_type(true));
}

TEST(Semantics, traced_run_gives_the_same_outcome) {
  World world;
  const auto program = world.compiled("mailbox(emails[type == \"work\"].value | first, userName)");
  ASSERT_TRUE(program);
  const auto record = *parse_json(R"({"emails":[{"type":"work","value":" JG@ACME.example"}]})");
  world.machine.start(world.layout, {.record = &record});
  const auto plain = World::shown(world.machine.run(*program));
  std::vector<Step> steps;
  EXPECT_EQ(World::shown(world.machine.trace(*program, steps)), plain);
  std::string told;
  for (const auto& step : steps)
    told += std::string(step.op) + " -> " + write_json(to_value(step.out)) + "\n";
  EXPECT_NE(told.find("emails[(type == \"work\")].value -> [\" JG@ACME.example\"]\n"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("first -> \" JG@ACME.example\"\n"), std::string::npos) << told;
  EXPECT_NE(told.find("email -> \"jg@acme.example\"\n"), std::string::npos) << told;
}

TEST(Semantics, limits_are_errors_of_the_line) {
  World world;
  const std::string long_text(40'000, 'x');
  EXPECT_EQ(world.evaluate("\"{a}{a}\"", "{\"a\":\"" + long_text + "\"}"), "W-LIMIT");
  EXPECT_EQ(world.evaluate("pad_left(a, 70000)", R"({"a":"x"})"), "W-LIMIT");
  EXPECT_EQ(world.evaluate("a", "{\"a\":\"" + std::string(70'000, 'x') + "\"}"), "W-LIMIT");
  EXPECT_EQ(world.machine.findings()[0].code, "W-LIMIT");
  std::string many = "{\"phones\":[";
  for (int i = 0; i < 3000; ++i) many += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\"";
  many += "]}";
  EXPECT_EQ(world.evaluate("phones | all(p => phones | any(q => p == \"x\"))", many), "false");
  EXPECT_EQ(world.evaluate("phones | filter(p => not any(phones, q => q == \"x\")) | count", many),
            "W-LIMIT");
}

}  // namespace
}  // namespace muster::mappings
