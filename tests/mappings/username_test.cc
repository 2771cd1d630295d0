// SPDX-License-Identifier: Apache-2.0
#include <random>

#include "mappings/stages.h"
#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

std::string file_with(const std::string& username, const std::string& profile = "meeds") {
  return "version: mapping/v1\nschema:\n  profile: " + profile + R"(
  limits: { firstName: { min: 1, required: false }, lastName: { min: 1, required: false }, email: { required: false } }
  attributes: { locale: text, employeeId: text, nick: text }
sources:
  hr:
    kind: csv
    records: { text: [id, first, last, mail, locale, no, nick] }
    key: id
    map: { firstName: first, lastName: last, email: 'mail | email', locale: locale, employeeId: no, nick: nick }
classify: { otherwise: { id: rest, class: external } }
username:
)" + username;
}

constexpr const char* usual = R"(
  transliterate: { latin: strip, cyrillic: icao, greek: elot743, other: refuse, by: { locale: { de: german, uk: ukr2010 } } }
  patterns: ['{firstName}.{lastName}', '{lastName}', '{email | before("@")}', 'u{employeeId}']
  reserved: [admin, Root]
  collision: { counter: 2, max: 4 }
)";

struct Story {
  const char* story;
  const char* record;
  std::set<std::string, std::less<>> taken;
  const char* name;  // empty: quarantined
  const char* rule;
};

const Story stories[] = {
    {"first and last", R"({"first": "Ann", "last": "Lee"})", {}, "ann.lee", "username.patterns[0]"},
    {"marks are dropped",
     R"({"first": "Zoë", "last": "Ångström"})",
     {},
     "zoe.angstrom",
     "username.patterns[0]"},
    {"by locale",
     R"({"first": "Jörg", "last": "Groß", "locale": "de-CH"})",
     {},
     "joerg.gross",
     "username.patterns[0]"},
    {"Cyrillic",
     R"({"first": "Иван", "last": "Щербаков"})",
     {},
     "ivan.shcherbakov",
     "username.patterns[0]"},
    {"Ukrainian",
     R"({"first": "Сергій", "last": "Їжакевич", "locale": "uk"})",
     {},
     "serhii.yizhakevych",
     "username.patterns[0]"},
    {"Greek",
     R"({"first": "Ευάγγελος", "last": "Γκίκας"})",
     {},
     "evangelos.gkikas",
     "username.patterns[0]"},
    {"blanks and apostrophes go, hyphens stay single",
     R"({"first": "Anna Maria", "last": "O'Neil--Smith-"})",
     {},
     "annamaria.oneil-smith",
     "username.patterns[0]"},
    {"a part is none: the next pattern", R"({"last": "Lee"})", {}, "lee", "username.patterns[1]"},
    {"a script without scheme is refused, not guessed",
     R"({"first": "太郎", "last": "田中", "mail": "taro.tanaka@x.example"})",
     {},
     "taro.tanaka",
     "username.patterns[2]"},
    {"an address is cut at the plus",
     R"({"mail": "Ab-C+list@x.example"})",
     {},
     "ab-c",
     "username.patterns[2]"},
    {"an address keeps single dots",
     R"({"mail": "A.b-C@x.example"})",
     {},
     "a.b-c",
     "username.patterns[2]"},
    {"too short for the profile",
     R"({"last": "Wu", "no": "77"})",
     {},
     "u77",
     "username.patterns[3]"},
    {"a reserved name is skipped without a counter",
     R"({"last": "Admin", "no": "77"})",
     {},
     "u77",
     "username.patterns[3]"},
    {"reserved names fold", R"({"last": "ROOT", "no": "77"})", {}, "u77", "username.patterns[3]"},
    {"taken: the lowest free counter",
     R"({"first": "Ann", "last": "Lee"})",
     {"ann.lee", "ann.lee2"},
     "ann.lee3",
     "username.patterns[0] + counter 3"},
    {"all counters taken: the next pattern",
     R"({"first": "Ann", "last": "Lee"})",
     {"ann.lee", "ann.lee2", "ann.lee3", "ann.lee4"},
     "lee",
     "username.patterns[1]"},
    {"nothing to make a name of", R"({})", {}, "", ""},
};

