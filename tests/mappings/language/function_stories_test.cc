// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "language_world.h"

namespace muster::mappings {
namespace {

// What a line says about a record, and why that is right.
struct Reasoned {
  const char* line;
  const char* record;
  const char* result;
  const char* reason;
};

void tell(std::initializer_list<Reasoned> stories) {
  World world;
  for (const auto& story : stories) {
    EXPECT_EQ(world.evaluate(story.line, story.record), story.result)
        << story.line << " on " << story.record << ": " << story.reason;
  }
}

// phone(a, REGION) for each number; the region may be empty.
void dial(std::initializer_list<std::array<const char*, 4>> numbers) {
  World world;
  for (const auto& [number, region, result, reason] : numbers) {
    Value record;
    record.set("a", Value(number));
    const std::string line =
        *region == '\0' ? "phone(a)" : "phone(a, \"" + std::string(region) + "\")";
    EXPECT_EQ(world.evaluate(line, write_json(record)), result) << number << ": " << reason;
  }
}

TEST(FunctionStories, names_get_the_capitals_that_people_write) {
  World world;
  const std::pair<const char*, const char*> names[] = {
      {"anna", "Anna"},
      {"ANNA-LENA", "Anna-Lena"},
      {"jean luc o'neill", "Jean Luc O'Neill"},
      {"O’CONNOR", "O’Connor"},
      {"d'angelo", "D'Angelo"},
      {"MCDONALD", "McDonald"},
      {"mcKENZIE", "McKenzie"},
      {"MCA", "Mca"},
      {"mackenzie", "Mackenzie"},
      {"VON NEUMANN", "von Neumann"},
      {"ludwig VAN BEETHOVEN", "Ludwig van Beethoven"},
      {"ursula von der leyen", "Ursula von der Leyen"},
      {"DE LA CRUZ", "de la Cruz"},
      {"maria de los angeles", "Maria de Los Angeles"},
      {"van", "Van"},
      {"tran van", "Tran Van"},
      {"JOHN SMITH III", "John Smith III"},
      {"henry viii", "Henry VIII"},
      {"iv", "Iv"},
      {"king, martin luther ii.", "King, Martin Luther II."},
      {"j.r.r. TOLKIEN", "J.R.R. Tolkien"},
      {"JÜRGEN GROSS", "Jürgen Gross"},
      {"ólafur ÞÓR", "Ólafur Þór"},
      {"ΓΙΏΡΓΟΣ ΠΑΠΑΔΌΠΟΥΛΟΣ", "Γιώργος Παπαδόπουλος"},
      {"ЩЕРБАКОВ", "Щербаков"},
      {"gerard 't HOOFT", "Gerard 't Hooft"},
      {"(anna)", "(Anna)"},
      {"ŠKODOVÁ-NOVÁKOVÁ", "Škodová-Nováková"},
      {"ǆemal", "ǅemal"},
      {"  a  b ", "  A  B "},
      {"3rd floor", "3rd Floor"},
  };
  for (const auto& [given, expected] : names) {
    Value record;
    record.set("a", Value(given));
    EXPECT_EQ(world.evaluate("name_case(a)", write_json(record)), expected);
    EXPECT_EQ(world.evaluate("a | name_case | name_case", write_json(record)), expected)
        << "twice is once";
  }
}

TEST(FunctionStories, telephone_numbers_become_e164_or_nothing) {
  dial({
      {"030 12345678", "DE", "+493012345678", "trunk prefix off, country code on"},
      {"030/123 456-78", "DE", "+493012345678", "separators"},
      {"+49 (0)30 12345678", "", "+493012345678", "the zero in brackets is not dialled"},
      {"+49 030 12345678", "FR", "+493012345678",
       "a trunk prefix left in; the region is not asked"},
      {"0049 30 12345678", "DE", "+493012345678", "00 is the international prefix"},
      {"0049 (0) 30 12345678", "", "+493012345678", "without a region 00 is assumed"},
      {"(0)30 12345678", "DE", "+493012345678", "here the zero is the trunk prefix"},
      {"30 12345678", "DE", "W-PHONE", "may be a local number: never guessed"},
      {"12345678", "DE", "W-PHONE", "a local number"},
      {"01 23 45 67 89", "FR", "+33123456789", "France"},
      {"1 23 45 67 89", "FR", "+33123456789", "all French numbers have nine digits"},
      {"020 7946 0018", "GB", "+442079460018", "London"},
      {"020 7946 0018", "UK", "+442079460018", "the other code of the country"},
      {"020 7946 0018", "United Kingdom", "+442079460018", "its name"},
      {"020 7946 0018", "gbr", "+442079460018", "its long code"},
      {"(201) 555-0123", "US", "+12015550123", "North America without the 1"},
      {"1-201-555-0123", "US", "+12015550123", "and with it"},
      {"+1 (201) 555-0123", "DE", "+12015550123", "international"},
      {"011 44 20 7946 0018", "US", "+442079460018", "011 is dialled there"},
      {"101 555 0123", "US", "W-PHONE", "no area begins with 1"},
      {"201 055 0123", "CA", "W-PHONE", "no exchange begins with 0"},
      {"8 (495) 123-45-67", "RU", "+74951234567", "the trunk prefix is 8"},
      {"8001234567", "RU", "+78001234567", "ten digits: the 8 belongs to the number"},
      {"06 1 234 5678", "HU", "+3612345678", "the trunk prefix is 06"},
      {"06 1234 5678", "IT", "+390612345678", "Italy dials the zero"},
      {"+39 06 1234 5678", "", "+390612345678", "and keeps it"},
      {"91 123 45 6", "ES", "W-PHONE", "one digit short"},
      {"911 23 45 67", "ES", "+34911234567", "Spain"},
      {"0412 345 678", "AU", "+61412345678", "Australia"},
      {"0011 49 30 1234567", "AU", "+49301234567", "0011 is dialled there"},
      {"09012345678", "JP", "+819012345678", "Japan"},
      {"010 49 30 1234567", "JP", "+49301234567", "010 is dialled there"},
      {"tel:+1-201-555-0123;ext=5", "", "+12015550123", "RFC 3966"},
      {"+1 201 555 0123 x45", "", "+12015550123", "an extension is left out"},
      {"+1 201 555 0123 ext. 45", "", "+12015550123", "in words"},
      {"+49 30 12345678 #9", "", "+493012345678", "with a sign"},
      {"+1 800 FLOWERS", "", "W-PHONE", "letters are no digits"},
      {"call me", "DE", "W-PHONE", "no number"},
      {"+999 123456", "", "W-PHONE", "nobody has this country code"},
      {"+49", "", "W-PHONE", "nothing behind the code"},
      {"+49 1", "", "W-PHONE", "too short"},
      {"+4930123456789012", "", "W-PHONE", "more than E.164 allows"},
      {"00000000000000000000000000000", "DE", "W-PHONE", "no number at all"},
      {"+49+30123456", "", "W-PHONE", "two plus signs"},
      {"030 1234567", "", "W-PHONE", "national without a region"},
      {"+49\xC2\xA0"
       "30\xE2\x80\x91"
       "1234567",
       "", "+49301234567", "no-break space and hyphen"},
      {"\xE2\x80\xAA+49 30 1234567\xE2\x80\xAC", "", "+49301234567", "direction marks of a phone"},
      {"＋４９３０１２３４５６７", "", "+49301234567", "full-width"},
  });
  tell({{"phone(a, b)", R"({"a":"030 1234567","b":"Atlantis"})", "W-PHONE",
         "a region in data that is none"},
        {"phone(a, b)", R"({"a":"+49301234567","b":"Atlantis"})", "+49301234567",
         "which is not asked here"},
        {"phone(a, b ?? \"DE\")", R"({"a":"030 1234567"})", "+49301234567", "a default region"},
        {"phone(a)", "{}", "none", "none stays none"},
        {"phones | map(p => phone(p, \"FR\"))", R"({"phones":["0123456789","+493012345"]})",
         R"(["+33123456789","+493012345"])", "in a list"}});
}

TEST(FunctionStories, countries_by_every_code) {
  tell({
      {"iso2(a)", R"({"a":"DEU"})", "DE", "by three letters"},
      {"iso2(a)", R"({"a":" germany "})", "DE", "by name, without case or blanks"},
      {"iso2(a)", R"({"a":"276"})", "DE", "by number"},
      {"iso2(4)", "{}", "AF", "a number counts with leading zeros"},
      {"iso2(a)", R"({"a":"uk"})", "GB", "a code in use"},
      {"iso2(a)", R"({"a":"Czech Republic"})", "CZ", "a name in use"},
      {"iso2(a)", R"({"a":"Côte d’Ivoire"})", "CI", "with accents"},
      {"iso2(a)", R"({"a":"ZZZ"})", "none", "nobody has it"},
      {"iso2(a)", "{}", "none", "none stays none"},
      {"iso3(a)", R"({"a":"de"})", "DEU", "to three letters"},
      {"iso3(a)", R"({"a":"CHE"})", "CHE", "already there"},
      {"iso_num(a)", R"({"a":"US"})", "840", "to the number"},
      {"iso_num(a)", R"({"a":"Afghanistan"})", "004", "three digits always"},
      {"country_name(a)", R"({"a":"PL"})", "Poland", "English"},
      {"country_name(a)", R"({"a":"fra"})", "France", "from any code"},
      {"country_name(uac)", R"({"uac":756})", "Switzerland", "from a number"},
      {"iso2(-1)", "{}", "none", "no such number"},
      {"iso2(99999)", "{}", "none", "no such number"},
  });
}

TEST(FunctionStories, countries_by_the_names_that_people_write) {
  World world;
  const std::pair<const char*, const char*> names[] = {
      {"Türkiye", "TR"},
      {"Turkiye", "TR"},
      {"Turkey", "TR"},
      {"Côte d'Ivoire", "CI"},
      {"Cote d’Ivoire", "CI"},
      {"Myanmar", "MM"},
      {"Burma", "MM"},
      {"Palestine", "PS"},
      {"Swaziland", "SZ"},
      {"Macao", "MO"},
      {"Slovak Republic", "SK"},
      {"Curaçao", "CW"},
      {"REUNION", "RE"},
      {"Trinidad and Tobago", "TT"},
      {"Trinidad & Tobago", "TT"},
      {"São Tomé and Principe", "ST"},
  };
  for (const auto& [name, code] : names) {
    Value record;
    record.set("a", Value(name));
    EXPECT_EQ(world.evaluate("iso2(a)", write_json(record)), code) << name;
  }
}

TEST(FunctionStories, nothing_is_the_first_that_a_record_needs) {
  // An empty text takes no memory, which is not the same as no memory being left.
  for (const char* line : {"replace(a, \"x\")", "replace_first(a, \"x\")", "\"{b?}\""}) {
    World world;
    EXPECT_EQ(world.evaluate(line, R"({"a":"x"})"), "none") << line;
  }
}

TEST(FunctionStories, language_tags) {
  tell({
      {"bcp47(a)", R"({"a":"de_DE"})", "de-DE", "underscores"},
      {"bcp47(a)", R"({"a":"EN-us"})", "en-US", "canonical case"},
      {"bcp47(a)", R"({"a":"de_DE.UTF-8"})", "de-DE", "POSIX"},
      {"bcp47(a)", R"({"a":"ca_ES@valencia"})", "ca-ES", "POSIX modifier"},
      {"bcp47(a)", R"({"a":"da, en-gb;q=0.8, en;q=0.7"})", "da", "Accept-Language: the first"},
      {"bcp47(a)", R"({"a":"zh_hant_tw"})", "zh-Hant-TW", "script"},
      {"bcp47(a)", R"({"a":"iw"})", "he", "a replaced code"},
      {"bcp47(a)", R"({"a":"xx-DE"})", "none", "no language"},
      {"bcp47(a)", R"({"a":"C"})", "none", "the POSIX locale is no language"},
      {"bcp47(a)", R"~({"a":"German (Germany)"})~", "none", "words are no tag"},
      {"bcp47(a)", R"({"a":"de-"})", "none", "not well-formed"},
  });
}

TEST(FunctionStories, the_primary_element_of_a_list) {
  tell({
      {"primary(emails).value",
       R"({"emails":[{"value":"a"},{"value":"b","primary":true},{"value":"c","type":"work"}]})",
       "b", "the primary one"},
      {"primary(emails).value", R"({"emails":[{"value":"a"},{"value":"c","type":"Work"}]})", "c",
       "nobody is primary: work"},
      {"primary(emails).value", R"({"emails":[{"value":"a","type":"home"},{"value":"b"}]})", "a",
       "nobody is primary, none is work: the first"},
      {"(emails | primary).value ?? \"x\"", "{}", "x", "none stays none"},
  });
  World world;
  EXPECT_EQ(world.evaluate("primary(emails).value",
                           R"({"emails":[{"value":"a","primary":true},
                                         {"value":"b","primary":"true"}]})"),
            "a");
  ASSERT_EQ(world.machine.findings().size(), 1U);
  EXPECT_EQ(world.machine.findings()[0].code, "W-PRIMARY");
}

