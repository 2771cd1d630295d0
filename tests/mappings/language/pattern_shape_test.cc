// SPDX-License-Identifier: Apache-2.0
#include "mappings/language/pattern_shape.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>

#include "language_world.h"

namespace muster::mappings {
namespace {

TEST(PatternShape, knows_literals_and_classes_and_leaves_the_rest_to_the_engine) {
  for (const char* literal :
       {"abc", "^abc", "abc$", "^(svc|adm)-", R"(@acme\.example$)", "^a(b|c)d$", "\xC3\xBC"})
    EXPECT_TRUE(PatternShape(literal).is_literal()) << literal;
  for (const char* one : {"[a-z]", "[^A-Za-z0-9 ,.&-]+", R"([\-\]x]+)", "[ ]+", "[-a]"})
    EXPECT_TRUE(PatternShape(one).is_class()) << one;
  for (const char* other :
       {"",       "^",       "$",           "^$",      "a.c",        "a+",     "^ab?",
        "(ab)+",  "a{2}",    "(a|)",        "(?i)a",   R"(\d)",      R"(a\b)", "a|b",
        "[a-z]*", "[a-z]+?", "[[:alpha:]]", R"([\d])", "[\xC3\xBC]", "[]a]",   "[a-z-9]",
        "x[a]",   "[a]x",    "[a][b]",      R"([a\])", "^^a",        "a$b"}) {
    const PatternShape shape(other);
    EXPECT_FALSE(shape.is_literal() || shape.is_class()) << other;
  }
}

std::string random_text(std::mt19937& random, std::string_view letters, std::size_t most) {
  std::string text;
  for (auto left = random() % (most + 1); left > 0; --left)
    text += letters[random() % letters.size()];
  return text;
}

// Whatever is recognised gives what the engine gives.
TEST(PatternShape, agrees_with_the_engine) {
  std::mt19937 random(5);
  int literals = 0;
  int classes = 0;
  re2::RE2::Options quiet;
  quiet.set_log_errors(false);
  for (int round = 0; round < 20'000; ++round) {
    std::string pattern = random() % 2 == 0 ? random_text(random, "ab|(^$-.)\\?", 7)
                                            : "[" + random_text(random, "^ab-\\].cz-", 6) + "]" +
                                                  (random() % 2 == 0 ? "+" : "");
    const PatternShape shape(pattern);
    if (!shape.is_literal() && !shape.is_class()) continue;
    const re2::RE2 engine(pattern, quiet);
    if (!engine.ok()) continue;  // refused before
    (shape.is_literal() ? literals : classes) += 1;
    for (int i = 0; i < 8; ++i) {
      const auto text = random_text(random, "abcz-.^] ", 8) + (i % 2 == 0 ? ""
                                                                          : "\xC3\xBC"
                                                                            "a");
      if (shape.is_literal()) {
        ASSERT_EQ(shape.found_in(text), re2::RE2::PartialMatch(text, engine))
            << pattern << " " << text;
        continue;
      }
      for (const char c : text.substr(0, text.find('\xC3')))
        ASSERT_EQ(shape.contains(c), re2::RE2::FullMatch(std::string(1, c), engine))
            << pattern << " " << text;
      ASSERT_EQ(shape.contains('\xC3'), re2::RE2::FullMatch("\xC3\xBC", engine)) << pattern;
    }
  }
  EXPECT_GT(literals, 500);
  EXPECT_GT(classes, 500);
}

TEST(PatternShape, replacement_of_a_class_is_that_of_the_engine) {
  World world;
  std::mt19937 random(6);
  int changed = 0;
  for (const char* pattern : {"[^a-c]+", "[^a-c]", "[ab-]+", "[.x]"}) {
    for (const char* with : {"", "-", "\xC3\xA9"}) {
      const re2::RE2 engine(pattern);
      for (int i = 0; i < 60; ++i) {
        auto text = "a" + random_text(random, "abcdx.- ", 9) + (i % 3 == 0 ? "\xC3\xBC" : "") + "b";
        auto wanted = text;
        re2::RE2::GlobalReplace(&wanted, engine, with);
        changed += wanted != text;
        const auto program = world.compiled("replace_re(userName, \"" + std::string(pattern) +
                                            "\", \"" + with + "\")");
        ASSERT_TRUE(program);
        const Value record(Value::Object{{"userName", text}});
        world.machine.start(world.layout, {.record = &record});
        const auto outcome = world.machine.run(*program);
        ASSERT_EQ(std::string(outcome.value.text()), wanted) << pattern << " " << text;
      }
    }
  }
  EXPECT_GT(changed, 300);
}

}  // namespace
}  // namespace muster::mappings