TEST(UserName, IsMadeByTheFirstPatternThatGivesAFreeValidName) {
  auto engine = engine_of(file_with(usual));
  ASSERT_NE(engine, nullptr);
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    auto told = told_of(*engine, "hr", "1", c.record);
    KnownPeople held;
    held.taken = c.taken;
    auto settled = engine->settle({&told, 1}, nullptr, held, at(noon));
    ASSERT_TRUE(settled.has_value());
    EXPECT_EQ(settled->identity.user_name, c.name);
    EXPECT_EQ(settled->quarantined, std::string(c.name).empty()) << settled->reason;
    const auto* attribute = settled->identity.find("userName");
    ASSERT_EQ(attribute == nullptr, std::string(c.name).empty());
    if (attribute) {
      EXPECT_EQ(attribute->rule, c.rule);
    }
  }
}

std::string name_of(const std::string& username, const char* record,
                    std::set<std::string, std::less<>> taken = {}) {
  auto engine = engine_of(file_with(username));
  if (!engine) return "no engine";
  auto told = told_of(*engine, "hr", "1", record);
  KnownPeople held;
  held.taken = std::move(taken);
  return engine->settle({&told, 1}, nullptr, held, at(noon))->identity.user_name;
}

TEST(UserName, AReservedNameIsNotReachedByACounterEither) {
  EXPECT_EQ(name_of("  patterns: ['{firstName}']\n  reserved: [Anna2]\n", R"({"first": "Anna"})",
                    {"anna"}),
            "anna3");
}

TEST(UserName, WhatStandsBetweenTheHolesIsPartOfTheName) {
  const char* ann = R"({"first": "Ann", "last": "Lee"})";
  EXPECT_EQ(name_of("  patterns: ['EXT-{lastName}']\n", ann), "ext-lee");
  EXPECT_EQ(name_of("  patterns: ['{firstName}_at_{lastName}']\n", ann), "ann_at_lee");
  EXPECT_EQ(name_of("  patterns: ['{firstName}.{locale?}.{lastName}']\n", ann), "ann.lee");
  EXPECT_EQ(name_of("  patterns: ['{locale?}.{lastName}']\n", ann), "lee");
  EXPECT_EQ(name_of("  patterns: ['{lastName}.{locale?}']\n", ann), "lee");
}

TEST(UserName, APatternThatNoNameCanFollowIsAnErrorOfTheFile) {
  for (const char* username :
       {"['{firstName} {lastName}']", "['Ü{firstName}']", "['{firstName}..{lastName}']",
        "['.{firstName}']", "['{firstName}-']"}) {
    const auto loaded =
        Engine::load_text(file_with(std::string("  patterns: ") + username + "\n"), "m.yaml");
    ASSERT_EQ(loaded.diagnostics.size(), 1u) << username;
    EXPECT_EQ(loaded.diagnostics[0].code, "E-VALUE") << loaded.diagnostics[0].message;
  }
  const auto short_one =
      Engine::load_text(file_with("  patterns: ['{firstName}']\n  max_length: 2\n"), "m.yaml");
  ASSERT_EQ(short_one.diagnostics.size(), 1u);
  EXPECT_NE(short_one.diagnostics[0].message.find("at least 3"), std::string::npos);
}

TEST(UserName, ARefusalSaysWhatWasTried) {
  auto engine = engine_of(file_with(usual));
  ASSERT_NE(engine, nullptr);
  auto told = told_of(*engine, "hr", "1", R"({"last": "Wu"})");
  KnownPeople held;
  auto settled = engine->settle({&told, 1}, nullptr, held, at(noon));
  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->reason,
            "no user name could be made: username.patterns[0] {firstName} is none; "
            "username.patterns[1] is shorter than 3 characters; username.patterns[2] {email | "
            "before(\"@\")} is none; username.patterns[3] {employeeId} is none; correct the "
            "attributes at their source, or add a pattern to username.patterns");
}

