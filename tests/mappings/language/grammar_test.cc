// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "language_world.h"
#include "mappings/language/ast.h"

namespace muster::mappings {
namespace {

// An expression, how it is understood (with all its parentheses), and what it gives for the record
// of these tests.
struct Sentence {
  const char* line;
  const char* understood;
  const char* result;
};

constexpr const char* record = R"({"a":"x","uac":5,"phones":["1","22"],"mobile":["22"],
  "end":"2026-11-22","active":true,"postalCode;lang-de":"10115","name":{"givenName":"Ann"},
  "emails":[{"type":"work","value":"w@x.example","primary":true},{"type":"home","value":"h@x.example"}]})";

void tell(std::initializer_list<Sentence> sentences) {
  World world;
  for (const auto& sentence : sentences) {
    SCOPED_TRACE(sentence.line);
    SyntaxError error;
    const auto tree = parse(sentence.line, error);
    ASSERT_TRUE(tree) << error.message;
    const auto same_tree = parse(sentence.understood, error);
    ASSERT_TRUE(same_tree) << error.message;
    EXPECT_TRUE(same(*tree, *same_tree)) << print(*tree) << " is not " << print(*same_tree);
    EXPECT_EQ(world.evaluate(sentence.line, record), sentence.result);
  }
}

TEST(Grammar, pipes_and_steps) {
  tell({
      {"a | upper", "upper(a)", "X"},
      {"a | upper()", "upper(a)", "X"},
      {"a | pad_left(3, \"0\") | upper", "upper(pad_left(a, 3, \"0\"))", "00X"},
      {"b ?? a | upper", "upper(b ?? a)", "X"},
      {"uac + 1 | text", "text(uac + 1)", "6"},
  });
}

TEST(Grammar, precedence_from_or_down_to_sums) {
  tell({
      {"a == \"x\" or a == \"y\" and b == \"z\"", "(a == \"x\") or ((a == \"y\") and (b == \"z\"))",
       "true"},
      {"not a == \"y\" and true", "(not (a == \"y\")) and true", "true"},
      {"not not true", "not (not true)", "true"},
      {"b ?? a == \"x\"", "(b ?? a) == \"x\"", "true"},
      {"uac + 1 - 2 == 4", "((uac + 1) - 2) == 4", "true"},
      {"b ?? none ?? a", "(b ?? none) ?? a", "x"},
      {"phones ++ mobile ++ [a]", "(phones ++ mobile) ++ [a]", R"(["1","22","22","x"])"},
      {"mobile ?? phones ++ mobile", "mobile ?? (phones ++ mobile)", R"(["22"])"},
      {"a not in [\"y\"]", "not (a in [\"y\"])", "true"},
      {"a not ~ \"^y\"", "not (a ~ \"^y\")", "true"},
      {"-3 + uac", "(-3) + uac", "2"},
  });
}

TEST(Grammar, choices_reach_as_far_as_they_can) {
  tell({
      {"if a == \"y\" then \"1\" else a | upper", "if a == \"y\" then \"1\" else upper(a)", "X"},
      {"(if a == \"x\" then \"b\" else a) | upper", "upper(if a == \"x\" then \"b\" else a)", "B"},
      {"if a == \"y\" then \"1\" else if a == \"x\" then \"2\" else \"3\"",
       "if a == \"y\" then \"1\" else (if a == \"x\" then \"2\" else \"3\")", "2"},
      {"switch(a, \"x\" => b ?? \"none\", \"y\" => a, else => clear)",
       "switch(a, \"x\" => (b ?? \"none\"), \"y\" => a, else => clear)", "none"},
      {"switch(uac, 5 => emails, else => emails)[primary].value | first",
       "first((switch(uac, 5 => emails, else => emails))[primary].value)", "w@x.example"},
  });
}

TEST(Grammar, paths_filters_and_odd_names) {
  tell({
      {"name.givenName", "(name).givenName", "Ann"},
      {"emails[type == \"home\"].value | first", "first((emails[type == \"home\"]).value)",
       "h@x.example"},
      {"emails[primary][type == \"work\"].value", "((emails[primary])[type == \"work\"]).value",
       R"(["w@x.example"])"},
      {"(phones ++ mobile) | last", "last(phones ++ mobile)", "22"},
      {"attr(\"postalCode;lang-de\")", "attr(\"postalCode;lang-de\")", "10115"},
      {"attr('a') | upper", "upper(attr('a'))", "X"},
  });
}

TEST(Grammar, literals) {
  tell({
      {"\"it's\"", "\"it\\'s\"", "it's"},
      {"'say \"hi\"'", "\"say \\\"hi\\\"\"", "say \"hi\""},
      {"\"\\{a\\}\"", "'\\{a\\}'", "{a}"},
      {"[]", "[]", "none"},
      {"[\"p\", none, a]", "[\"p\", none, a]", R"(["p","x"])"},
      {"36h == 1d + 12h", "(36h) == (1d + 12h)", "true"},
      {"2w == 14d", "2w == 14d", "true"},
      {"90s < 2m", "90s < 2m", "true"},
      {"end == 2026-11-22", "end == 2026-11-22", "true"},
      {"end < 2026-11-22T00:00:01Z", "end < 2026-11-22T00:00:01Z", "true"},
      {"end - \"P1M\" + 1d", "(end - \"P1M\") + 1d", "2026-10-23"},
      {"true", "true", "true"},
  });
}

