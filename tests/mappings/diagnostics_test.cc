// SPDX-License-Identifier: Apache-2.0
// What is told about a file, word for word as far as machines read it: place, code and offer.
#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

// The good file; a story replaces one line or adds some at the end.
std::vector<std::string> base() {
  return {
      "version: mapping/v1",                                                      // 1
      "schema:",                                                                  // 2
      "  profile: generic",                                                       // 3
      "  attributes:",                                                            // 4
      "    title: text",                                                          // 5
      "    start: date",                                                          // 6
      "tables: { codes: { inline: { a: A, b: B } } }",                            // 7
      "sets: { own: { domains: [acme.example] } }",                               // 8
      "fragments: { clean: { params: { x: text }, expr: 'x | trim' } }",          // 9
      "sources:",                                                                 // 10
      "  hr:",                                                                    // 11
      "    kind: csv",                                                            // 12
      "    records: { text: [id, mail, first, last, code, begin], bool: [ok] }",  // 13
      "    key: id",                                                              // 14
      "    map:",                                                                 // 15
      "      email: 'mail | email'",                                              // 16
      "      firstName: 'clean(first)'",                                          // 17
      "      lastName: 'last'",                                                   // 18
      "      title: 'lookup(codes, code)'",                                       // 19
      "username:",                                                                // 20
      "  patterns: ['{firstName}.{lastName}']",                                   // 21
      "classify:",                                                                // 22
      "  rules: [{ id: ours, class: internal, when: 'domain_in(email, own)' }]",  // 23
      "  otherwise: { id: unknown, class: external }",                            // 24
  };
}

std::string joined(const std::vector<std::string>& lines, const char* end = "\n") {
  std::string text;
  for (const auto& line : lines) text += line + end;
  return text;
}

// "16:15 E-NAME lowr; did you mean ..." without the words that people read.
std::string told(const Loaded& loaded) {
  std::string out;
  for (const auto& d : loaded.diagnostics) {
    out += (out.empty() ? "" : "; ") + std::to_string(d.line) + ":" + std::to_string(d.column) +
           " " + d.code;
    if (const auto offer = suggestion_of(d); !offer.empty()) out += " " + offer;
  }
  return out;
}

Loaded load(std::size_t line, const std::string& text) {
  auto lines = base();
  if (line > lines.size()) lines.emplace_back();
  lines[line - 1] = text;
  return Engine::load_text(joined(lines), "m.yaml");
}

struct Story {
  const char* story;
  std::size_t line;  // replaced; 25: added
  std::string text;
  const char* told;  // everything that is told
};

