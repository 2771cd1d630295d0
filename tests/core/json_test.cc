// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "core/json_refusal.h"

namespace muster {
namespace {

TEST(ParseJson, ReadsEveryKindOfValue) {
  const auto value = parse_json(
      R"( {"none":null,"yes":true,"no":false,"int":-12,"decimal":0.5,"text":"\u00e9\n\ud83d\ude00","list":[1,[]],"object":{}} )");
  ASSERT_TRUE(value) << describe(value.error());
  EXPECT_TRUE(value->find("none")->is_none());
  EXPECT_TRUE(value->find("yes")->as_bool());
  EXPECT_FALSE(value->find("no")->as_bool());
  EXPECT_EQ(value->find("int")->as_int(), -12);
  EXPECT_EQ(value->find("decimal")->as_double(), 0.5);
  EXPECT_EQ(value->find("text")->as_text(), "é\n😀");
  EXPECT_EQ(value->find("list")->as_list().size(), 2u);
  EXPECT_TRUE(value->find("object")->is_object());
}

TEST(ParseJson, RefusesWithPlaceAndCode) {
  struct Case {
    const char* story;
    std::string text;
    const char* where;
    const char* code;
  };
  const Case cases[] = {
      {"nothing", "", "line 1, column 1", "E-JSON"},
      {"only blanks", " \n ", "line 2, column 2", "E-JSON"},
      {"byte order mark", "\xEF\xBB\xBF{}", "line 1, column 1", "E-JSON"},
      {"trailing comma in a list", "[1,]", "line 1, column 4", "E-JSON"},
      {"trailing comma in an object", "{\"a\":1,}", "line 1, column 8", "E-JSON"},
      {"missing comma", "[1 2]", "line 1, column 4", "E-JSON"},
      {"missing colon", "{\"a\" 1}", "line 1, column 6", "E-JSON"},
      {"unquoted name", "{a:1}", "line 1, column 2", "E-JSON"},
      {"cut short", "{\"a\":[1", "line 1, column 8", "E-JSON"},
      {"unclosed text", "[\"abc", "line 1, column 2", "E-JSON"},
      {"single quotes", "'a'", "line 1, column 1", "E-JSON"},
      {"comment", "//x\n1", "line 1, column 1", "E-JSON"},
      {"two documents", "{} {}", "line 1, column 4", "E-JSON"},
      {"wrong word", "[nul]", "line 1, column 2", "E-JSON"},
      {"not a number", "NaN", "line 1, column 1", "E-JSON"},
      {"leading zero", "01", "line 1, column 1", "E-JSON"},
      {"plus sign", "+1", "line 1, column 1", "E-JSON"},
      {"bare point", "1.", "line 1, column 3", "E-JSON"},
      {"bare exponent", "1e", "line 1, column 3", "E-JSON"},
      {"raw line end in a text", "\"a\nb\"", "line 1, column 3", "E-JSON"},
      {"unknown escape", "\"\\x\"", "line 1, column 2", "E-JSON"},
      {"short escape", "\"\\u12\"", "line 1, column 2", "E-JSON"},
      {"NUL behind the document", std::string("1\0", 2), "line 1, column 2", "E-JSON"},
      {"columns count characters", "{\n  \"é\": [\"é\",,]}", "line 2, column 13", "E-JSON"},
      {"lone high surrogate", "\"\\ud800\"", "line 1, column 2", "E-UTF8"},
      {"lone low surrogate", "[\"\\udc00\"]", "line 1, column 3", "E-UTF8"},
      {"lone low surrogate in a name", "{\"\\udfff\":1}", "line 1, column 3", "E-UTF8"},
      {"two high surrogates", "\"\\ud800\\ud800\"", "line 1, column 2", "E-UTF8"},
      {"Latin-1", "\"\xE9\"", "line 1, column 2", "E-UTF8"},
      {"encoded surrogate", "\"\xED\xA0\x80\"", "line 1, column 2", "E-UTF8"},
      {"duplicate name", "{\"a\":1,\"b\":2,\"a\":3}", "line 1, column 14", "E-JSON-DUPLICATE"},
      {"duplicate by escape", "{\"a\":1,\n\"\\u0061\":2}", "line 2, column 1", "E-JSON-DUPLICATE"},
      {"duplicate by pair", "{\"😀\":1,\"\\ud83d\\ude00\":2}", "line 1, column 8",
       "E-JSON-DUPLICATE"},
      {"duplicate below", "[{\"x\":{\"a\":1,\"a\":1}}]", "line 1, column 14", "E-JSON-DUPLICATE"},
      {"just above 64 bits", "9223372036854775808", "line 1, column 1", "E-JSON-NUMBER"},
      {"just below 64 bits", "[-9223372036854775809]", "line 1, column 2", "E-JSON-NUMBER"},
      {"many digits", "123456789012345678901234567890", "line 1, column 1", "E-JSON-NUMBER"},
      {"beyond a double", "{\"n\":1e400}", "line 1, column 6", "E-JSON-NUMBER"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto value = parse_json(c.text);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().fault, Fault::invalid);
    EXPECT_EQ(value.error().where, c.where) << value.error().detail;
    EXPECT_EQ(value.error().code, c.code) << value.error().detail;
    EXPECT_FALSE(value.error().detail.empty());
  }
}

TEST(ParseJson, TakesNumbersUpToTheirLimits) {
  EXPECT_EQ(parse_json("9223372036854775807")->as_int(), INT64_MAX);
  EXPECT_EQ(parse_json("-9223372036854775808")->as_int(), INT64_MIN);
  EXPECT_EQ(parse_json("1.7976931348623157e308")->as_double(), 1.7976931348623157e308);
  EXPECT_TRUE(parse_json("1.0")->is_double());
  EXPECT_TRUE(parse_json("1e2")->is_double());
}

TEST(ParseJson, NamesDifferExactly) {
  const auto value = parse_json(R"({"a":1,"A":2,"é":3,"e\u0301":4})");
  ASSERT_TRUE(value) << "case and normalisation are the schema's business";
  EXPECT_EQ(value->as_object().size(), 4u);
}

TEST(ParseJson, DepthIsBounded) {
  const auto nested = [](int levels, char open, char close) {
    const auto count = static_cast<std::size_t>(levels);
    return std::string(count, open) + std::string(count, close);
  };
  EXPECT_TRUE(parse_json(nested(32, '[', ']')));
  const auto refused = parse_json(nested(33, '[', ']'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E-JSON-DEPTH");
  EXPECT_EQ(refused.error().where, "line 1, column 33");

  EXPECT_TRUE(parse_json("[[1]]", {.depth = 2}));
  EXPECT_EQ(parse_json("[{\"a\":[]}]", {.depth = 2}).error().code, "E-JSON-DEPTH");
  EXPECT_TRUE(parse_json(nested(1000, '[', ']'), {.depth = 5000}));
  EXPECT_EQ(parse_json(nested(1001, '[', ']'), {.depth = 5000}).error().code, "E-JSON-DEPTH");
  EXPECT_EQ(parse_json(std::string(1 << 20, '[')).error().code, "E-JSON-DEPTH");
}

TEST(ParseJson, SizeIsBounded) {
  EXPECT_TRUE(parse_json("[1,2]", {.bytes = 5}));
  const auto refused = parse_json("[1,2]", {.bytes = 4});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "E-JSON-SIZE");
}

// A wide object, in which the last member repeats the first, is refused without comparing every
// pair.
TEST(ParseJson, DuplicatesInWideObjectsAreFound) {
  const auto wide = [](int members, int last) {
    std::string text = "{";
    for (int i = 0; i < members; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    return text + "\"k" + std::to_string(last) + "\":0}";
  };
  for (const int members : {1, 15, 16, 17, 200'000}) {
    SCOPED_TRACE(members);
    EXPECT_TRUE(parse_json(wide(members, members)));
    EXPECT_EQ(parse_json(wide(members, 0)).error().code, "E-JSON-DUPLICATE");
  }
}

TEST(ParseJson, ErrorsDoNotQuoteTheText) {
  const auto refused = parse_json(R"({"mail":"mara@example.com","mail":"x"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(describe(refused.error()).find("ma"), std::string::npos) << describe(refused.error());
}

TEST(WriteJson, IsCompactAndReadsBackTheSame) {
  const char* texts[] = {
      "null",
      "true",
      "[]",
      "{}",
      R"({"b":1,"a":[1,-2,0.5,"x",null,{"c":false}]})",
      "1.0",
      "1e+300",
      "0.1",
      R"("\"\\\b\f\n\r\t\u0001\u001f/é😀")",
      "9223372036854775807",
      R"(["\u0000"])",
  };
  for (const auto* text : texts) {
    SCOPED_TRACE(text);
    const auto value = parse_json(text);
    ASSERT_TRUE(value);
    EXPECT_EQ(write_json(*value), text);
  }
}

TEST(WriteJson, HasNoWordForInfinity) {
  EXPECT_EQ(write_json(Value(std::numeric_limits<double>::infinity())), "null");
  EXPECT_EQ(write_json(Value(std::numeric_limits<double>::quiet_NaN())), "null");
}

// The reader and the explanation of its refusals are two programs: over many damaged texts they
// must agree on what is JSON, and whatever is read must come back the same.
TEST(ParseJson, ReaderAndExplanationAgreeOnDamagedTexts) {
  const std::string seeds[] = {
      R"({"schemas":["urn:x"],"name":{"familyName":"M\u00fcller","given":null},"n":[1,-2.5e3,0],"t":true})",
      R"([[{"a":"\ud83d\ude00"},{"a":"\\"}],{"b":{"c":[false,12345678901234567]}}])",
      "\"\xC3\xA9\xF0\x9F\x98\x80\"",
  };
  const std::string_view alphabet = "{}[]\",:\\u0123deE+-.tfn \n\t\x01\x80\xC3\xED\xF0\xFF";
  std::mt19937 random(7643);
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  int accepted = 0;
  int refused = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text = seeds[below(std::size(seeds))];
    for (std::size_t edits = 1 + below(3); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = below(text.size());
      const char c = alphabet[below(alphabet.size())];
      switch (below(3)) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.erase(at, 1 + below(4));
          break;
        default:
          text.insert(at, 1, c);
      }
    }
    const auto value = parse_json(text);
    const auto explained = explain_json_refusal(text, JsonLimits{}.depth);
    if (value) {
      ++accepted;
      ASSERT_EQ(explained.fault, Fault::internal) << text << "\n" << describe(explained);
      const auto again = parse_json(write_json(*value));
      ASSERT_TRUE(again && *again == *value) << text;
    } else {
      ++refused;
      ASSERT_EQ(value.error().fault, Fault::invalid) << text;
    }
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace muster