TEST(Grammar, templates) {
  tell({
      {"\"{a}-{b?}-{uac}\"", "\"{(a)}-{(b)?}-{(uac)}\"", "x--5"},
      {"\"{a}-{b}\"", "\"{(a)}-{(b)}\"", "none"},
      {"\"{a | upper}{b ?? \"inner {a}\"}\"", "\"{upper(a)}{b ?? \"inner {a}\"}\"", "Xinner x"},
      {"\"{if a == \"x\" then \"1\" else \"2\"}\"", "\"{(if a == \"x\" then \"1\" else \"2\")}\"",
       "1"},
  });
}

TEST(Grammar, regular_expressions_are_raw) {
  tell({
      {"a ~ \"^x{1,2}$\"", "a ~ \"^x{1,2}$\"", "true"},
      {"a ~ \"^\\\\w$\"", "a ~ \"^\\\\w$\"", "true"},
      {"a ~ '^\\w$'", "a ~ '^\\\\w$'", "true"},
      {"replace_re(a, \"x{1}\", \"\\\\0!\")", "replace_re(a, \"x{1}\", \"\\\\0!\")", "x!"},
      {"a | find_re(\"[a-z]{1}\")", "find_re(a, \"[a-z]{1}\")", "x"},
      {"find_re(x: a, pattern: \"x{1}\")", "find_re(x: a, pattern: \"x{1}\")", "x"},
  });
}

TEST(Grammar, lambdas) {
  tell({
      {"phones | map(p => p | pad_left(3, \"0\"))", "map(phones, p => pad_left(p, 3, \"0\"))",
       R"(["001","022"])"},
      {"phones | filter(p => mobile | any(m => m == p))",
       "filter(phones, p => any(mobile, m => m == p))", R"(["22"])"},
      {"phones | map(p => \"{p}{a}\") | all(q => ends(q, a))",
       "all(map(phones, p => \"{p}{a}\"), q => ends(q, a))", "true"},
      {"phones | map(p => emails | filter(e => e.type == \"work\") | map(e => \"{p}{e.type}\"))"
       " | flatten",
       "flatten(map(phones, p => map(filter(emails, e => e.type == \"work\"), e => "
       "\"{p}{e.type}\")))",
       R"(["1work","22work"])"},
  });
}

TEST(Grammar, fragments_lift_none) {
  World world;
  const auto lifted = world.compiled("clean(a)");
  ASSERT_TRUE(lifted);
  EXPECT_TRUE(lifted->type().optional);
  const auto sure = world.compiled("clean(must)");
  ASSERT_TRUE(sure);
  EXPECT_FALSE(sure->type().optional);
  const auto filled = world.compiled("clean(a ?? \"x\")");
  ASSERT_TRUE(filled);
  EXPECT_FALSE(filled->type().optional);
}

TEST(Grammar, flow_words_stand_at_the_end_only) {
  World world;
  for (const char* line : {"clear", "a ?? keep", "if a == \"x\" then clear else a",
                           "switch(a, \"x\" => keep, else => clear)",
                           "if a == \"x\" then (if b == \"y\" then keep else a) else b ?? clear"})
    EXPECT_TRUE(world.compiled(line, {.flow = true})) << line;
  for (const char* line : {"clear ?? a", "upper(clear)", "a ?? keep | upper", "[clear]",
                           "\"{keep}\"", "clear == a", "not clear", "phones | map(p => clear)",
                           "(if a == \"x\" then clear else a) | upper", "emails[clear]"}) {
    EXPECT_FALSE(world.compiled(line, {.flow = true})) << line;
    ASSERT_FALSE(world.diagnostics.empty()) << line;
    EXPECT_EQ(world.diagnostics[0].code, "E-TYPE") << line;
  }
}

TEST(Grammar, what_may_be_none_cannot_decide) {
  World world;
  for (const char* line :
       {"if active then a else b", "not active", "active and a == b", "a == b or active",
        "phones | any(p => active)", "if active ?? none then a else b"}) {
    EXPECT_FALSE(world.compiled(line, {.flow = true})) << line;
    ASSERT_FALSE(world.diagnostics.empty()) << line;
    EXPECT_EQ(world.diagnostics[0].code, "E-BOOL-OPT") << line;
  }
  for (const char* line : {"if active ?? false then a else b", "not (active ?? true)",
                           "emails[primary]", "emails[not primary]", "emails[primary or false]"})
    EXPECT_TRUE(world.compiled(line, {.flow = true})) << line;
}

}  // namespace
}  // namespace muster::mappings
