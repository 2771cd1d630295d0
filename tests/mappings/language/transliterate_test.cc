// SPDX-License-Identifier: Apache-2.0
// The test words that the standards give, and what no standard may do.
#include "mappings/language/transliterate.h"

#include <gtest/gtest.h>

#include "core/text.h"

namespace muster::mappings {
namespace {

struct Word {
  const char* written;
  const char* ascii;  // nullptr: refused
};

void expect(Scheme scheme, std::initializer_list<Word> words) {
  for (const auto& [written, ascii] : words) {
    const auto got = transliterate(written, scheme);
    EXPECT_EQ(got.value_or("(refused)"), ascii == nullptr ? "(refused)" : ascii) << written;
  }
}

TEST(Transliteration, StripTakesMarksAwayAsCldrDoes) {
  expect(Scheme::strip, {{"Jürgen Groß", "Jurgen Gross"},
                         {"Łukasz Żółć", "Lukasz Zolc"},
                         {"Åse Ærø", "Ase Aero"},
                         {"Þór Đorđe", "Thor Dorde"},
                         {"Iğdır Şükrü", "Igdir Sukru"},
                         {"Nguyễn Thị Ánh", "Nguyen Thi Anh"},
                         {"Əli", "Eli"},
                         {"Dvořák Šimková", "Dvorak Simkova"},
                         {"Æther Œuvre", "Aether Oeuvre"},
                         {"Ǿdegård", "Odegard"},
                         {"İstanbul", "Istanbul"},
                         {"Siôn ŵyn", "Sion wyn"},
                         {"Ħal Għaxaq", "Hal Ghaxaq"},
                         {"Ţepeş Țepeș", "Tepes Tepes"},
                         {"Ñuñez Peñà", "Nunez Pena"},
                         {"Ŀ ĳ Ĳ", "L ij IJ"},
                         {"ﬁ Ⅷ ① Ａｎｎａ", "fi VIII 1 Anna"},
                         {"STRAẞE", "STRASSE"}});
}

TEST(Transliteration, GermanWritesUmlautsWithAnE) {
  expect(Scheme::german, {{"Jürgen Groß", "Juergen Gross"},
                          {"ÄRGER Öl", "AERGER Oel"},
                          {"Ümit", "Uemit"},
                          {"Käthe Köln Füßen", "Kaethe Koeln Fuessen"},
                          {"Jörg Weiß", "Joerg Weiss"},
                          {"ÖZDEMİR", "OEZDEMIR"},
                          {"Ǖ", "Ue"},
                          {"Møller Åse", "Moller Ase"},
                          {"Ju\xCC\x88rgen", "Juergen"},
                          {"René", "Rene"}});
}

// Doc 9303 part 3, section 6.A: the first of the recommended forms.
TEST(Transliteration, IcaoLatinFollowsDoc9303) {
  expect(Scheme::icao, {{"ÄX", "AEX"},
                        {"ÖX", "OEX"},
                        {"ÜX", "UEX"},
                        {"ÅX", "AAX"},
                        {"ØX", "OEX"},
                        {"ÑX", "NX"},
                        {"ẞX", "SSX"},
                        {"ß", "ss"},
                        {"ÞX", "THX"},
                        {"ƏX", "EX"},
                        {"ÆX", "AEX"},
                        {"ŒX", "OEX"},
                        {"ÐX", "DX"},
                        {"ĐX", "DX"},
                        {"ĦX", "HX"},
                        {"ı", "i"},
                        {"İX", "IX"},
                        {"ĲX", "IJX"},
                        {"ŁX", "LX"},
                        {"ŊX", "NX"},
                        {"ŦX", "TX"},
                        {"ČX", "CX"},
                        {"ŐX", "OX"},
                        {"ŰX", "UX"},
                        {"ĸ", "q"},
                        {"ŸX", "YX"},
                        {"ǺX", "AAX"},
                        {"ǾX", "OEX"},
                        {"Søren Åse", "Soeren Aase"},
                        {"MÜLLER", "MUELLER"},
                        {"Þór Jónsson", "Thor Jonsson"}});
}

// Doc 9303 part 3, section 6.B.
TEST(Transliteration, IcaoCyrillicFollowsDoc9303) {
  expect(Scheme::icao, {{"Иван Щербаков", "Ivan Shcherbakov"},
                        {"Юлия Ёлкина", "Iuliia Elkina"},
                        {"ЩУКА", "SHCHUKA"},
                        {"Хрущёв", "Khrushchev"},
                        {"Подъячев", "Podieiachev"},
                        {"Цветаева", "Tsvetaeva"},
                        {"Соловьёв", "Solovev"},
                        {"Чайковский", "Chaikovskii"},
                        {"Жуков", "Zhukov"},
                        {"Эйзенштейн", "Eizenshtein"},
                        {"Крылов", "Krylov"},
                        {"Мышкин", "Myshkin"},
                        {"Быкаў", "Bykau"},
                        {"Љиљана Њежић", "Ljiljana Njezhic"},
                        {"Ђоковић Џони", "Dokovic Dzoni"},
                        {"Ѓорѓи Ќосев", "Gorgi Kosev"},
                        {"ЮРИЙ", "IURII"},
                        {"Ѣ Ѫ Ѵ", "Ie U Y"},
                        {"Қазақ", nullptr}});
}

// The examples of the resolution's own table.
TEST(Transliteration, UkrainianFollowsResolution55) {
  expect(Scheme::ukr2010, {{"Алушта", "Alushta"},
                           {"Андрій", "Andrii"},
                           {"Борщагівка", "Borshchahivka"},
                           {"Борисенко", "Borysenko"},
                           {"Вінниця", "Vinnytsia"},
                           {"Володимир", "Volodymyr"},
                           {"Гадяч", "Hadiach"},
                           {"Богдан", "Bohdan"},
                           {"Згурський", "Zghurskyi"},
                           {"Ґалаґан", "Galagan"},
                           {"Ґорґани", "Gorgany"},
                           {"Донецьк", "Donetsk"},
                           {"Рівне", "Rivne"},
                           {"Олег", "Oleh"},
                           {"Есмань", "Esman"},
                           {"Єнакієве", "Yenakiieve"},
                           {"Гаєвич", "Haievych"},
                           {"Короп'є", "Koropie"},
                           {"Житомир", "Zhytomyr"},
                           {"Жежелів", "Zhezheliv"},
                           {"Закарпаття", "Zakarpattia"},
                           {"Казимирчук", "Kazymyrchuk"},
                           {"Медвин", "Medvyn"},
                           {"Михайленко", "Mykhailenko"},
                           {"Іванків", "Ivankiv"},
                           {"Іващенко", "Ivashchenko"},
                           {"Їжакевич", "Yizhakevych"},
                           {"Кадиївка", "Kadyivka"},
                           {"Мар'їне", "Marine"},
                           {"Йосипівка", "Yosypivka"},
                           {"Стрий", "Stryi"},
                           {"Олексій", "Oleksii"},
                           {"Київ", "Kyiv"},
                           {"Решетилівка", "Reshetylivka"},
                           {"Рибчинський", "Rybchynskyi"},
                           {"Соломія", "Solomiia"},
                           {"Троць", "Trots"},
                           {"Ужгород", "Uzhhorod"},
                           {"Уляна", "Uliana"},
                           {"Філіпчук", "Filipchuk"},
                           {"Христина", "Khrystyna"},
                           {"Біла Церква", "Bila Tserkva"},
                           {"Чернівці", "Chernivtsi"},
                           {"Шевченко", "Shevchenko"},
                           {"Кишеньки", "Kyshenky"},
                           {"Щербухи", "Shcherbukhy"},
                           {"Гоща", "Hoshcha"},
                           {"Гаращенко", "Harashchenko"},
                           {"Юрій", "Yurii"},
                           {"Корюківка", "Koriukivka"},
                           {"Яготин", "Yahotyn"},
                           {"Ярошенко", "Yaroshenko"},
                           {"Костянтин", "Kostiantyn"},
                           {"Знам'янка", "Znamianka"},
                           {"Знам’янка", "Znamianka"},
                           {"Знамʼянка", "Znamianka"},
                           {"Феодосія", "Feodosiia"},
                           {"ЗГУРСЬКИЙ", "ZGHURSKYI"}});
}

TEST(Transliteration, BulgarianFollowsTheActOf2009) {
  expect(Scheme::bul2009, {{"Стара Загора", "Stara Zagora"},
                           {"Щерева", "Shtereva"},
                           {"София Петрова", "Sofia Petrova"},
                           {"СОФИЯ", "SOFIA"},
                           {"Мария", "Maria"},
                           {"Илиян", "Iliyan"},
                           {"Кънчев", "Kanchev"},
                           {"Айтос", "Aytos"},
                           {"Йордан", "Yordan"},
                           {"Кьосев", "Kyosev"},
                           {"Джебел", "Dzhebel"},
                           {"Юндола", "Yundola"},
                           {"Ямбол", "Yambol"},
                           {"Търново", "Tarnovo"},
                           {"Хисаря", "Hisarya"},
                           {"Цонево", "Tsonevo"},
                           {"Чепеларе", "Chepelare"},
                           {"Шумен", "Shumen"},
                           {"Синьо", "Sinyo"},
                           {"Желю Жечев", "Zhelyu Zhechev"}});
}

TEST(Transliteration, GreekFollowsElot743) {
  expect(Scheme::elot743, {{"Ευάγγελος", "Evangelos"},
                           {"Γκίκας", "Gkikas"},
                           {"Μπάμπης", "Bampis"},
                           {"Αυγουστίνος", "Avgoustinos"},
                           {"Ευτυχία", "Eftychia"},
                           {"Παπαϊωάννου", "Papaioannou"},
                           {"Αθήνα", "Athina"},
                           {"Πειραιάς", "Peiraias"},
                           {"Θεσσαλονίκη", "Thessaloniki"},
                           {"Ναύπλιο", "Nafplio"},
                           {"Εύβοια", "Evvoia"},
                           {"Ηύρα", "Ivra"},
                           {"Άυλος", "Aylos"},
                           {"Αϋπνία", "Aypnia"},
                           {"Σφίγξ", "Sfinx"},
                           {"Μελαγχολία", "Melancholia"},
                           {"Ζάκυνθος", "Zakynthos"},
                           {"Ψαρά", "Psara"},
                           {"Χαλκίδα", "Chalkida"},
                           {"Ντίνος", "Ntinos"},
                           {"Λάμπρος", "Lampros"},
                           {"ΕΥΑΓΓΕΛΟΣ", "EVANGELOS"},
                           {"Ἀθῆναι", "Athinai"},
                           {"Ραφαήλ", "Rafail"},
                           {"Λουκάς", "Loukas"},
                           {"Προϋπολογισμός", "Proypologismos"}});
}

TEST(Transliteration, GeorgianFollowsTheSystemOf2002WithoutApostrophes) {
  expect(Scheme::georgian, {{"აკაკი წერეთელი", "akaki tsereteli"},
                            {"თბილისი", "tbilisi"},
                            {"ქუთაისი", "kutaisi"},
                            {"ჭიათურა", "chiatura"},
                            {"წყალტუბო", "tsqaltubo"},
                            {"ყვარელი", "qvareli"},
                            {"ზუგდიდი", "zugdidi"},
                            {"ჟინვალი", "zhinvali"},
                            {"ღარიბაშვილი", "gharibashvili"},
                            {"შოთა", "shota"},
                            {"ჯავახიშვილი", "javakhishvili"},
                            {"ხაშური", "khashuri"},
                            {"ძეგვი", "dzegvi"},
                            {"ცხინვალი", "tskhinvali"},
                            {"ჩოხატაური", "chokhatauri"},
                            {"ჰერეთი", "hereti"},
                            {"ფოთი", "poti"},
                            {"ბათუმი", "batumi"}});
}

// Notice 2000-8; names keep their syllables (3.4), so only words without assimilation are here.
TEST(Transliteration, HangulFollowsRevisedRomanization) {
  expect(Scheme::rr, {{"김 민준", "gim minjun"},
                      {"민용하", "minyongha"},
                      {"송나리", "songnari"},
                      {"한복남", "hanboknam"},
                      {"홍빛나", "hongbitna"},
                      {"구미", "gumi"},
                      {"영동", "yeongdong"},
                      {"백암", "baegam"},
                      {"옥천", "okcheon"},
                      {"합덕", "hapdeok"},
                      {"호법", "hobeop"},
                      {"월곶", "wolgot"},
                      {"벚꽃", "beotkkot"},
                      {"한밭", "hanbat"},
                      {"설악", "seorak"},
                      {"칠곡", "chilgok"},
                      {"임실", "imsil"},
                      {"울릉", "ulleung"},
                      {"압구정", "apgujeong"},
                      {"팔당", "paldang"},
                      {"묵호", "mukho"},
                      {"집현전", "jiphyeonjeon"},
                      {"광희문", "gwanghuimun"},
                      {"세운", "seun"},
                      {"김민준", "gimminjun"},
                      {"\xE1\x84\x80\xE1\x85\xB5\xE1\x86\xB7", "gim"},  // conjoining jamo
                      {"ㅋㅋ", nullptr}});
}

// The table and the examples of the passport offices.
TEST(Transliteration, KanaFollowsHepburn) {
  expect(Scheme::hepburn, {{"たなか", "tanaka"},      {"さとう", "sato"},
                           {"おおの", "ono"},         {"こうの", "kono"},
                           {"ひゅうが", "hyuga"},     {"ちゅうま", "chuma"},
                           {"せのお", "senoo"},       {"よこお", "yokoo"},
                           {"おおおか", "ooka"},      {"いのうえ", "inoue"},
                           {"なんば", "namba"},       {"ほんま", "homma"},
                           {"さんぺい", "sampei"},    {"しんいち", "shinichi"},
                           {"はっとり", "hattori"},   {"きっかわ", "kikkawa"},
                           {"ほっち", "hotchi"},      {"はっちょう", "hatcho"},
                           {"じゅんこ", "junko"},     {"にいがた", "niigata"},
                           {"ふじづか", "fujizuka"},  {"タナカ タロウ", "tanaka taro"},
                           {"ﾀﾅｶ", "tanaka"},         {"ジョージ", "joji"},
                           {"ファティマ", "fatima"},  {"チェン", "chen"},
                           {"ウィリアム", "wiriamu"}, {"ヴァン", "van"},
                           {"マリ・アン", "mari an"}, {"っ", nullptr},
                           {"ーさん", nullptr},       {"あっ", nullptr}});
}

TEST(Transliteration, HanFollowsMandarinSurnames) {
  expect(Scheme::pinyin_names, {{"单", "shan"},
                                {"王芳", "wangfang"},
                                {"欧阳", "ouyang"},
                                {"李", "li"},
                                {"张伟", "zhangwei"},
                                {"刘", "liu"},
                                {"陈", "chen"},
                                {"赵", "zhao"},
                                {"黄", "huang"},
                                {"周", "zhou"},
                                {"吴", "wu"},
                                {"徐", "xu"},
                                {"孙", "sun"},
                                {"马", "ma"},
                                {"吕", "lyu"},
                                {"司马", "sima"},
                                {"田中", "tianzhong"},
                                {"々", nullptr}});
}

TEST(Transliteration, WhatASchemeDoesNotKnowIsRefusedAndNeverDropped) {
  for (const auto scheme :
       {Scheme::strip, Scheme::german, Scheme::icao, Scheme::ukr2010, Scheme::bul2009,
        Scheme::elot743, Scheme::georgian, Scheme::rr, Scheme::hepburn, Scheme::pinyin_names})
    expect(scheme, {{"محمد", nullptr},
                    {"משה", nullptr},
                    {"สมชาย", nullptr},
                    {"Anna अनिल", nullptr},
                    {"Աննա", nullptr},
                    {"አበበ", nullptr}});
  expect(Scheme::strip, {{"Иван", nullptr},
                         {"Ευα", nullptr},
                         {"田中太郎", nullptr},
                         {"たなか", nullptr},
                         {"김민준", nullptr},
                         {"აკაკი", nullptr},
                         {"Annaд", nullptr}});
}

TEST(Transliteration, SymbolsMarksAndInvisibleCharactersAreNoReasonToRefuse) {
  expect(Scheme::strip, {{"An\xE2\x80\x8Bna", "Anna"},  // zero width space
                         {"An\xC2\xADna", "Anna"},      // soft hyphen
                         {"Anna™ ☺", "AnnaTM "},
                         {"O’Neil–Smith", "O'Neil-Smith"},
                         {"Kahoʻolawe", "Kaho'olawe"},
                         {"a\xCC\xB1\xCC\x81", "a"},
                         {"٣", "3"}});
  expect(Scheme::german,
         {{"Ju\xE2\x80\x8D\xCC\x88rgen", "Juergen"}});  // the joiner parts u and marks
}

TEST(Transliteration, ScriptsMixAndEachHasItsScheme) {
  EXPECT_EQ(transliterate("Jürgen Иван Ευάγγελος 김 たなか", {.latin = Scheme::german,
                                                              .cyrillic = Scheme::icao,
                                                              .greek = Scheme::elot743,
                                                              .hangul = Scheme::rr,
                                                              .kana = Scheme::hepburn}),
            "Juergen Ivan Evangelos gim tanaka");
}

TEST(Transliteration, ResultsAreAsciiAndStayAsTheyAre) {
  Schemes all;
  for (const auto& name : scheme_names("")) all.use(*parse_scheme(name));
  for (char32_t c = 0x20; c < 0x3000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text = "x";
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
    } else {
      text += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
               static_cast<char>(0x80 | (c & 0x3F))};
    }
    const auto ascii = transliterate(text, all);
    if (!ascii) continue;
    ASSERT_TRUE(is_ascii(*ascii)) << text;
    ASSERT_EQ(transliterate(*ascii, all), ascii) << text;
  }
}