TEST(FunctionStories, lists_of_lists) {
  tell({
      {"phones | map(p => split(p, \",\")) | flatten", R"({"phones":["1,2","3"]})",
       R"(["1","2","3"])", "one list of all"},
      {"[phones, mobile] | flatten", R"({"phones":["1"],"mobile":["2","3"]})", R"(["1","2","3"])",
       "two lists"},
      {"[phones, mobile] | flatten | unique | count", R"({"phones":["1"],"mobile":["1"]})", "1",
       "a list like any other"},
      {"[phones, mobile] | flatten", R"({"mobile":["2"]})", R"(["2"])", "none is passed over"},
      {"[phones, mobile] | flatten", "{}", "none", "nothing at all"},
      {"phones | flatten", R"({"phones":["1"]})", R"(["1"])", "a flat list stays"},
      {"[phones, mobile] | first", R"({"phones":["1"],"mobile":["2"]})", R"(["1"])",
       "an element is a list"},
      {"[phones, mobile] | sort | flatten", R"({"phones":["2"],"mobile":["1"]})", R"(["2","1"])",
       "lists have no order"},
      {"phones | map(p => mobile | filter(m => m == p)) | flatten",
       R"({"phones":["1","2"],"mobile":["2","3"]})", R"(["2"])", "two deep"},
  });
}

