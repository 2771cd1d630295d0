// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

// Three sources with the same columns; "-" clears and "?" keeps.
std::string file_with(const std::string& merge, const std::string& title_when = "always") {
  std::string text = R"(
version: mapping/v1
schema:
  profile: generic
  attributes: { title: text, phones: list<text>, note: text }
fragments: { said: { params: { x: text }, expr: 'x' } }
sources:
)";
  for (const char* name : {"a", "b", "c"}) {
    text += std::string("  ") + name + ":\n    kind: csv\n    tag: t" + name +
            "\n    records: { text: [id, title, note, active], texts: [phones] }\n    key: id\n    "
            "map:\n"
            "      lastName: '\"Lee\"'\n"
            "      title: { expr: 'if title == \"-\" then clear else if title == \"?\" then keep "
            "else said(title)', when: " +
            (name == std::string("c") ? title_when : "always") + " }\n" +
            "      phones: 'phones'\n      note: 'note'\n"
            "      enabled: 'if active == \"no\" then false else if active == \"yes\" then true "
            "else none'\n";
  }
  return text + merge +
         "\nusername: { patterns: ['{lastName}'] }\nclassify: { otherwise: { id: rest, class: "
         "external } }\n";
}

constexpr const char* by_name = "merge: { default: { authority: [ta, tb, tc] } }";

struct Say {
  const char* source;
  const char* key;
  const char* record;
};

Settled settle(const Engine& engine, const std::vector<Say>& said,
               const Identity* before = nullptr) {
  std::vector<Told> told;
  for (const auto& one : said) told.push_back(told_of(engine, one.source, one.key, one.record));
  KnownPeople held;
  auto settled = engine.settle(told, before, held, at(noon));
  EXPECT_TRUE(settled.has_value()) << (settled ? "" : describe(settled.error()));
  return settled ? *std::move(settled) : Settled{};
}

// "value source rule" of the title.
std::string title_of(const Settled& settled) {
  const auto* title = settled.identity.find("title");
  return title ? shown(title->value) + " " + title->source + " " + title->rule : "none";
}

struct Story {
  const char* story;
  const char* merge;
  std::vector<Say> said;
  const char* title;
};

const Story stories[] = {
    {"the strongest wins, with provenance",
     by_name,
     {{"b", "1", R"({"title": "B"})"}, {"a", "1", R"({"title": "A"})"}},
     "\"A\" ta sources.a.map.title"},
    {"none lets the next one speak",
     by_name,
     {{"a", "1", "{}"}, {"b", "1", R"({"title": "B"})"}},
     "\"B\" tb sources.b.map.title"},
    {"clear stops the search",
     by_name,
     {{"a", "1", R"({"title": "-"})"}, {"b", "1", R"({"title": "B"})"}},
     "none"},
    {"keep is as if the line did not exist",
     by_name,
     {{"a", "1", R"({"title": "?"})"}, {"b", "1", R"({"title": "B"})"}},
     "\"B\" tb sources.b.map.title"},
    {"a source without authority cannot speak",
     "merge: { attributes: { title: { authority: [tb] } } }",
     {{"a", "1", R"({"title": "A"})"}},
     "none"},
    {"another order for one attribute",
     "merge: { default: { authority: [ta, tb] }, attributes: { title: { authority: [tb, ta] } } }",
     {{"a", "1", R"({"title": "A"})"}, {"b", "1", R"({"title": "B"})"}},
     "\"B\" tb sources.b.map.title"},
    {"absent: clear is an authoritative nothing",
     "merge: { attributes: { title: { authority: [ta, tb], absent: clear } } }",
     {{"a", "1", "{}"}, {"b", "1", R"({"title": "B"})"}},
     "none"},
    {"but only of a source that has the person",
     "merge: { attributes: { title: { authority: [ta, tb], absent: clear } } }",
     {{"b", "1", R"({"title": "B"})"}},
     "\"B\" tb sources.b.map.title"},
    {"two accounts of one source: the lower key",
     by_name,
     {{"a", "2", R"({"title": "second"})"}, {"a", "1", R"({"title": "first"})"}},
     "\"first\" ta sources.a.map.title"},
    {"the other account fills in before another source",
     by_name,
     {{"a", "2", R"({"title": "second"})"}, {"a", "1", "{}"}, {"b", "1", R"({"title": "B"})"}},
     "\"second\" ta sources.a.map.title"},
};

TEST(Merge, ByAuthority) {
  for (const auto& c : stories) {
    SCOPED_TRACE(c.story);
    auto engine = engine_of(file_with(c.merge));
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(title_of(settle(*engine, c.said)), c.title);
  }
}

TEST(Merge, AWhenEmptyLineSpeaksOnlyIfNobodyElseDoes) {
  auto engine = engine_of(file_with("merge: { default: { authority: [tc, ta, tb] } }", "empty"));
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(
      title_of(settle(*engine, {{"c", "1", R"({"title": "C"})"}, {"b", "1", R"({"title": "B"})"}})),
      "\"B\" tb sources.b.map.title");
  EXPECT_EQ(title_of(settle(*engine, {{"c", "1", R"({"title": "C"})"}, {"b", "1", "{}"}})),
            "\"C\" tc sources.c.map.title");
}