const Story stories[] = {
    {"a good file", 25, "", ""},
    // E-NAME
    {"attribute", 18, "      lastName: 'lst'", "18:18 E-NAME last"},
    {"attribute behind a pipe", 18, "      lastName: 'last | replace(\"a\", frst)'",
     "18:38 E-NAME first"},
    {"target attribute", 18, "      lastNme: 'last'", "18:7 E-NAME lastName"},
    {"function", 18, "      lastName: 'last | trm'", "18:25 E-NAME trim"},
    {"table", 19, "      title: 'lookup(cods, code)'", "19:22 E-NAME codes"},
    {"column", 19, "      title: 'lookup(codes, code, \"valu\")'", "19:35 E-NAME value"},
    {"set", 23, "  rules: [{ id: ours, class: internal, when: 'domain_in(email, onw)' }]",
     "23:64 E-NAME own"},
    {"fragment", 17, "      firstName: 'cleann(first)'", "17:19 E-NAME clean"},
    {"parameter of a fragment", 9,
     "fragments: { clean: { params: { name: text }, expr: 'nme | trim' } }", "9:54 E-NAME name"},
    {"tag", 25, "merge: { default: { authority: [hrr] } }", "25:33 E-NAME hr"},
    {"tag in an expression", 25, "validate: [{ id: v, check: 'present(from.hrr.mail)' }]",
     "25:42 E-NAME hr"},
    {"attribute of a tag", 25, "validate: [{ id: v, check: 'present(from.hr.mial)' }]",
     "25:45 E-NAME mail"},
    {"attribute under out", 18, "      lastName: 'last ?? out.firstNme'",
     "18:30 E-NAME out.firstName"},
    {"source of a tier", 25, "correlate: { tiers: [{ id: t, match: [email], only: [hrr] }] }",
     "25:54 E-NAME hr"},
    {"key", 25, "mrge: {}", "25:1 E-KEY merge"},
    {"the key of a source", 14, "    key: Id", "14:10 E-NAME id"},
    {"a tag that no source has", 25, "validate: [{ id: v, check: '\"rh\" in sources' }]",
     "25:29 E-NAME hr"},
    {"letters that changed places", 17, "      firstName: 'claen(first)'", "17:19 E-NAME clean"},
    // one mistake hides no other
    {"an argument of an unknown function", 18, "      lastName: 'trmi(lst, code, own) | left()'",
     "18:18 E-NAME trim; 18:23 E-NAME last; 18:41 E-TYPE"},
    {"a rule without id", 23, "  rules: [{ class: internl, when: 'domain_in(emial, ownn)' }]",
     "23:11 E-MISSING; 23:20 E-VALUE internal; 23:46 E-NAME email; 23:53 E-NAME own"},
    {"a scope rule without id", 14, "    key: id\n    scope: [{ skip: 'prsent(mail)' }]",
     "15:13 E-MISSING; 15:22 E-NAME present"},
    {"a check without id", 25, "validate: [{ check: 'present(emial)' }]",
     "25:12 E-MISSING; 25:30 E-NAME email"},
    {"a tier without id", 25, "correlate: { tiers: [{ match: [emial], one: lnk }] }",
     "25:22 E-MISSING; 25:32 E-NAME email; 25:45 E-VALUE link"},
    {"a group rule without id", 25,
     "groups: { managed: [/x/], rules: [{ for: 'titel', to: '\"/x/{item | slgu}\"' }] }",
     "25:35 E-MISSING; 25:43 E-NAME title; 25:68 E-NAME slug"},
    {"a type of a parameter", 9, "fragments: { clean: { params: { x: txt }, expr: 'x | trim' } }",
     "9:36 E-TYPE text"},
    // what excludes each other
    {"a set of two kinds", 8, "sets: { own: { domains: [acme.example], dns: ['dc=x'] } }",
     "8:41 E-KEY"},
    {"a table from two places", 7,
     "tables: { codes: { inline: { a: A }, file: codes.csv, key: a } }", "7:38 E-KEY; 7:44 E-FILE"},
    {"a tier that matches nothing", 25, "correlate: { tiers: [{ id: t, match: [] }] }",
     "25:38 E-MISSING"},
    {"one pattern that is no list", 21, "  patterns: '{firstName}'", "21:13 E-TYPE"},
    {"a path outside", 25,
     "groups: { managed: [/x/], rules: [{ id: g, for: 'title', to: '\"/y/{item | slug}\"' }] }",
     "25:62 E-VALUE"},
    {"a path that may lie inside", 25,
     "groups: { managed: [/x/y/], rules: [{ id: g, for: 'title', to: '\"/x/{item | slug}/z\"' }] }",
     ""},
    // E-TYPE
    {"wrong type", 18, "      lastName: 'ok'", "18:18 E-TYPE"},
    {"too many arguments", 18, "      lastName: 'trim(last, first)'", "18:29 E-TYPE"},
    {"too few arguments", 18, "      lastName: 'left()'", "18:18 E-TYPE"},
    {"a list where one is needed", 18, "      lastName: '[last, first]'", "18:18 E-TYPE"},
    {"a type that does not exist", 5, "    title: txet", "5:12 E-TYPE text"},
    // E-BOOL-OPT
    {"a condition that may be none", 18, "      lastName: 'if ok then last else first'",
     "18:21 E-BOOL-OPT"},
    {"resolved", 18, "      lastName: 'if ok ?? false then last else first'", ""},
    // E-CYCLE
    {"a circle of fragments", 9,
     "fragments: { clean: { params: { x: text }, expr: 'more(x)' }, more: { params: { x: text }, "
     "expr: 'clean(x)' } }",
     "9:99 E-CYCLE"},
    {"a circle of lines", 18, "      lastName: 'out.firstName ?? out.lastName'", "18:17 E-CYCLE"},
    // E-DUP
    {"a key twice", 25, "classify: {}", "25:1 E-DUP"},
    {"an attribute twice", 18, "      firstName: 'last'", "18:7 E-DUP"},
    {"a rule's id twice", 23,
     "  rules: [{ id: a, class: internal, when: 'domain_in(email, own)' }, { id: a, class: "
     "external, when: 'absent(email)' }]",
     "23:76 E-DUP"},
    {"a column twice", 13,
     "    records: { text: [id, id, mail, first, last, code, begin], bool: [ok] }", "13:27 E-DUP"},
    // E-RE
    {"a bad expression", 18, "      lastName: 'replace_re(last, \"(\", \"\")'", "18:35 E-RE"},
    {"a file pattern", 23, "  rules: [{ id: ours, class: internal, when: 'email ~ \"*@x\"' }]",
     "8:9 W-UNUSED; 23:55 E-RE"},
    // literals
    {"a bad DN", 23, "  rules: [{ id: ours, class: internal, when: 'under(dn(title), \"acme\")' }]",
     "8:9 W-UNUSED; 23:64 E-DN"},
    {"a domain as others write it", 8, "sets: { own: { domains: [\"*.acme.example\"] } }",
     "8:26 E-DOMAIN acme.example"},
    {"a bad domain", 8, "sets: { own: { domains: [\"a b\"] } }", "8:26 E-DOMAIN"},
    {"a bad date", 25, "validate: [{ id: v, check: 'start < 2026-13-01' }]", "25:37 E-DATE"},
    {"a date pattern of records", 13,
     "    records: { text: [id, mail, first, last, code, begin], bool: [ok], date: { d: dd/mm/yy } "
     "}",
     "13:83 E-DATE"},
    {"minutes for the month", 13,
     "    records: { text: [id, mail, first, last, code, begin], bool: [ok], date: { d: yyyy-mm-dd "
     "} }",
     "13:83 E-DATE"},
    {"minutes for the month in an expression", 19,
     "      title: 'lookup(codes, code)'\n      start: 'begin | date(\"dd.mm.yyyy\", \"UTC\")'",
     "20:28 E-DATE"},
    // E-SYNTAX
    {"an open call", 18, "      lastName: 'trim(last'", "18:27 E-SYNTAX"},
    {"behind characters of several bytes", 18, "      lastName: '\"ß€😀\" ?? lst'",
     "18:27 E-NAME last"},
    {"inside a user name pattern", 21, "  patterns: ['ü{firstNme}']",
     "21:14 E-VALUE; 21:17 E-NAME firstName"},
    // E-LIMIT
    {"an alias", 18, "      lastName: *a", "18:17 E-LIMIT"},
    {"an anchor", 18, "      lastName: &a 'last'", "18:17 E-LIMIT"},
    {"nested too deeply", 18,
     "      lastName: '" + std::string(70, '(') + "last" + std::string(70, ')') + "'",
     "18:82 E-LIMIT"},
    {"too long an expression", 18, "      lastName: 'last" + std::string(4100, ' ') + "'",
     "18:18 E-LIMIT"},
    // E-TEST and what tests may say
    {"a test that fails", 25,
     "tests: [{ given: { hr: { id: '1', first: A, last: B } }, expect: { userName: a.c } }]",
     "16:15 W-COVER; 19:15 W-COVER; 23:47 W-COVER; 25:78 E-TEST"},
    {"unknown words in tests", 25,
     "tests: [{ givn: { hr: { id: '1' } }, given: {}, expect: { usrName: a, state: actve }, "
     "because: "
     "{ exernal: x } }]",
     "25:11 E-KEY given; 25:59 E-NAME userName; 25:78 E-VALUE active; 25:98 E-NAME external"},
    {"unknown names in tests", 25,
     "tests: [{ given: { hr: { idd: '1' } }, expect: { usrName: a, state: actve }, because: { "
     "exernal: x } }]",
     "25:26 E-NAME id; 25:50 E-NAME userName; 25:69 E-VALUE active; 25:89 E-NAME external"},
    {"all at once, tests too", 25,
     "merge: { attributes: { titel: {} } }\ntests: [{ given: { hrr: {} }, expect: { usrName: a } "
     "}]\n"
     "validate: [{ id: v, check: 'present(mial)' }]",
     "25:24 E-NAME title; 26:20 E-NAME hr; 26:41 E-NAME userName; 27:37 E-NAME email"},
    // warnings
    {"an identical rule", 23,
     "  rules: [{ id: a, class: internal, when: 'domain_in(email, own)' }, { id: b, class: "
     "external, "
     "when: 'domain_in( email,own )' }]",
     "23:70 W-UNREACH"},
    {"a rule behind one that always holds", 23,
     "  rules: [{ id: a, class: internal, when: 'not false' }, { id: b, class: external, when: "
     "'domain_in(email, own)' }]",
     "23:58 W-UNREACH"},
    {"a rule that never holds", 23,
     "  rules: [{ id: a, class: internal, when: 'domain_in(email, own) and false' }]",
     "23:11 W-UNREACH"},
    {"a domain set within an earlier one", 8,
     "sets: { own: { domains: [acme.example], subdomains: true }, lab: { domains: "
     "[lab.acme.example] } }\n"
     "correlate: { tiers: [{ id: t, match: [email], when: 'domain_in(email, lab)' }] }\n"
     "groups: { managed: ['/x/'], rules: [{ id: g, when: 'domain_in(email, own)', to: '\"/x/y\"' "
     "}] }",
     ""},
    {"a value within an earlier list", 23,
     "  rules: [{ id: a, class: internal, when: 'title in [\"A\", \"B\"]' }, { id: b, class: "
     "external, "
     "when: 'title == \"A\" and domain_in(email, own)' }]",
     "23:68 W-UNREACH"},
    {"a scope rule that another one covers", 14,
     "    key: id\n    scope: [{ id: a, skip: 'absent(mail)' }, { id: b, skip: 'absent(mail) and "
     "absent(first)' }]",
     "15:46 W-UNREACH"},
    {"the same tier again", 25,
     "correlate: { tiers: [{ id: a, match: [email] }, { id: b, match: [email], only: [hr] }] }",
     "25:49 W-UNREACH"},
    {"the same pattern again", 21,
     "  patterns: ['{firstName}.{lastName}', '{firstName}.{lastName}']", "21:40 W-UNREACH"},
    {"a case again", 18,
     "      lastName: 'switch(code, \"a\" => last, \"a\" => first, else => last)'",
     "18:44 W-UNREACH"},
    {"a needed attribute that may be none", 5, "    title: { type: text, required: true }",
     "19:14 W-REQ; 19:15 W-NODEFAULT"},
    {"a needed attribute with a default", 19, "      title: 'lookup(codes, code) ?? \"none\"'", ""},
    {"a line without authority", 25, "merge: { attributes: { title: { authority: [] } } }",
     "19:7 W-MUTE"},
    {"what nobody uses", 25, "generate: {}\ninclude: []", ""},
    {"a table, a set and a fragment that nobody uses", 19, "      title: 'code'", "7:11 W-UNUSED"},
    {"one name for two things", 7,
     "tables: { own: { inline: { a: A } }, codes: { inline: { a: A } } }",
     "7:11 W-UNUSED; 8:9 W-SHADOW"},
    {"a fragment that hides a function", 9,
     "fragments: { clean: { params: { x: text }, expr: 'x | trim' }, upper: { params: { x: text }, "
     "expr: 'x' } }",
     "9:64 W-UNUSED; 9:64 W-SHADOW"},
    {"a date pattern without zone", 19,
     "      title: 'lookup(codes, code)'\n      start: 'begin | date(\"dd.MM.yyyy HH:mm\")'",
     "20:28 W-DATE"},
    {"a date pattern with a zone", 19,
     "      title: 'lookup(codes, code)'\n      start: 'begin | date(\"dd.MM.yyyy HH:mm\", "
     "\"Europe/Berlin\")'",
     ""},
    {"a dot that stands for anything", 23,
     "  rules: [{ id: ours, class: internal, when: 'email ~ \"@acme.example$\"' }]",
     "8:9 W-UNUSED; 23:55 W-RE"},
    {"a dot that is one", 23,
     "  rules: [{ id: ours, class: internal, when: 'email ~ \"@acme\\\\.example$\" or "
     "domain_in(email, "
     "own)' }]",
     ""},
    // generate
    {"a generated value", 25,
     "generate: { firstPassword: { length: 12, classes: [lower, digit] } }", ""},
    {"too short", 25, "generate: { firstPassword: { length: 4 } }", "25:38 E-VALUE"},
    {"of unknown characters", 25, "generate: { firstPassword: { classes: [lowr] } }",
     "25:40 E-VALUE lower"},
    {"under the name of an attribute", 25, "generate: { title: { length: 12 } }", "25:13 E-DUP"},
    {"read by a rule", 25,
     "generate: { secret: {} }\nvalidate: [{ id: v, check: 'present(secret)' }]", "26:37 E-NAME"},
};