TEST(FunctionStories, numbers) {
  tell({
      {"round(a)", R"({"a":"2.5"})", "3", "halves go away from zero"},
      {"round(a)", R"({"a":"-2.5"})", "-3", "on both sides"},
      {"round(a)", R"({"a":"-0.4"})", "0", "nearer to zero"},
      {"round(a)", R"({"a":"-0.5"})", "-1", "minus without a whole part"},
      {"round(a)", R"({"a":"2.4999999999999999999"})", "2", "exact, no floating point"},
      {"round(a)", R"({"a":" 7 "})", "7", "whole already"},
      {"round(uac)", R"({"uac":7})", "7", "a number"},
      {"round(a)", R"({"a":2.6})", "3", "a JSON number"},
      {"round(a)", R"({"a":"1,5"})", "W-INT", "the point is a point"},
      {"round(a)", R"({"a":"."})", "W-INT", "no digits"},
      {"round(a)", R"({"a":"1."})", "W-INT", "nothing behind the point"},
      {"round(a)", R"({"a":"9223372036854775807.5"})", "W-INT", "beyond 64 bits"},
      {"round(a)", "{}", "none", "none stays none"},
      {"int(a)", R"({"a":"9223372036854775808"})", "W-INT", "beyond 64 bits"},
      {"int(a)", R"({"a":"-9223372036854775808"})", "-9223372036854775808", "the least"},
      {"int(a) - 1", R"({"a":"-9223372036854775808"})", "W-LIMIT", "below the least"},
      {"int(a)", R"({"a":"0x10"})", "W-INT", "no hex"},
      {"int(a)", R"({"a":"1e3"})", "W-INT", "no powers"},
      {"int(a)", R"({"a":"012"})", "12", "leading zeros are decimal"},
      {"bit(uac, 2)", "{}", "false", "a predicate of none is false"},
      {"bits_and(int(a), 1)", R"({"a":"-1"})", "1", "two's complement"},
  });
}