// What cannot change by normalization is not normalized: the ignorable character makes it so all
// the same.
TEST(Transliteration, ATextThatIsNormalizedAlreadyGivesTheSame) {
  const std::string ignorable = "\u200B";
  for (const auto scheme : {Scheme::strip, Scheme::german, Scheme::icao}) {
    for (char32_t c = 0x80; c < 0x600; ++c) {
      const std::string letter = {static_cast<char>(0xC0 | (c >> 6)),
                                  static_cast<char>(0x80 | (c & 0x3F))};
      for (const auto& text : {"x" + letter, letter + letter + "Y", letter + "\u0301z"})
        ASSERT_EQ(transliterate(text, scheme), transliterate(ignorable + text, scheme)) << text;
    }
  }
}

TEST(Transliteration, SchemesGoByTheNamesOfTheStandards) {
  EXPECT_EQ(parse_scheme("2002"), Scheme::georgian);
  EXPECT_EQ(parse_scheme("pinyin_names"), Scheme::pinyin_names);
  EXPECT_EQ(parse_scheme("ICAO"), std::nullopt);
  EXPECT_EQ(scheme_names("cyrillic"), (std::vector<std::string>{"icao", "ukr2010", "bul2009"}));
  EXPECT_EQ(scheme_names("").size(), 10U);
}

}  // namespace
}  // namespace muster::mappings