TEST(UserName, StaysWhateverHappensToTheNames) {
  auto engine = engine_of(file_with(usual));
  ASSERT_NE(engine, nullptr);
  KnownPeople held;
  auto told = told_of(*engine, "hr", "1", R"({"first": "Ann", "last": "Lee"})");
  auto before = engine->settle({&told, 1}, nullptr, held, at(noon)).value().identity;
  held.taken = {"ann.lee"};
  told = told_of(*engine, "hr", "1", R"({"first": "Ann", "last": "Smith"})");
  auto after = engine->settle({&told, 1}, &before, held, at(noon)).value().identity;
  EXPECT_EQ(after.user_name, "ann.lee");
  EXPECT_EQ(*after.find("userName"), *before.find("userName"));
  EXPECT_EQ(shown(after, "lastName"), "\"Smith\"");
}

TEST(UserName, IsCutSoThatTheCounterFits) {
  auto engine = engine_of(file_with("  patterns: ['{firstName}.{lastName}']\n  max_length: 8\n"));
  ASSERT_NE(engine, nullptr);
  auto told = told_of(*engine, "hr", "1", R"({"first": "Annabel", "last": "Lee"})");
  KnownPeople held;
  EXPECT_EQ(engine->settle({&told, 1}, nullptr, held, at(noon)).value().identity.user_name,
            "annabel");
  held.taken = {"annabel"};
  EXPECT_EQ(engine->settle({&told, 1}, nullptr, held, at(noon)).value().identity.user_name,
            "annabel2");
}

TEST(UserName, ATakenOverNameIsUsedAsItIsOrNotAtAll) {
  auto engine = engine_of(file_with("  patterns: [{ take: nick }, '{lastName}']\n"));
  ASSERT_NE(engine, nullptr);
  struct {
    const char* nick;
    const char* name;
  } const cases[] = {{"Ann.Lee@x.example", "ann.lee@x.example"},
                     {"ann lee", "lee"},
                     {"taken", "lee"},
                     {"a..b", "lee"}};
  KnownPeople held;
  held.taken = {"taken"};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.nick);
    auto told =
        told_of(*engine, "hr", "1", std::string(R"({"last": "Lee", "nick": ")") + c.nick + "\"}");
    EXPECT_EQ(engine->settle({&told, 1}, nullptr, held, at(noon)).value().identity.user_name,
              c.name);
  }
}

TEST(UserName, APartOfAPartIsThePart) {
  Schemes schemes;
  schemes.cyrillic = Scheme::icao;
  schemes.greek = Scheme::elot743;
  for (const char* text : {"Ann", "Jörg", "O'Neil--Smith-", "Иван", "Γκίκας", "A.b-C+list",
                           "..a..b..", "-", "ß", "Đặng", "ᴮᴵᴳ"}) {
    for (bool mail : {false, true}) {
      SCOPED_TRACE(text);
      auto once = user_name_part(text, schemes, mail);
      ASSERT_TRUE(once.has_value());
      EXPECT_EQ(user_name_part(*once, schemes, mail), once);
    }
  }
}

TEST(UserName, APartOfAPartIsThePartWhateverTheText) {
  Schemes schemes;
  for (const auto& name : scheme_names("")) schemes.use(*parse_scheme(name));
  const char* const pieces[] = {"Ann",  "jörg", "Щ",    "Їж",        "ευ", "γκ", "თბ", "김",
                                "っか", "ー",   "王",   "-",         ".",  "+",  "@",  " ",
                                "'",    "ß",    "٣",    "\xC2\xAD",  "_",  "7",  "é",  "ﬁ",
                                "Ⅷ",    "’",    "🙂", "a\xCC\x88", "م"};
  std::mt19937 random(7);
  int made = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto left = 1 + random() % 6; left > 0; --left)
      text += pieces[random() % std::size(pieces)];
    SCOPED_TRACE(text);
    for (bool mail : {false, true}) {
      const auto once = user_name_part(text, schemes, mail);
      if (!once) continue;
      ++made;
      ASSERT_EQ(user_name_part(*once, schemes, mail), once);
    }
  }
  EXPECT_GT(made, 1000);
}