TEST(Merge, AWhenCreateLineIsFrozenAndItsDriftIsSaid) {
  auto engine = engine_of(file_with("merge: { default: { authority: [tc, ta] } }", "create"));
  ASSERT_NE(engine, nullptr);
  auto first = settle(*engine, {{"c", "1", R"({"title": "C"})"}}).identity;
  auto later =
      settle(*engine, {{"c", "1", R"({"title": "new"})"}, {"a", "1", R"({"title": "A"})"}}, &first);
  EXPECT_EQ(title_of(later), "\"C\" tc sources.c.map.title");
  ASSERT_EQ(later.identity.findings.size(), 1u);
  EXPECT_EQ(later.identity.findings[0].code, "W-DRIFT");
  auto same = settle(*engine, {{"c", "1", R"({"title": "C"})"}}, &first);
  EXPECT_TRUE(same.identity.findings.empty());
}

TEST(Merge, ListsAreUnited) {
  const std::vector<Say> said = {{"b", "1", R"({"phones": ["X", "y"]})"},
                                 {"a", "1", R"({"phones": ["x", "y", "z"]})"}};
  struct {
    const char* combine;
    const char* phones;
  } const cases[] = {{"winner", R"(["x","y","z"])"},
                     {"union", R"(["x","y","z","X"])"},
                     {"union_fold", R"(["x","y","z"])"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.combine);
    auto engine = engine_of(file_with(
        std::string(
            "merge: { default: { authority: [ta, tb] }, attributes: { phones: { combine: ") +
        c.combine + " } } }"));
    ASSERT_NE(engine, nullptr);
    EXPECT_EQ(shown(settle(*engine, said).identity, "phones"), c.phones);
  }
}

TEST(Merge, SourcesStandInMergeOrder) {
  auto engine = engine_of(file_with("merge: { default: { authority: [tc, ta] } }"));
  ASSERT_NE(engine, nullptr);
  auto settled = settle(*engine, {{"a", "1", "{}"}, {"b", "1", "{}"}, {"c", "1", "{}"}});
  EXPECT_EQ(settled.identity.sources, (std::vector<std::string>{"tc", "ta", "tb"}));
}

struct Enabled {
  const char* story;
  std::vector<Say> said;
  IdentityState state;
  const char* reason;
};

TEST(Merge, EnabledComesFromTheStrongestThatHasAnOpinion) {
  auto engine = engine_of(file_with(by_name));
  ASSERT_NE(engine, nullptr);
  const Enabled cases[] = {
      {"nobody has one", {{"a", "1", "{}"}}, IdentityState::active, ""},
      {"the strongest says no",
       {{"a", "1", R"({"active": "no"})"}, {"b", "1", R"({"active": "yes"})"}},
       IdentityState::inactive,
       "source ta says inactive (sources.a.map.enabled)"},
      {"the strongest says yes",
       {{"a", "1", R"({"active": "yes"})"}, {"b", "1", R"({"active": "no"})"}},
       IdentityState::active,
       ""},
      {"the strongest is silent",
       {{"a", "1", "{}"}, {"b", "1", R"({"active": "no"})"}},
       IdentityState::inactive,
       "source tb says inactive (sources.b.map.enabled)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto settled = settle(*engine, c.said);
    EXPECT_EQ(settled.identity.state, c.state);
    EXPECT_EQ(settled.identity.state_reason, c.reason);
    EXPECT_EQ(settled.identity.find("enabled"), nullptr);
  }
}

// For any order and any repetition of the same deliveries the person is the same.
TEST(Merge, OrderAndRepetitionOfDeliveriesDoNotMatter) {
  const char* merges[] = {by_name, "merge: { default: { authority: [tb, ta, tc], absent: clear } }",
                          "merge: { default: { authority: [tc, tb, ta] }, attributes: { phones: { "
                          "combine: union_fold }, title: { absent: keep } } }"};
  const char* words[] = {"{}", R"({"title": "x", "phones": ["1", "2"]})",
                         R"({"title": "-", "note": "n"})",
                         R"({"title": "?", "phones": ["2", "A"], "active": "no"})",
                         R"({"note": "m", "phones": ["a"], "active": "yes"})"};
  std::mt19937 random(7);
  for (const char* merge : merges) {
    auto engine = engine_of(file_with(merge));
    ASSERT_NE(engine, nullptr);
    KnownPeople held;
    for (int round = 0; round < 200; ++round) {
      std::vector<Told> told;
      for (const char* source : {"a", "b", "c"})
        for (const char* key : {"1", "2"})
          if (random() % 3 != 0) told.push_back(told_of(*engine, source, key, words[random() % 5]));
      if (told.empty()) continue;
      auto first = engine->settle(told, nullptr, held, at(noon));
      ASSERT_TRUE(first.has_value());
      for (int again = 0; again < 4; ++again) {
        auto shuffled = told;
        shuffled.push_back(told[random() % told.size()]);
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        auto other = engine->settle(shuffled, nullptr, held, at(noon));
        ASSERT_TRUE(other.has_value());
        ASSERT_TRUE(same_person_facts(first->identity, other->identity));
        auto held_same = engine->settle(shuffled, &first->identity, held, at(noon));
        ASSERT_TRUE(held_same.has_value());
        ASSERT_TRUE(same_person_facts(first->identity, held_same->identity));
      }
    }
  }
}

}  // namespace
}  // namespace muster::mappings