TEST(FunctionStories, positions_far_outside) {
  tell({
      {"left(a, -1)", R"({"a":"abc"})", "none", "nothing"},
      {"left(a, 9223372036854775807)", R"({"a":"abc"})", "abc", "all of it"},
      {"left(a, 9223372036854775807)", R"({"a":"äbc"})", "äbc", "all of it, not ASCII"},
      {"right(a, 9223372036854775807)", R"({"a":"äbc"})", "äbc", "all of it"},
      {"right(a, 0)", R"({"a":"abc"})", "none", "nothing"},
      {"mid(a, -1, 2)", R"({"a":"abc"})", "none", "there is nothing before the text"},
      {"mid(a, 2, 9223372036854775807)", R"({"a":"abc"})", "c", "to the end"},
      {"mid(a, 9223372036854775807, 9223372036854775807)", R"({"a":"äbc"})", "none", "behind it"},
      {"slice(a, -9223372036854775807, 9223372036854775807)", R"({"a":"abc"})", "abc", "all"},
      {"slice(a, 2, 1)", R"({"a":"abc"})", "none", "backwards"},
      {"phones | at(-9223372036854775807)", R"({"phones":["1"]})", "none", "no such element"},
      {"phones | at(9223372036854775807)", R"({"phones":["1"]})", "none", "no such element"},
      {"word(a, -1)", R"({"a":"x y"})", "none", "no such word"},
      {"word(a, 9223372036854775807)", R"({"a":"x y"})", "none", "no such word"},
      {"pad_left(a, -5)", R"({"a":"x"})", "x", "long enough"},
      {"pad_left(a, 9223372036854775807)", R"({"a":"x"})", "W-LIMIT", "too long for a text"},
      {"pad_left(a, 5, \"\")", R"({"a":"x"})", "none", "nothing to pad with"},
      {"pad_left(a, 6, \"äöü\")", R"({"a":"x"})", "äöüäöx", "the padding is cut at the text"},
      {"find_re(a, \"(x)\", 1)", R"({"a":"x"})", "x", "a group"},
      {"split(a, b)", R"({"a":"x"})", "none", "no separator"},
      {"replace(a, b, \"x\")", R"({"a":"x"})", "none", "nothing to look for"},
      {"index_of(a, b)", R"({"a":"x"})", "none", "nothing to look for"},
      {"starts(a, \"\")", R"({"a":"x"})", "false", "an empty text is none"},
  });
}