TEST(UserName, FollowsTheSchemesOfTheScriptsAndOfTheLocale) {
  auto engine = engine_of(file_with(R"(
  transliterate: { latin: icao, cyrillic: bul2009, georgian: 2002, hangul: rr, kana: hepburn, han: pinyin_names, other: refuse,
                   by: { locale: { de: german, nl: { latin: strip }, ru: { cyrillic: icao } } } }
  patterns: ['{firstName}.{lastName}', 'u{employeeId}']
)"));
  ASSERT_NE(engine, nullptr);
  struct {
    const char* first;
    const char* last;
    const char* locale;
    const char* name;
  } const cases[] = {
      {"Søren", "Åberg", "da", "soeren.aaberg"},
      {"Søren", "Åberg", "de-AT", "soren.aberg"},
      {"Søren", "Åberg", "nl", "soren.aberg"},
      {"Щеряна", "Кънчева", "bg", "shteryana.kancheva"},
      {"Юлия", "Щукина", "ru", "iuliia.shchukina"},
      {"Шота", "Åberg", "ru", "shota.aaberg"},
      {"აკაკი", "წერეთელი", "ka", "akaki.tsereteli"},
      {"민준", "김", "ko", "minjun.gim"},
      {"たろう", "たなか", "ja", "taro.tanaka"},
      {"伟", "单", "zh", "wei.shan"},
      {"محمد", "علي", "ar", "u77"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    auto told = told_of(*engine, "hr", "1",
                        std::string(R"({"no": "77", "first": ")") + c.first + R"(", "last": ")" +
                            c.last + R"(", "locale": ")" + c.locale + "\"}");
    KnownPeople held;
    EXPECT_EQ(engine->settle({&told, 1}, nullptr, held, at(noon)).value().identity.user_name,
              c.name);
  }
}

TEST(UserName, ASchemeForAnotherScriptIsAnErrorOfTheFile) {
  struct {
    const char* transliterate;
    const char* says;
  } const cases[] = {
      {"{ cyrillic: german }",
       "scheme 'german' is not for cyrillic; there is: icao, ukr2010, bul2009"},
      {"{ latin: germna }", "unknown scheme 'germna'; did you mean 'german'?"},
      {"{ hangul: 2002 }", "scheme '2002' is not for hangul; there is: rr"},
      {"{ by: { locale: { ko: { hangul: hepburn } } } }", "scheme 'hepburn' is not for hangul"},
      {"{ by: { locale: { ko: hangul } } }", "unknown scheme 'hangul'"},
      {"{ arabic: strip }", "unknown key 'arabic'"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.transliterate);
    auto loaded = Engine::load_text(file_with(std::string("  transliterate: ") + c.transliterate +
                                              "\n  patterns: ['{lastName}']\n"),
                                    "m.yaml");
    EXPECT_EQ(loaded.engine, nullptr);
    EXPECT_NE(printed(loaded.diagnostics).find(c.says), std::string::npos)
        << printed(loaded.diagnostics);
  }
}

TEST(UserName, SaysWhoHoldsTheNamesThatWereTaken) {
  auto engine =
      engine_of(file_with("  patterns: ['{lastName}']\n  collision: { counter: 2, max: 2 }\n"));
  ASSERT_NE(engine, nullptr);
  auto told = told_of(*engine, "hr", "1", R"({"last": "Lee"})");
  KnownPeople held;
  held.taken = {"lee", "lee2"};
  auto settled = engine->settle({&told, 1}, nullptr, held, at(noon));
  ASSERT_TRUE(settled.has_value());
  EXPECT_NE(settled->reason.find("username.patterns[0] is taken (user lee, active); "
                                 "username.patterns[0] + counter 2 is taken (user lee2, active)"),
            std::string::npos)
      << settled->reason;
}

}  // namespace
}  // namespace muster::mappings