TEST(Diagnostics, AreExactInPlaceCodeAndOffer) {
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    const auto loaded = load(c.line, c.text);
    EXPECT_EQ(told(loaded), c.told) << printed(loaded.diagnostics);
    EXPECT_EQ(loaded.engine == nullptr, has_errors(loaded.diagnostics));
  }
}

TEST(Diagnostics, ColumnsAreTheSameWithWindowsLineEnds) {
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    auto lines = base();
    if (c.line > lines.size()) lines.emplace_back();
    lines[c.line - 1] = c.text;
    const auto loaded = Engine::load_text(joined(lines, "\r\n"), "m.yaml");
    EXPECT_EQ(told(loaded), c.told) << printed(loaded.diagnostics);
  }
}

TEST(Diagnostics, NamesAndTagsOfSourcesAreToldApart) {
  auto lines = base();
  lines[11] = "    kind: csv\n    tag: people";
  lines.push_back(
      "correlate: { tiers: [{ id: t, match: [email], only: [people] }] }\n"
      "merge: { default: { authority: [hr] } }");
  EXPECT_EQ(told(Engine::load_text(joined(lines), "m.yaml")),
            "26:54 E-NAME hr; 27:33 E-NAME people");
}

TEST(Diagnostics, AMisspeltKindHidesNoOtherMistake) {
  auto lines = base();
  lines[11] = "    kind: scmi";
  lines[12] = "    records: scim.user";
  lines[13] = "    key: externalID";
  lines[15] = "      email: 'emials[primary].value | first | email'";
  lines[16] = "      firstName: 'clean(name.givenNam)'";
  lines[17] = "      lastName: 'name.familyName'";
  lines[18] = "      title: 'lookup(codes, title)'";
  EXPECT_EQ(told(Engine::load_text(joined(lines), "m.yaml")),
            "12:11 E-VALUE scim; 16:15 E-NAME emails; 17:30 E-NAME givenName");
}