TEST(FunctionStories, casing) {
  tell({
      {"upper(a, \"tr\")", R"({"a":"istanbul ılık"})", "İSTANBUL ILIK", "Turkish i keeps its dot"},
      {"lower(a, \"tr\")", R"({"a":"ISPARTA İZMİR"})", "ısparta izmir", "and I has none"},
      {"lower(a)", R"({"a":"ISPARTA"})", "isparta", "without a language Unicode decides"},
      {"lower(a)", R"({"a":"ΟΔΥΣΣΕΥΣ"})", "οδυσσευς", "a sigma at the end of a word"},
      {"upper(a)", R"({"a":"ﬁx"})", "FIX", "one letter becomes two"},
      {"title(a)", R"({"a":"ΓΙΏΡΓΟΣ"})", "Γιώργος", "a sigma at the end of a word"},
      {"fold(a) == fold(b)", R"({"a":"ΟΔΥΣΣΕΥΣ","b":"οδυσσευς"})", "true", "caseless"},
  });
}

TEST(FunctionStories, encodings) {
  tell({
      {"base64_utf16(a)", R"({"a":"abc"})", "YQBiAGMA", "low byte first"},
      {"base64_utf16(a)", R"({"a":"😀"})", "PdgA3g==", "a pair of surrogates"},
      {"base64(a)", R"({"a":"a"})", "YQ==", "padding"},
      {"unbase64(a)", R"({"a":"YQ=="})", "a", "back"},
      {"unbase64(a)", R"({"a":"YQ"})", "W-BASE64", "padding is missing"},
      {"unbase64(a)", R"({"a":"/w=="})", "W-BASE64", "no text"},
      {"sha256(a)", R"({"a":"abc"})",
       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180-4"},
      {"uuid5(\"dns\", a)", R"({"a":"www.example.com"})", "2ed6657d-e927-568b-95e1-2665a8aea6a2",
       "RFC 9562, A.4"},
      {"uuid5(\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\", a)", R"({"a":"www.example.com"})",
       "2ed6657d-e927-568b-95e1-2665a8aea6a2", "the namespace spelled out"},
      {"a | sha256 | left(8)", "{}", "none", "none stays none"},
  });
}

TEST(FunctionStories, differences_of_dates) {
  const char* days = R"({"start":"01.03.2024","end":"2025-02-28"})";
  tell({
      {"diff(start, end, \"d\")", days, "364", "whole days"},
      {"diff(end, start, \"d\")", days, "-364", "backwards"},
      {"diff(start, end, \"M\")", days, "11", "the twelfth month is not full"},
      {"diff(start, end, \"y\")", days, "0", "nor the year"},
      {"diff(start, end, \"w\")", days, "52", "whole weeks"},
      {"diff(start, end, \"hours\")", days, "8736", "words are fine"},
      {"diff(2024-02-29, 2025-02-28, \"year\")", "{}", "0", "born on a leap day"},
      {"diff(2024-02-29, 2025-03-01, \"year\")", "{}", "1", "a day later it is a year"},
      {"diff(2026-01-31, 2026-02-28, \"M\")", "{}", "0", "the 31st has not come"},
      {"diff(2026-11-22T10:00:00Z, 2026-11-22T10:59:59Z, \"h\")", "{}", "0", "not full"},
      {"diff(2026-11-22T10:00:00Z, 2026-11-22T10:59:59Z, \"m\")", "{}", "59", "minutes"},
      {"diff(2026-11-22T10:00:00Z, 2026-11-22T10:59:59Z, \"s\")", "{}", "3599", "seconds"},
      {"diff(2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z, \"d\", \"Europe/Berlin\")", "{}", "1",
       "a day of 23 hours"},
      {"diff(2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z, \"d\")", "{}", "0", "not in UTC"},
      {"diff(start, none, \"d\")", days, "none", "none stays none"},
  });
}

TEST(FunctionStories, beginnings_of_units) {
  const char* at = R"({"end":"20261122233015.5Z"})";
  tell({
      {"start_of(end, \"y\")", at, "2026-01-01", "year"},
      {"start_of(end, \"M\")", at, "2026-11-01", "month"},
      {"start_of(end, \"w\")", at, "2026-11-16", "weeks begin on Monday"},
      {"start_of(end, \"d\")", at, "2026-11-22", "day"},
      {"start_of(end, \"h\")", at, "2026-11-22T23:00:00Z", "hour"},
      {"start_of(end, \"m\")", at, "2026-11-22T23:30:00Z", "minute"},
      {"start_of(end, \"s\")", at, "2026-11-22T23:30:15Z", "second"},
      {"start_of(end, \"d\", \"Europe/Berlin\")", at, "2026-11-22T23:00:00Z",
       "it is the 23rd there"},
      {"start_of(2024-12-31, \"year\")", "{}", "2024-01-01", "a leap year"},
      {"start_of(1969-12-31, \"w\")", "{}", "1969-12-29", "before 1970"},
      {"start_of(2026-11-16, \"w\")", "{}", "2026-11-16", "a Monday stays"},
      {"start_of(2026-07-01T10:45:00Z, \"h\", \"Asia/Kolkata\")", "{}", "2026-07-01T10:30:00Z",
       "hours begin at the half there"},
      {"run_time - 5d | start_of(\"d\")", "{}", "2026-11-17", "five days back, at midnight"},
  });
}

TEST(FunctionStories, dates_and_their_edges) {
  tell({
      {"date(a)", R"({"a":"2026-11-22"})", "2026-11-22", "ISO 8601 without a pattern"},
      {"date(a)", R"({"a":"2026-11-22T10:00:00+02:00"})", "2026-11-22T08:00:00Z", "RFC 3339"},
      {"date(a)", R"({"a":"20261122080000Z"})", "2026-11-22T08:00:00Z", "GeneralizedTime"},
      {"date(a)", R"({"a":"202611220800+0130"})", "2026-11-22T06:30:00Z", "without seconds"},
      {"date(a)", R"({"a":"2026112208.5Z"})", "2026-11-22T08:30:00Z", "a fraction of an hour"},
      {"date(a)", R"({"a":"20261122083000.25Z"})", "2026-11-22T08:30:00.250Z", "of a second"},
      {"date(a)", R"({"a":"20261122080000"})", "W-DATE", "GeneralizedTime needs its zone"},
      {"date(a)", R"({"a":"20261122080000.Z"})", "W-DATE", "a point and no digits"},
      {"date(a)", R"({"a":"yesterday"})", "W-DATE", "no date"},
      {"date(a)", R"({"a":"2023-02-29"})", "W-DATE", "no leap year"},
      {"date(a)", R"({"a":"1900-02-29"})", "W-DATE", "nor this"},
      {"date(a)", R"({"a":"2000-02-29"})", "2000-02-29", "but this"},
      {"date(a, \"yyyy-MM-dd HH:mm\", \"Europe/Berlin\")", R"({"a":"2026-03-29 02:30"})",
       "2026-03-29T01:30:00Z", "an hour that was left out: the clock before the change"},
      {"date(a, \"yyyy-MM-dd HH:mm\", \"Europe/Berlin\")", R"({"a":"2026-10-25 02:30"})",
       "2026-10-25T01:30:00Z", "an hour that comes twice: standard time"},
      {"date(a, \"yyyy-MM-dd HH:mm\", \"+02:00\")", R"({"a":"2026-03-29 02:30"})",
       "2026-03-29T00:30:00Z", "an offset"},
      {"date(a, \"yyyy\")", R"({"a":"2026"})", "2026-01-01", "what is not said is the first"},
      {"date(a, \"yyyy-MM-dd\")", R"({"a":"2026-11-22x"})", "W-DATE", "something behind it"},
      {"filetime(0)", "{}", "none", "never, in Active Directory"},
      {"filetime(9223372036854775807)", "{}", "none", "never, in Active Directory"},
      {"filetime(-1)", "{}", "none", "no time"},
      {"filetime(1)", "{}", "1601-01-01", "the first day"},
      {"filetime(9223372036854775806)", "{}", "W-DATE", "after the year 9999"},
      {"filetime(a)", R"({"a":"soon"})", "W-INT", "no number"},
      {"to_filetime(date(a))", R"({"a":"1600-12-31"})", "W-DATE", "before there were any"},
      {"to_filetime(date(a))", R"({"a":"1601-01-01"})", "0", "the first"},
      {"to_filetime(date(a))", R"({"a":"9999-12-31"})", "2650466880000000000", "the last year"},
      {"unix(a)", R"({"a":"-1"})", "1969-12-31T23:59:59Z", "before 1970"},
      {"unix(a)", R"({"a":"253402300800"})", "W-DATE", "the year 10000"},
      {"unix(a)", R"({"a":"-62135596800"})", "0001-01-01", "the first date"},
      {"unix(a)", R"({"a":"-62135596801"})", "W-DATE", "the year 0"},
      {"date(a) + 1d", R"({"a":"9999-12-31"})", "W-LIMIT", "the year 10000"},
      {"date(a) - 1d", R"({"a":"0001-01-01"})", "W-LIMIT", "the year 0"},
      {"date(a) + \"P1Y\"", R"({"a":"9999-12-31"})", "W-LIMIT", "the year 10000"},
      {"date(a) + \"P999999W999999W\"", R"({"a":"2026-01-01"})", "W-LIMIT", "far away"},
      {"date(a)", R"({"a":"0001-01-01T00:00:00+14:00"})", "W-DATE", "the year 0 in UTC"},
      {"2024-02-29 + \"P1Y\"", "{}", "2025-02-28", "there is no 29th"},
      {"2026-01-31 + \"P1M\"", "{}", "2026-02-28", "the last day of the month"},
      {"2026-03-31 - \"P1M1D\"", "{}", "2026-02-27", "months first, then days"},
      {"2026-11-22 + \"P1DT12H\"", "{}", "2026-11-23T12:00:00Z", "days and hours"},
      {"2026-11-22 + 1d + 12h", "{}", "2026-11-23T12:00:00Z", "durations"},
      {"2026-11-22 + duration(1d, 12h)", "{}", "2026-11-23T12:00:00Z", "put together"},
      {"duration(1d, 12h) == 36h", "{}", "true", "a sum"},
      {"format_date(end, \"yyyyMMddHHmmss.SSS'Z'\")", R"({"end":"2026-11-22T10:00:00.5Z"})",
       "20261122100000.500Z", "as LDAP writes it"},
  });
}

TEST(FunctionStories, what_must_be_there) {
  World world;
  EXPECT_EQ(world.evaluate("required(a, \"the personnel number is missing\")"), "W-REQUIRED");
  const auto program = world.compiled("required(a, \"the personnel number is missing\")");
  ASSERT_TRUE(program);
  EXPECT_FALSE(program->type().optional);
  world.machine.start(world.layout, {.record = &world.record});
  EXPECT_EQ(world.machine.run(*program).message, "the personnel number is missing");
}

}  // namespace
}  // namespace muster::mappings
