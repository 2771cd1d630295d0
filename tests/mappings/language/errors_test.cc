// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "language_world.h"

namespace muster::mappings {
namespace {

struct Mistake {
  const char* line;
  int column;  // from 1, inside the expression
  const char* code;
  const char* says;  // part of the message
};

void tell(std::initializer_list<Mistake> mistakes, Expected expected = {.flow = true}) {
  World world;
  for (const auto& mistake : mistakes) {
    SCOPED_TRACE(mistake.line);
    EXPECT_FALSE(world.compiled(mistake.line, expected));
    if (world.diagnostics.empty()) {
      ADD_FAILURE() << "no diagnostic";
      continue;
    }
    const auto& found = world.diagnostics[0];
    EXPECT_EQ(found.code, mistake.code) << found.message;
    EXPECT_EQ(found.line, 51);
    EXPECT_EQ(found.column, mistake.column + 9) << found.message;
    EXPECT_NE(found.message.find(mistake.says), std::string::npos) << found.message;
  }
}

TEST(Errors, syntax) {
  tell({
      {"", 1, "E-SYNTAX", "a value is expected"},
      {"a b", 3, "E-SYNTAX", "an operator or the end"},
      {"a = b", 3, "E-SYNTAX", "equality is '=='"},
      {"a == b == a", 8, "E-SYNTAX", "chained"},
      {"(a", 3, "E-SYNTAX", "')' is expected here, not the end"},
      {"\"x", 1, "E-SYNTAX", "no closing quote"},
      {"\"x {a\"", 6, "E-SYNTAX", "'}' is expected"},
      {"\"x {} y\"", 5, "E-SYNTAX", "braces are empty"},
      {"\"x } y\"", 4, "E-SYNTAX", "closes nothing"},
      {"\"x \\d\"", 4, "E-SYNTAX", "unknown escape"},
      {"a | 3", 5, "E-SYNTAX", "name of a function"},
      {"a ~ b", 5, "E-RE", "in quotes"},
      {"if a == b then a", 17, "E-SYNTAX", "'else' is expected"},
      {"switch(a, else => b)", 1, "E-SYNTAX", "at least one case"},
      {"switch(a, \"x\" => b)", 19, "E-SYNTAX", "',' is expected"},
      {"a ? b : a", 3, "E-SYNTAX", "if ... then"},
      {"a eq b", 3, "E-SYNTAX", "equality is '=='"},
      {"String.toLowerCase(a)", 8, "E-NAME", "did you mean 'lower'?"},
      {"a.trim()", 3, "E-NAME", "did you mean 'trim'?"},
      {"Locale.of(a)", 8, "E-NAME", "A function stands alone"},
      {"a is none", 3, "E-SYNTAX", "write absent(x)"},
      {"a | before(\"-\") ?? b", 17, "E-SYNTAX", "(x | f) ?? ..."},
      {"a | lower == b", 11, "E-SYNTAX", "(x | f) == ..."},
      {"a | present and true", 13, "E-SYNTAX", "(x | f) and ..."},
      {"a\x01", 2, "E-SYNTAX", "a control character"},
      {"a # b", 3, "E-SYNTAX", "has no meaning"},
      {"12y", 1, "E-SYNTAX", "duration"},
      {"99999999999999999999", 1, "E-SYNTAX", "64 bits"},
      {"2026-02-31", 1, "E-DATE", "there is no date"},
      {"attr(a)", 6, "E-SYNTAX", "name in quotes"},
      {"x => a", 3, "E-SYNTAX", "an operator or the end"},
      {"lower(x => a)", 7, "E-TYPE", "takes no 'x => ...'"},
      {"\"ü{a}\" b", 8, "E-SYNTAX", "an operator or the end"},
  });
}

TEST(Errors, names) {
  tell({
      {"usrName", 1, "E-NAME",
       "unknown attribute 'usrName' (source entra); did you mean 'userName'?"},
      {"contry", 1, "E-NAME", "did you mean 'out.country'?"},
      {"firstName", 1, "E-NAME", "did you mean 'out.firstName'?"},
      {"out.frstName", 5, "E-NAME", "did you mean 'out.firstName'?"},
      {"name.givnName", 6, "E-NAME", "did you mean 'givenName'?"},
      {"emails[typ == \"work\"]", 8, "E-NAME", "did you mean 'type'?"},
      {"a | trm", 5, "E-NAME", "unknown function 'trm'; did you mean 'trim'?"},
      {"cleen(a)", 1, "E-NAME", "did you mean 'clean'?"},
      {"from.ldp.mail", 6, "E-NAME", "unknown source tag 'ldp'; did you mean 'ldap'?"},
      {"from.ldap.mial", 11, "E-NAME", "did you mean 'mail'?"},
      {"lookup(department, a)", 8, "E-NAME",
       "unknown table 'department'; did you mean 'departments'?"},
      {"lookup(departments, a, \"costs\")", 24, "E-NAME", "did you mean 'cost'?"},
      {"domain_in(mail, own_domain)", 17, "E-NAME",
       "unknown set 'own_domain'; did you mean 'own_domains'?"},
      {"ascii(a, \"germn\")", 10, "E-NAME", "did you mean 'german'?"},
      {"pad_left(a, wide: 3)", 13, "E-NAME", "has no parameter 'wide'"},
      {"phone(a, \"Narnia\")", 10, "E-NAME", "is no country"},
      {"phne(a)", 1, "E-NAME", "unknown function 'phne'; did you mean 'phone'?"},
      {"diff(end, end, \"fortnights\")", 16, "E-NAME", "unknown unit 'fortnights'"},
      {"lower(a, \"de\")", 10, "E-NAME", "no casing of its own"},
      {"uuid5(\"acme\", a)", 7, "E-NAME", "dns, url, oid and x500"},
      {"item", 1, "E-NAME", "unknown attribute 'item'"},
      {"ascii(a, \"latin\")", 10, "E-NAME", "there are strip, german, icao"},
      {"IIF(a, b, a)", 1, "E-NAME", "did you mean 'if ... then ... else ...'?"},
      {"substringBefore(a, b)", 1, "E-NAME", "did you mean 'before'?"},
      {"toUpperCase(a)", 1, "E-NAME", "did you mean 'upper'?"},
      {"null", 1, "E-NAME", "did you mean 'none'?"},
      {"TRUE", 1, "E-NAME", "did you mean 'true'?"},
      {"upper", 1, "E-NAME", "upper(x)"},
      {"attr(\"postalCode;lang-d\")", 1, "E-NAME", "did you mean 'postalCode;lang-de'?"},
  });
}

TEST(Errors, types) {
  tell(
      {
          {"emails", 1, "E-TYPE", "list<complex>"},
          {"phones", 1, "E-TYPE", "add '| first' or '| join"},
          {"uac", 1, "E-TYPE", "add '| text'"},
          {"name", 1, "E-TYPE", "name one of its fields"},
          {"active", 1, "E-TYPE", "but text? is needed"},
          {"phones | trim", 1, "E-TYPE", "add '| first', or map(x => trim(x))"},
          {"a + b", 3, "E-TYPE", "put texts together"},
          {"a ++ b", 1, "E-TYPE", "put texts together"},
          {"a == uac", 3, "E-TYPE", "text? and int? cannot be compared"},
          {"a == none", 6, "E-TYPE", "write absent(x)"},
          {"switch(a, none => b, else => a)", 11, "E-TYPE", "write if absent(x)"},
          {"pad_left(uac, 8)", 10, "E-TYPE", "write text(x)"},
          {"find_re(a, \"(x)\", 2)", 19, "E-RE", "no group 2"},
          {"find_re(a, \"x\", -1)", 17, "E-RE", "no group -1"},
          {"a == entry", 3, "E-TYPE", "write dn(x)"},
          {"a < uac", 3, "E-TYPE", "have no order"},
          {"phones ~ \"x\"", 1, "E-TYPE", "any(list"},
          {"a in b", 6, "E-TYPE", "a list or a set"},
          {"phones in mobile", 1, "E-TYPE", "single value"},
          {"a in own_domains", 3, "E-TYPE", "write domain_in(x, own_domains)"},
          {"if a then b else a", 4, "E-TYPE", "write present(x)"},
          {"if a == b then uac else a", 25, "E-TYPE",
           "this gives text?, but the part before gives int?"},
          {"trim()", 1, "E-TYPE", "'x' is missing"},
          {"trim(a, b)", 9, "E-TYPE", "too many arguments"},
          {"clean(a, b)", 10, "E-TYPE", "takes 1 arguments"},
          {"mailbox(a)", 1, "E-TYPE", "needs the argument 'b'"},
          {"clean(uac)", 7, "E-TYPE", "takes text as 'x', not int?"},
          {"primary(phones)", 9, "E-TYPE", "elements have 'primary' and 'type'"},
          {"primary(emails, a)", 1, "E-TYPE", "takes one list"},
          {"flatten(a)", 9, "E-TYPE", "write [x]"},
          {"emails[0].value | first", 8, "E-TYPE", "at(n)"},
          {"a | map(x => x)", 1, "E-TYPE", "takes a list"},
          {"phones | map(trim)", 10, "E-TYPE", "takes a list and 'x => ...'"},
          {"a[b == \"x\"]", 2, "E-TYPE", "filters a list"},
          {"phones[a == b]", 7, "E-TYPE", "write filter(x"},
          {"\"{phones}\"", 3, "E-TYPE", "cannot hold list<text>"},
          {"under(a, \"dc=x\")", 7, "E-TYPE", "write dn(x)"},
          {"under_any(entry, own_domains)", 18, "E-TYPE", "holds no DNs"},
          {"find_re(a, b)", 12, "E-RE", "known when the file is loaded"},
          {"trim(clear)", 6, "E-TYPE", "may only be a result"},
          {"clear ?? a", 1, "E-TYPE", "may only be a result"},
          {"a ?? keep | trim", 6, "E-TYPE", "may only be a result"},
          {"a.b", 3, "E-TYPE", "text? has no field 'b'"},
          {"phones | map(p => mobile | filter(q => any(phones, r => r == q)) | first)", 52,
           "E-LIMIT", "nested twice"},
      },
      {.type = text_type(true), .flow = true});
}

TEST(Errors, conditions_must_be_resolved) {
  const Expected condition{.type = make_type(Type::Kind::boolean)};
  tell({{"active", 1, "E-BOOL-OPT", "?? false"},
        {"not active", 5, "E-BOOL-OPT", "?? false"},
        {"active and a == b", 1, "E-BOOL-OPT", "?? false"},
        {"if active then true else false", 4, "E-BOOL-OPT", "?? false"},
        {"any(emails, e => e.primary)", 20, "E-BOOL-OPT", "?? false"},
        {"a", 1, "E-TYPE", "this gives text?, but bool is needed"},
        {"clear", 1, "E-TYPE", "only in a source's map"}},
       condition);
}

TEST(Errors, literals) {
  tell({
      {"a ~ \"(\"", 5, "E-RE", "not valid"},
      {"a ~ \"a{1000}{1000}\"", 5, "E-RE", ""},
      {"replace_re(a, \"(x)\", \"\\\\2\")", 22, "E-RE", "does not fit"},
      {"under(entry, \"ou=Staff,dc\")", 14, "E-DN", "no '='"},
      {"entry == \"x\"", 10, "E-DN", "no '='"},
      {"mail == \"x\"", 9, "E-EMAIL", "'@'"},
      {"domain(mail) == \"a b\"", 17, "E-DOMAIN", "character"},
      {"end == \"tomorrow\"", 8, "E-DATE", "no date"},
      {"date(a, \"DD.MM.YYYY\")", 9, "E-DATE", "yyyy MM dd"},
      {"date(a, \"dd\", \"Europe/Berlyn\")", 15, "E-DATE", "time zone"},
      {"end + \"3 months\"", 7, "E-DATE", "no period"},
  });
}

TEST(Errors, fragments_in_a_circle_name_the_way) {
  World world;
  auto library = std::make_shared<Library>();
  World::fragment(*library, "one", {{"x", text_type()}}, "two(x)");
  World::fragment(*library, "two", {{"x", text_type()}}, "x | three");
  World::fragment(*library, "three", {{"x", text_type()}}, "one(x)");
  World::fragment(*library, "lost", {{"x", text_type()}}, "x ?? userName");
  world.environment.library = library;
  EXPECT_FALSE(world.compiled("one(a)"));
  ASSERT_FALSE(world.diagnostics.empty());
  EXPECT_EQ(world.diagnostics[0].code, "E-CYCLE");
  EXPECT_NE(world.diagnostics[0].message.find("one -> two -> three -> one"), std::string::npos)
      << world.diagnostics[0].message;
  EXPECT_FALSE(world.compiled("lost(a)"));
  EXPECT_EQ(
      describe(world.diagnostics.at(0)),
      "acme.yaml:7:25 E-NAME unknown attribute 'userName' (a fragment sees only its parameters)"
      " (in a fragment called from acme.yaml:51:10)");
  std::vector<Diagnostic> diagnostics;
  check_fragments(*library, diagnostics);
  ASSERT_EQ(diagnostics.size(), 2U) << "the circle is told once";
  EXPECT_EQ(diagnostics[0].code, "E-NAME");
  EXPECT_EQ(diagnostics[1].code, "E-CYCLE");
}

TEST(Errors, fragments_cannot_explode) {
  World world;
  auto library = std::make_shared<Library>();
  World::fragment(*library, "f0", {{"x", text_type()}}, "upper(x)");
  for (int i = 1; i < 40; ++i) {
    const auto before = "f" + std::to_string(i - 1);
    World::fragment(*library, "f" + std::to_string(i), {{"x", text_type()}},
                    before + "(x) ?? " + before + "(x)");
  }
  world.environment.library = library;
  EXPECT_FALSE(world.compiled("f39(a)"));
  EXPECT_EQ(world.diagnostics.at(0).code, "E-LIMIT");
}

TEST(Errors, limits) {
  World world;
  EXPECT_FALSE(world.compiled(std::string(5000, ' ') + "a"));
  EXPECT_EQ(world.diagnostics.at(0).code, "E-LIMIT");
  EXPECT_FALSE(world.compiled(std::string(200, '(') + "a" + std::string(200, ')')));
  EXPECT_EQ(world.diagnostics.at(0).code, "E-LIMIT");
  std::string nots;
  for (int i = 0; i < 200; ++i) nots += "not ";
  EXPECT_FALSE(world.compiled(nots + "true"));
  EXPECT_EQ(world.diagnostics.at(0).code, "E-LIMIT");
}

TEST(Errors, places_in_every_kind_of_scalar) {
  World world;
  struct Case {
    const char* story;
    const char* yaml;
    const char* place;
  };
  const Case cases[] = {
      {"plain", "x: a | trm", "1:8"},
      {"single quotes", "x: 'a | trm'", "1:9"},
      {"double quotes", "x: \"a | trm\"", "1:9"},
      {"in a flow sequence", "x: [1, { y: 'a | trm' }]", "1:18"},
      {"a doubled quote before it", "x: '''it'' | trm'", "1:14"},
      {"two doubled quotes", "x: 'join('''', a) | trm'", "1:21"},
      {"an escape before it", "x: \"\\\"a\\\" | trm\"", "1:13"},
      {"an escaped character", "x: \"'\\u00fc' | trm\"", "1:16"},
      {"an escaped character of four bytes", "x: \"'\\U0001F600' | trm\"", "1:20"},
      {"characters of several bytes", "x: '\"üé😀\" | trm'", "1:13"},
      {"a tab is one character", "x: 'a\t| trm'", "1:9"},
      {"a quoted scalar over two lines", "x: 'a\n   | trm'", "2:6"},
      {"an empty line between", "x: 'a\n\n   | trm'", "3:6"},
      {"an escaped line break", "x: \"a \\\n   | trm\"", "2:6"},
      {"a plain scalar over two lines", "x: a\n   | trm\n", "2:6"},
      {"literal block", "x: |\n  a\n  | trm\n", "3:5"},
      {"literal block, more indented", "x: |\n  a\n    | trm\n", "3:7"},
      {"literal block with an indentation indicator", "x: |2\n   a\n  | trm\n", "3:5"},
      {"literal block behind an empty line", "x: |-\n\n  a | trm\n", "3:7"},
      {"literal block deep inside", "x:\n  y:\n    z: |\n        a | trm\n", "4:13"},
      {"folded block", "x: >\n  a\n  | trm\n", "3:5"},
      {"Windows line ends", "y: 1\r\nx: 'a | trm'\r\n", "2:9"},
      {"literal block with Windows line ends", "x: |\r\n  a\r\n  | trm\r\n", "3:5"},
      {"two quoted lines with Windows line ends", "x: 'a\r\n   | trm'\r\n", "2:6"},
      {"behind a byte order mark", "\xEF\xBB\xBFx: 'a | trm'", "1:9"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto file = read_yaml(c.yaml, "f.yaml");
    ASSERT_TRUE(file.diagnostics.empty()) << describe(file.diagnostics[0]);
    const auto* node = file.root.find("x");
    while (node->kind != YamlNode::Kind::scalar)
      node = node->kind == YamlNode::Kind::sequence ? &node->items.back()
                                                    : &node->entries.back().value;
    std::vector<Diagnostic> diagnostics;
    EXPECT_FALSE(compile(node->text, place_of(*node, "f.yaml"), world.environment, {}, world.layout,
                         diagnostics));
    ASSERT_FALSE(diagnostics.empty());
    const auto& found = diagnostics.back();
    EXPECT_EQ(std::to_string(found.line) + ":" + std::to_string(found.column), c.place)
        << describe(found);
  }
}

TEST(Errors, several_mistakes_in_one_line) {
  World world;
  EXPECT_FALSE(world.compiled("join(\" \", usrName, displyName)"));
  ASSERT_EQ(world.diagnostics.size(), 2U);
  EXPECT_NE(world.diagnostics[0].message.find("'userName'"), std::string::npos);
  EXPECT_NE(world.diagnostics[1].message.find("'displayName'"), std::string::npos);
}

TEST(Errors, templates_of_user_names) {
  std::vector<Diagnostic> diagnostics;
  const Place place{"f.yaml", 4, 8};
  const auto parts =
      split_template("{firstName}.{email | before(\"@\")?}-ü{x}", place, diagnostics);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 5U);
  EXPECT_EQ((*parts)[0].text, "firstName");
  EXPECT_EQ((*parts)[1].text, ".");
  EXPECT_EQ((*parts)[2].text, "email | before(\"@\")");
  EXPECT_TRUE((*parts)[2].soft);
  EXPECT_EQ((*parts)[2].place.column, 21);
  EXPECT_EQ((*parts)[3].text, "-ü");
  EXPECT_EQ((*parts)[4].place.column, 45);
  EXPECT_FALSE(split_template("{firstName", place, diagnostics));
  EXPECT_EQ(diagnostics.at(0).code, "E-SYNTAX");
  EXPECT_EQ(diagnostics.at(0).column, 18);
}

}  // namespace
}  // namespace muster::mappings