TEST(Diagnostics, LongListsOfRulesLoadFast) {
  auto lines = base();
  std::string rules = "  rules:\n";
  for (int i = 0; i < 5000; ++i)
    rules += "    - { id: r" + std::to_string(i) + ", class: internal, when: 'title == \"" +
             std::to_string(i) + "\"' }\n";
  lines[22] = rules + "    - { id: last, class: internal, when: 'domain_in(email, own)' }";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(told(Engine::load_text(joined(lines), "m.yaml")), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(Diagnostics, RequiredAttributesMayBeExplainedByARule) {
  auto lines = base();
  lines[4] = "    title: { type: text, required: true }";
  lines[18] = "      title: 'code'";
  lines.emplace_back("validate: [{ id: v, check: 'present(title)' }]");
  lines[6] = "";
  EXPECT_EQ(told(Engine::load_text(joined(lines), "m.yaml")), "");
  lines[18] = "      title: 'required(code, \"a code is needed\")'";
  lines.pop_back();
  EXPECT_EQ(told(Engine::load_text(joined(lines), "m.yaml")), "");
}

TEST(Diagnostics, APathIsPrintedForACircle) {
  auto lines = base();
  lines[17] = "      lastName: 'out.title'";
  lines[18] = "      title: 'lookup(codes, code) ?? out.lastName'";
  EXPECT_EQ(
      printed(Engine::load_text(joined(lines), "m.yaml").diagnostics),
      "m.yaml:18:17 E-CYCLE these lines wait for each other: lastName -> title -> lastName\n");
}

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("muster-diagnostics-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  // What is told, with file names instead of paths.
  std::string told_of(const std::string& more) {
    auto lines = base();
    lines.push_back(more);
    write("m.yaml", joined(lines));
    std::string out;
    for (const auto& d : Engine::load_file(folder_ / "m.yaml").diagnostics)
      out += (out.empty() ? "" : "; ") + std::filesystem::path(d.file).filename().string() + ":" +
             std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.code;
    return out;
  }
  std::filesystem::path folder_;
};

TEST_F(Files, PlacesInIncludedFilesAreThoseOfThatFile) {
  write("a.yaml", "# \xC3\xBC\r\nfragments:\r\n  f: { params: { x: text }, expr: 'y' }\r\n");
  EXPECT_EQ(told_of("include: [a.yaml]"), "a.yaml:3:36 E-NAME");
  write("a.yaml", "sets: { s: { domains: [a.example] } }\n");
  EXPECT_EQ(told_of("include: [a.yaml]"), "");
}

TEST_F(Files, IncludesAreOneLevelDeepAndEachFileStandsOnce) {
  write("a.yaml", "include: [b.yaml]\n");
  write("b.yaml", "");
  EXPECT_EQ(told_of("include: [a.yaml]"), "a.yaml:1:10 E-KEY");
  EXPECT_EQ(told_of("include: [m.yaml]"), "m.yaml:25:11 E-CYCLE");
  EXPECT_EQ(told_of("include: [b.yaml, ./b.yaml]"), "m.yaml:25:19 E-DUP");
  EXPECT_EQ(told_of("include: [c.yaml]"), "m.yaml:25:11 E-FILE");
  EXPECT_EQ(told_of("include: [.]"), "m.yaml:25:11 E-FILE");
  write("a.yaml", "classify: {}\nmerge: {}\n");
  EXPECT_EQ(told_of("include: [a.yaml]"), "a.yaml:1:1 E-KEY; a.yaml:2:1 E-KEY");
  write("a.yaml", "tables: [\n");
  EXPECT_EQ(told_of("include: [a.yaml]").substr(0, 13), "a.yaml:1:9 E-");
}

// A table beside the one of the base, so that line 25 names a second one.
TEST_F(Files, TablesAreReadAsSpreadsheetsWriteThem) {
  struct Case {
    const char* story;
    std::string csv;
    const char* told;
  };
  const Case cases[] = {
      {"plain", "code,label\na,A\n", ""},
      {"byte order mark and Windows line ends",
       "\xEF\xBB\xBF"
       "code,label\r\na,A\r\n",
       ""},
      {"quotes and line breaks inside", "code,label\na,\"A, \"\"x\"\"\nB\"\nb,B\n", ""},
      {"no line end at the end", "code,label\na,A", ""},
      {"a key twice", "code,label\na,A\n\nb,B\na,C\n", "t.csv:5:0 E-DUP"},
      {"a key twice in another case", "code,label\na,A\nA,C\n", "t.csv:3:0 E-DUP"},
      {"a row with too much", "code,label\na,A,x\nb,B\nc\n",
       "t.csv:2:0 E-TABLE; t.csv:4:0 E-TABLE"},
      {"an open quote", "code,label\na,\"A\nb,B\n", "t.csv:2:0 E-TABLE"},
      {"an open quote in a row of several lines", "code,label\n\"a\n\nx\",\"A\n",
       "t.csv:4:0 E-TABLE"},
      {"text behind a closing quote", "code,label\na,\"A\"x\nb,B\n", "t.csv:2:0 E-TABLE"},
      {"a quote inside a cell", "code,label\na,5\" disk\n", ""},
      {"a header that cannot be read", "code,\"label\"x\na,A\n", "t.csv:1:0 E-TABLE"},
      {"an empty row", "code,label\n\na,A\n\n\n", ""},
      {"no key column", "cod,label\na,A\n", "m.yaml:8:39 E-TABLE"},
      {"no value column", "code,lable\na,A\n", "m.yaml:8:52 E-TABLE"},
      {"a column twice", "code,label,label\na,A,B\n", "t.csv:1:0 E-TABLE"},
      {"nothing", "", "t.csv:1:0 E-TABLE"},
      {"not UTF-8", "code,label\na,A\nb,M\xFCller\n", "t.csv:3:0 E-UTF8"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    write("t.csv", c.csv);
    auto lines = base();
    lines[6] =
        "tables: { codes: { inline: { a: A } },\n  t: { file: t.csv, match: fold, key: code, "
        "value: label } }";
    lines[18] = "      title: 'lookup(codes, code) ?? lookup(t, code)'";
    write("m.yaml", joined(lines));
    std::string out;
    for (const auto& d : Engine::load_file(folder_ / "m.yaml").diagnostics)
      out += (out.empty() ? "" : "; ") + std::filesystem::path(d.file).filename().string() + ":" +
             std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.code;
    EXPECT_EQ(out, c.told);
  }
}

}  // namespace
}  // namespace muster::mappings
