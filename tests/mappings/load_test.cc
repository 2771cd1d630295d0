// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <random>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

std::vector<std::string> good_lines() {
  return {
      "version: mapping/v1",                                           // 1
      "schema:",                                                       // 2
      "  profile: generic",                                            // 3
      "  attributes:",                                                 // 4
      "    title: text",                                               // 5
      "    phones: list<text>",                                        // 6
      "sources:",                                                      // 7
      "  hr:",                                                         // 8
      "    kind: csv",                                                 // 9
      "    records: { text: [id, mail, first, last, title, phone] }",  // 10
      "    key: id",                                                   // 11
      "    map:",                                                      // 12
      "      email: 'mail | email'",                                   // 13
      "      firstName: 'first'",                                      // 14
      "      lastName: 'last'",                                        // 15
      "      title: 'title'",                                          // 16
      "username:",                                                     // 17
      "  patterns: ['{firstName}.{lastName}']",                        // 18
      "classify:",                                                     // 19
      "  otherwise: { id: unknown, class: external }",                 // 20
  };
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

TEST(Load, TheGoodFileIsGood) {
  auto loaded = Engine::load_text(text_of(good_lines()), "m.yaml");
  EXPECT_EQ(printed(loaded.diagnostics), "");
  EXPECT_NE(loaded.engine, nullptr);
}

struct Broken {
  const char* story;
  std::size_t line;  // replaced; beyond the end: appended
  const char* text;
  const char* diagnostic;  // the beginning of the first one
};

const Broken broken[] = {
    {"no version", 1, "", "m.yaml:2:1 E-VERSION the file needs"},
    {"a version of the future", 1, "version: mapping/v9", "m.yaml:1:10 E-VERSION"},
    {"an unknown section", 21, "clasify: {}",
     "m.yaml:21:1 E-KEY unknown key 'clasify' in the mapping file; did you mean 'classify'?"},
    {"a section twice", 21, "username: {}", "m.yaml:21:1 E-DUP"},
    {"a release of what is not unique", 3, "  release: { title: never }",
     "m.yaml:3:14 E-VALUE 'title' is not unique"},
    {"a release of user names", 3, "  release: { userName: on_leave }",
     "m.yaml:3:14 E-VALUE a user name is never given to anybody else"},
    {"a release that nobody knows", 3, "  release: { emial: never }",
     "m.yaml:3:14 E-NAME unknown attribute 'emial'; did you mean 'email'?"},
    {"a release at no time", 3, "  release: { email: after some time }",
     "m.yaml:3:21 E-VALUE 'after some time' is not what schema.release.email may be: on_leave, "
     "never, or a time such as 'after 90d'"},
    {"an unknown profile", 3, "  profile: meds",
     "m.yaml:3:12 E-VALUE schema.profile cannot be 'meds': one of meeds, generic; did you mean "
     "'meeds'?"},
    {"an unknown type", 5, "    title: txt", "m.yaml:5:12 E-TYPE unknown type 'txt'"},
    {"an attribute of the profile again", 5, "    email: text", "m.yaml:5:5 E-DUP"},
    {"a misspelt target", 16, "      titel: 'title'",
     "m.yaml:16:7 E-NAME unknown attribute 'titel' of the identity; did you mean 'title'?"},
    {"a target that has a stage of its own", 16, "      userName: 'title'",
     "m.yaml:16:7 E-NAME 'userName' cannot be mapped"},
    {"a misspelt source attribute", 16, "      title: 'titel'", "m.yaml:16:15 E-NAME"},
    {"an error inside an expression", 16, "      title: 'trim(title) | lowr'",
     "m.yaml:16:29 E-NAME"},
    {"a list where one is wanted", 16, "      title: '[first, last]'", "m.yaml:16:"},
    {"a line that waits for itself", 16, "      title: 'out.title'",
     "m.yaml:16:14 E-CYCLE these lines wait for each other: title -> title"},
    {"an unknown setting of a line", 16, "      title: { expr: 'title', on_eror: keep }",
     "m.yaml:16:31 E-KEY unknown key 'on_eror' in sources.hr.map.title; did you mean 'on_error'?"},
    {"an unknown policy", 16, "      title: { expr: 'title', on_error: skip }",
     "m.yaml:16:41 E-VALUE"},
    {"a kind that does not exist", 9, "    kind: csvv",
     "m.yaml:9:11 E-VALUE sources.hr.kind cannot be 'csvv'"},
    {"a source without key", 11, "", "m.yaml:9:5 E-MISSING sources.hr needs 'key'"},
    {"records of an unknown type", 10, "    records: { string: [id] }", "m.yaml:10:16 E-KEY"},
    {"a pattern with an unknown attribute", 18, "  patterns: ['{firstNam}.{lastName}']",
     "m.yaml:18:16 E-NAME"},
    {"a pattern that is never closed", 18, "  patterns: ['{firstName']", "m.yaml:18:"},
    {"a pattern that reads what comes later", 18, "  patterns: ['{userName}']",
     "m.yaml:18:14 E-CYCLE"},
    {"no patterns", 18, "  when: create", "m.yaml:18:3 E-MISSING username needs 'patterns'"},
    {"classify without otherwise", 20, "  sets: external",
     "m.yaml:20:3 E-MISSING classify needs 'otherwise'"},
    {"a class that does not exist", 20, "  otherwise: { id: unknown, class: extern }",
     "m.yaml:20:36 E-VALUE"},
    {"a rule that reads its own result", 20,
     "  rules: [{ id: a, class: external, when: 'external' }]\n  otherwise: { id: b, class: "
     "external }",
     "m.yaml:20:43 E-CYCLE"},
    {"an id twice", 20,
     "  rules: [{ id: a, class: external, when: 'true' }, { id: a, class: external, when: 'true' "
     "}]\n  otherwise: { id: b, class: external }",
     "m.yaml:20:59 E-DUP"},
    {"a condition that may be none", 21, "validate: [{ id: c, check: 'title' }]",
     "m.yaml:21:29 E-"},
    {"an authority that nobody has", 21, "merge: { attributes: { title: { authority: [hrr] } } }",
     "m.yaml:21:45 E-NAME unknown tag 'hrr'; did you mean 'hr'?"},
    {"merging what no source gives", 21, "merge: { attributes: { external: { absent: clear } } }",
     "m.yaml:21:24 E-NAME"},
    {"uniting a single value", 21, "merge: { attributes: { title: { combine: union } } }",
     "m.yaml:21:42 E-TYPE"},
    {"holding for no time", 21, "merge: { attributes: { title: { absent: hold then next } } }",
     "m.yaml:21:41 E-VALUE"},
    {"a tier on an unknown attribute", 21, "correlate: { tiers: [{ id: t, match: [emial] }] }",
     "m.yaml:21:39 E-NAME unknown attribute 'emial' of the identity; did you mean 'email'?"},
    {"a tier for an unknown source", 21,
     "correlate: { tiers: [{ id: t, match: [email], only: [hs] }] }",
     "m.yaml:21:54 E-NAME unknown source 'hs'; did you mean 'hr'?"},
    {"a tier on a raw attribute that does not exist", 21,
     "correlate: { tiers: [{ id: t, match: { userName: uid } }] }", "m.yaml:21:50 E-NAME"},
    {"groups without managed prefixes", 21, "groups: { rules: [{ id: g, to: '\"/x/y\"' }] }",
     "m.yaml:21:9 E-MISSING groups needs 'managed'"},
    {"a group outside the managed prefixes", 21,
     "groups: { managed: ['/x/'], rules: [{ id: g, to: '\"/y/z\"' }] }",
     "m.yaml:21:50 E-VALUE '/y/z'"},
    {"a group path that climbs", 21,
     "groups: { managed: ['/x/'], rules: [{ id: g, to: '\"/x/../y\"' }] }",
     "m.yaml:21:50 E-VALUE '/x/../y'"},
    {"a group path with an empty part", 21,
     "groups: { managed: ['/x/'], rules: [{ id: g, to: '\"/x//y\"' }] }",
     "m.yaml:21:50 E-VALUE '/x//y'"},
    {"a group path without an end", 21,
     "groups: { managed: ['/x/'], rules: [{ id: g, to: '\"/x/y/\"' }] }",
     "m.yaml:21:50 E-VALUE '/x/y/'"},
    {"a group path that needs slug", 21,
     "groups: { managed: ['/x/'], rules: [{ id: g, to: '\"/x/R & D\"' }] }",
     "m.yaml:21:50 E-VALUE '/x/R & D'"},
    {"a bad domain", 21, "sets: { own: { domains: [\"a b.example\"] } }", "m.yaml:21:26 E-DOMAIN"},
    {"a bad DN", 21, "sets: { units: { dns: [staff] } }", "m.yaml:21:24 E-DN"},
    {"a table file that is not there", 21, "tables: { t: { file: nowhere.csv, key: a } }",
     "m.yaml:21:22 E-FILE"},
    {"an included file that is not there", 21, "include: [nowhere.yaml]", "m.yaml:21:11 E-FILE"},
    {"a grace that is no duration", 21, "lifecycle: { absent: { grace: soon } }",
     "m.yaml:21:31 E-VALUE"},
    {"a guard that is no share", 21, "lifecycle: { guard: { max_deactivate: 5 } }",
     "m.yaml:21:39 E-VALUE"},
    {"a test without expectation", 21, "tests: [{ name: t, given: { hr: { id: '1' } } }]",
     "m.yaml:21:9 E-MISSING"},
    {"a test of an unknown source", 21,
     "tests: [{ name: t, given: { hrr: { id: '1' } }, expect: {} }]",
     "m.yaml:21:29 E-NAME unknown source 'hrr'; did you mean 'hr'?"},
    {"a test of an unknown attribute", 21,
     "tests: [{ name: t, given: { hr: { idd: '1' } }, expect: {} }]",
     "m.yaml:21:35 E-NAME unknown attribute 'idd' in source hr; did you mean 'id'?"},
    {"a test that fails", 21,
     "tests: [{ name: t, given: { hr: { id: '1', first: Ann, last: Lee } }, expect: { userName: "
     "ann.li } }]",
     "m.yaml:21:91 E-TEST test 't': userName is 'ann.lee', expected 'ann.li' "
     "(username.patterns[0])"},
    {"a test with the wrong reason", 21,
     "tests: [{ name: t, given: { hr: { id: '1', first: Ann, last: Lee } }, expect: {}, because: { "
     "external: vip } }]",
     "m.yaml:21:104 E-TEST test 't': external was decided by 'unknown', expected 'vip'"},
    {"an unknown alias", 16, "      title: *what", "m.yaml:"},
    {"no mapping at all", 1, "- a\n- b\n---", "m.yaml:"},
};

TEST(Load, SaysWhereAndWhatIsWrong) {
  for (const auto& c : broken) {
    SCOPED_TRACE(c.story);
    auto lines = good_lines();
    if (c.line > lines.size()) lines.emplace_back();
    lines[c.line - 1] = c.text;
    auto loaded = Engine::load_text(text_of(lines), "m.yaml");
    EXPECT_EQ(loaded.engine, nullptr);
    ASSERT_FALSE(loaded.diagnostics.empty());
    bool found = false;
    for (const auto& diagnostic : loaded.diagnostics)
      found = found || describe(diagnostic).starts_with(c.diagnostic);
    EXPECT_TRUE(found) << "expected " << c.diagnostic << "\n" << printed(loaded.diagnostics);
  }
}

TEST(Load, ShowsEverythingThatIsWrongAtOnceInTheOrderOfTheFile) {
  auto lines = good_lines();
  lines[4] = "    title: txt";
  lines[13] = "      firstName: 'fist'";
  lines[19] = "  sets: external";
  auto loaded = Engine::load_text(text_of(lines), "m.yaml");
  std::vector<int> found;
  for (const auto& diagnostic : loaded.diagnostics) found.push_back(diagnostic.line);
  EXPECT_EQ(found, (std::vector<int>{5, 14, 20})) << printed(loaded.diagnostics);
}

TEST(Load, PrintsThePathOfACircle) {
  auto lines = good_lines();
  lines[13] = "      firstName: 'first ?? out.lastName'";
  lines[14] = "      lastName: 'out.title'";
  lines[15] = "      title: 'upper(out.firstName)'";
  auto loaded = Engine::load_text(text_of(lines), "m.yaml");
  EXPECT_EQ(printed(loaded.diagnostics),
            "m.yaml:14:18 E-CYCLE these lines wait for each other: firstName -> lastName -> title "
            "-> firstName\n");
}

const Broken warned[] = {
    {"a line that cannot speak", 21, "merge: { attributes: { title: { authority: [] } } }",
     "m.yaml:16:7 W-MUTE"},
    {"a fragment that nobody calls", 21,
     "fragments: { f: { params: { x: text }, expr: 'trim(x)' } }",
     "m.yaml:21:14 W-UNUSED fragments.f"},
    {"a set that nobody reads", 21, "sets: { own: { domains: [a.example] } }",
     "m.yaml:21:9 W-UNUSED sets.own"},
    {"a table under the name of an attribute", 21, "tables: { title: { inline: { a: b } } }",
     "m.yaml:21:11 W-SHADOW"},
    {"a required attribute that nobody maps", 5,
     "    title: { type: text, required: true }\n    extra: { type: text, required: true }",
     "m.yaml:9:3 W-REQ no source maps 'extra'"},
    {"a rule behind one that always holds", 20,
     "  rules:\n    - { id: a, class: external, when: 'true' }\n    - { id: b, class: external, "
     "when: 'present(title)' }\n  otherwise: { id: c, class: external }",
     "m.yaml:22:7 W-UNREACH"},
};

TEST(Load, WarnsAboutWhatHasNoEffect) {
  for (const auto& c : warned) {
    SCOPED_TRACE(c.story);
    auto lines = good_lines();
    if (c.line > lines.size()) lines.emplace_back();
    lines[c.line - 1] = c.text;
    auto loaded = Engine::load_text(text_of(lines), "m.yaml");
    EXPECT_NE(loaded.engine, nullptr) << printed(loaded.diagnostics);
    EXPECT_NE(printed(loaded.diagnostics).find(c.diagnostic), std::string::npos)
        << printed(loaded.diagnostics);
  }
}

// A damaged file is refused or understood; it never brings the program down.
TEST(Load, SurvivesWhateverIsWritten) {
  std::ifstream in(std::string(MUSTER_SOURCE_DIR) + "/etc/examples/acme-mapping.yaml");
  const std::string good((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(good.empty());
  const std::string pieces[] = {"{",  "}",    "[", "]", "'", "\"", ":",   " ",
                                "\n", "null", "x", "|", "#", "~",  "none"};
  std::mt19937 random(11);
  int refused = 0;
  for (int round = 0; round < 100; ++round) {
    auto text = good;
    for (int i = 0; i < 3; ++i) {
      auto place = random() % text.size();
      text.replace(place, random() % 20, pieces[random() % std::size(pieces)]);
    }
    auto loaded = Engine::load_text(text, "m.yaml");
    EXPECT_EQ(loaded.engine == nullptr, has_errors(loaded.diagnostics));
    for (const auto& diagnostic : loaded.diagnostics) EXPECT_FALSE(diagnostic.message.empty());
    refused += loaded.engine ? 0 : 1;
  }
  EXPECT_GT(refused, 60);
}

TEST(Load, TestsCanBeLeftOut) {
  auto lines = good_lines();
  lines.emplace_back("tests: [{ name: t, given: { hr: { id: '1' } }, expect: { userName: x } }]");
  LoadOptions options;
  options.run_tests = false;
  EXPECT_NE(Engine::load_text(text_of(lines), "m.yaml", options).engine, nullptr);
  EXPECT_EQ(Engine::load_text(text_of(lines), "m.yaml").engine, nullptr);
}

TEST(Load, AFileThatIsNotThere) {
  auto loaded = Engine::load_file("/nowhere/m.yaml");
  EXPECT_EQ(printed(loaded.diagnostics),
            "/nowhere/m.yaml E-FILE the mapping file cannot be read\n");
}

class Included : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("muster-include-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  Loaded load(const std::string& more) {
    auto lines = good_lines();
    lines[15] = "      title: 'lookup(titles, clean(title))'";
    write("m.yaml", text_of(lines) + more);
    return Engine::load_file(folder_ / "m.yaml");
  }

  std::filesystem::path folder_;
};

TEST_F(Included, FragmentsAndTablesComeFromOtherFiles) {
  write("common.yaml",
        "fragments: { clean: { params: { x: text }, expr: 'x | trim' } }\n"
        "tables: { titles: { file: titles.csv, key: short } }\n");
  write("titles.csv", "short,long\ndr,\"Doctor, really\"\n");
  auto loaded = load("include: [common.yaml]\n");
  ASSERT_NE(loaded.engine, nullptr) << printed(loaded.diagnostics);
  auto mapped = map_of(*loaded.engine, "hr", R"({"id": "1", "title": " dr "})");
  EXPECT_EQ(shown(mapped.contribution), R"(title="Doctor, really")");
}

TEST_F(Included, ATableIsPartOfTheFingerprint) {
  write("common.yaml", "fragments: { clean: { params: { x: text }, expr: 'x | trim' } }\n");
  const char* more =
      "include: [common.yaml]\ntables: { titles: { file: titles.csv, key: short } }\n";
  write("titles.csv", "short,long\ndr,Doctor\n");
  auto first = load(more);
  auto same = load(more);
  write("titles.csv", "short,long\ndr,Doktor\n");
  auto other = load(more);
  ASSERT_TRUE(first.engine && same.engine && other.engine) << printed(first.diagnostics);
  EXPECT_EQ(first.engine->fingerprint(at(noon)), same.engine->fingerprint(at(noon)));
  EXPECT_NE(first.engine->fingerprint(at(noon)), other.engine->fingerprint(at(noon)));
}

TEST_F(Included, RulesStayInOneFile) {
  write("common.yaml", "classify: { otherwise: { id: x, class: internal } }\n");
  auto loaded = load("include: [common.yaml]\n");
  EXPECT_NE(printed(loaded.diagnostics)
                .find("common.yaml:1:1 E-KEY unknown key 'classify' in an included file"),
            std::string::npos)
      << printed(loaded.diagnostics);
}

TEST_F(Included, ABrokenTableSaysTheLine) {
  write("common.yaml",
        "fragments: { clean: { params: { x: text }, expr: 'x | trim' } }\n"
        "tables: { titles: { file: titles.csv, key: short } }\n");
  write("titles.csv", "short,long\ndr,Doctor,more\n");
  auto loaded = load("include: [common.yaml]\n");
  EXPECT_NE(printed(loaded.diagnostics)
                .find("titles.csv:2 E-TABLE this row has 3 columns, the header has 2"),
            std::string::npos)
      << printed(loaded.diagnostics);
}

TEST(Load, AnotherDayIsAnotherFingerprintOnlyWhenRulesReadTheClock) {
  auto still = engine_of(text_of(good_lines()));
  auto lines = good_lines();
  lines.emplace_back("lifecycle: { expired: { when: '\"2026-01-01\" < text(run_date)' } }");
  auto moving = engine_of(text_of(lines));
  EXPECT_EQ(still->fingerprint(at("2026-11-22T00:00:00Z")),
            still->fingerprint(at("2026-11-23T00:00:00Z")));
  EXPECT_NE(moving->fingerprint(at("2026-11-22T00:00:00Z")),
            moving->fingerprint(at("2026-11-23T00:00:00Z")));
  EXPECT_EQ(moving->fingerprint(at("2026-11-22T00:00:00Z")),
            moving->fingerprint(at("2026-11-22T23:00:00Z")));
}

}  // namespace
}  // namespace muster::mappings
