// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <random>

#include "tests/mappings/fixtures.h"

namespace muster::mappings {
namespace {

// Three sources with the same columns; "-" clears and "?" keeps.
std::string file_with(const std::string& rest) {
  std::string text = R"(
version: mapping/v1
schema:
  profile: generic
  attributes: { title: text, phones: list<text> }
sources:
)";
  for (const char* name : {"a", "b", "c"}) {
    text += std::string("  ") + name + ":\n    kind: csv\n    tag: t" + name +
            "\n    records: { text: [id, title, main], texts: [phones] }\n    key: id\n"
            "    primary: 'main == \"yes\"'\n    map:\n      lastName: '\"Lee\"'\n"
            "      title: 'if title == \"-\" then clear else if title == \"?\" then keep else "
            "title'\n      phones: 'phones'\n";
  }
  return text + rest +
         "\nusername: { patterns: ['{lastName}'] }\nclassify: { otherwise: { id: rest, class: "
         "external } }\n";
}

std::string title_rule(const std::string& rule) {
  return file_with("merge: { default: { authority: [ta, tb, tc] }, attributes: { title: { " + rule +
                   " } } }");
}

// "gone" as a record: the source does not have it any more.
struct Delivery {
  int day = 0;
  const char* source = "";
  const char* key = "";
  const char* record = "";
};

Timestamp day(int number) { return at(noon) + std::chrono::days(number); }

// What a store keeps of deliveries, and the person that follows.
class World {
 public:
  explicit World(const Engine& engine) : engine_(engine) {}

  void take(const Delivery& delivery) {
    const auto now = day(delivery.day);
    auto same = [&](const Told& told) {
      const auto& key = told.contribution.key;
      return key.source == delivery.source && key.key == delivery.key;
    };
    auto known = std::find_if(told_.begin(), told_.end(), same);
    if (std::string_view(delivery.record) == "gone") {
      if (known != told_.end() && !known->gone_since) known->gone_since = now;
      return settle(now);
    }
    auto told = told_of(engine_, delivery.source, delivery.key, delivery.record);
    if (known == told_.end()) {
      told_.push_back(std::move(told));
    } else {
      told.contribution = engine_.carry(known->contribution, std::move(told.contribution), now);
      *known = std::move(told);
    }
    settle(now);
  }

  void settle(Timestamp now) {
    KnownPeople held;
    auto settled = engine_.settle(told_, person_ ? &*person_ : nullptr, held, now);
    if (settled) person_ = settled->identity;
  }

  const Identity& person() const { return *person_; }
  bool known() const { return person_.has_value(); }

  std::string title() const { return shown(*person_, "title"); }
  std::string due() const { return person_->due ? format_timestamp(*person_->due) : "never"; }

 private:
  const Engine& engine_;
  std::vector<Told> told_;
  std::optional<Identity> person_;
};

struct Story {
  const char* story;
  const char* rule;
  std::vector<Delivery> deliveries;
  int looked_at;  // day
  const char* title;
  const char* due;
};

const char* const A = R"({"title": "A"})";
const char* const B = R"({"title": "B"})";
const char* const none = "{}";
const char* const keep = R"({"title": "?"})";
const char* const clear = R"({"title": "-"})";

const Story stories[] = {
    {"what a source drops is held",
     "absent: hold 14d then next",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", none}},
     1,
     "\"A\"",
     "2026-12-07T12:00:00Z"},
    {"the hold counts from the drop, not from its last repetition",
     "absent: hold 14d then next",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", none}, {13, "a", "1", none}},
     14,
     "\"A\"",
     "2026-12-07T12:00:00Z"},
    {"then the next one speaks",
     "absent: hold 14d then next",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", none}},
     15,
     "\"B\"",
     "never"},
    {"or nobody",
     "absent: hold 14d then clear",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", none}},
     15,
     "null",
     "never"},
    {"or it stays for good",
     "absent: hold 14d then keep",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", none}},
     900,
     "\"A\"",
     "never"},
    {"a new value ends the hold",
     "absent: hold 14d",
     {{0, "a", "1", A}, {1, "a", "1", none}, {2, "a", "1", B}, {3, "a", "1", none}},
     10,
     "\"B\"",
     "2026-12-09T12:00:00Z"},
    {"clear ends it too",
     "absent: hold 14d",
     {{0, "a", "1", A}, {1, "a", "1", none}, {2, "a", "1", clear}, {3, "a", "1", none}},
     4,
     "null",
     "never"},
    {"a source that never had a value holds nothing",
     "absent: hold 14d",
     {{0, "b", "1", B}, {1, "a", "1", none}},
     2,
     "\"B\"",
     "never"},
    {"a hold behind a stronger word is not waited for",
     "authority: [tb, ta], absent: hold 14d",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", none}},
     2,
     "\"B\"",
     "never"},
    {"without a policy a drop is a drop",
     "absent: next",
     {{0, "a", "1", A}, {1, "a", "1", none}},
     1,
     "null",
     "never"},
    {"absent: keep keeps what the source said",
     "absent: keep",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", none}},
     900,
     "\"A\"",
     "never"},
    {"keep leaves the own last word where nobody else speaks",
     "absent: next",
     {{0, "a", "1", A}, {1, "a", "1", keep}, {2, "a", "1", keep}},
     3,
     "\"A\"",
     "never"},
    {"but another word goes before it",
     "absent: next",
     {{0, "a", "1", A}, {1, "a", "1", keep}, {2, "b", "1", B}},
     3,
     "\"B\"",
     "never"},
    {"a source that left is not heard",
     "gone: next",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", "gone"}},
     1,
     "\"B\"",
     "never"},
    {"gone: hold hears it for a while",
     "gone: hold 30d",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", "gone"}},
     30,
     "\"A\"",
     "2026-12-23T12:00:00Z"},
    {"and not longer",
     "gone: hold 30d",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", "gone"}},
     31,
     "\"B\"",
     "never"},
    {"gone: keep hears it for good",
     "gone: keep",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", "gone"}},
     900,
     "\"A\"",
     "never"},
    {"of two who left the last one is heard",
     "gone: keep",
     {{0, "a", "1", A},
      {0, "a", "2", B},
      {0, "b", "1", none},
      {1, "a", "2", "gone"},
      {2, "a", "1", "gone"}},
     3,
     "\"A\"",
     "never"},
    {"another account of the source goes before one that left",
     "gone: keep",
     {{0, "a", "1", A}, {0, "a", "2", none}, {0, "b", "1", B}, {1, "a", "1", "gone"}},
     3,
     "\"B\"",
     "never"},
    {"who returns speaks for itself",
     "gone: hold 30d",
     {{0, "a", "1", A}, {0, "b", "1", B}, {1, "a", "1", "gone"}, {2, "a", "1", none}},
     3,
     "\"B\"",
     "never"},
};

TEST(Hold, KeepsWhatWasDroppedForItsTime) {
  for (const auto& story : stories) {
    SCOPED_TRACE(story.story);
    auto engine = engine_of(title_rule(story.rule));
    ASSERT_NE(engine, nullptr);
    World world(*engine);
    for (const auto& delivery : story.deliveries) world.take(delivery);
    world.settle(day(story.looked_at));
    EXPECT_EQ(world.title(), story.title);
    EXPECT_EQ(world.due(), story.due);
  }
}

TEST(Hold, UnitesHeldLists) {
  auto engine = engine_of(
      file_with("merge: { attributes: { phones: { combine: union, absent: hold 5d } } }"));
  ASSERT_NE(engine, nullptr);
  World world(*engine);
  world.take({0, "a", "1", R"({"phones": ["1", "2"]})"});
  world.take({0, "b", "1", R"({"phones": ["2", "3"]})"});
  world.take({1, "a", "1", "{}"});
  EXPECT_EQ(shown(world.person(), "phones"), R"(["1","2","3"])");
  world.settle(day(6));
  EXPECT_EQ(shown(world.person(), "phones"), R"(["2","3"])");
}

TEST(GroupMerge, TakesAllWishesOrThoseOfTheStrongestSource) {
  const std::string groups = R"(
groups:
  managed: ["/g/"]
  rules:
    - { id: all, to: '"/g/all"' }
    - { id: a, for: 'from.ta.title', to: '"/g/{item | slug}"' }
    - { id: b, for: 'from.tb.title', to: '"/g/{item | slug}"' }
)";
  struct {
    const char* merge;
    std::vector<const char*> said;  // by a, by b
    std::vector<std::string> paths;
  } const cases[] = {
      {"", {A, B}, {"/g/a", "/g/all", "/g/b"}},
      {"merge: { attributes: { groups: { combine: union } } }", {A, B}, {"/g/a", "/g/all", "/g/b"}},
      {"merge: { attributes: { groups: { authority: [tb, ta], combine: winner } } }",
       {A, B},
       {"/g/all", "/g/b"}},
      {"merge: { attributes: { groups: { authority: [tb, ta], combine: winner } } }",
       {A, none},
       {"/g/a", "/g/all"}},
      {"merge: { attributes: { groups: { authority: [tb] } } }", {A, none}, {"/g/all"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.merge);
    auto engine = engine_of(file_with(c.merge + groups));
    ASSERT_NE(engine, nullptr);
    const Told told[] = {told_of(*engine, "a", "1", c.said[0]),
                         told_of(*engine, "b", "1", c.said[1])};
    KnownPeople held;
    auto settled = engine->settle(told, nullptr, held, at(noon));
    ASSERT_TRUE(settled.has_value());
    std::vector<std::string> paths;
    for (const auto& group : settled->identity.groups) paths.push_back(group.path);
    EXPECT_EQ(paths, c.paths);
  }
}

TEST(Hold, IsRefusedWhenItIsNotWellWritten) {
  for (const char* rule : {"absent: hold", "absent: hold 14d next", "absent: hold x then next",
                           "gone: clear", "gone: hold 3d then clear", "absent: hold 14d then"}) {
    SCOPED_TRACE(rule);
    auto loaded = Engine::load_text(title_rule(rule), "m.yaml");
    ASSERT_TRUE(has_errors(loaded.diagnostics));
    EXPECT_EQ(loaded.diagnostics[0].code, "E-VALUE");
  }
}

TEST(Primary, SaysWhichAccountSpeaksFirst) {
  auto engine = engine_of(file_with(""));
  ASSERT_NE(engine, nullptr);
  World world(*engine);
  world.take({0, "a", "1", R"({"title": "low key"})"});
  world.take({0, "a", "2", R"({"title": "primary", "main": "yes"})"});
  EXPECT_EQ(world.title(), "\"primary\"");
  world.take({1, "a", "1", R"({"title": "both", "main": "yes"})"});
  EXPECT_EQ(world.title(), "\"both\"");
}

TEST(Primary, MayBeAnythingWithAnOrder) {
  auto text = file_with("");
  for (auto at = text.find("'main == \"yes\"'"); at != text.npos;
       at = text.find("'main == \"yes\"'"))
    text.replace(at, 15, "'int(main)'");
  auto engine = engine_of(text);
  ASSERT_NE(engine, nullptr);
  World world(*engine);
  world.take({0, "a", "1", R"({"title": "none"})"});
  world.take({0, "a", "2", R"({"title": "ten", "main": "10"})"});
  world.take({0, "a", "3", R"({"title": "nine", "main": "9"})"});
  EXPECT_EQ(world.title(), "\"nine\"");
}

TEST(Absence, IsSaidAndThenEnds) {
  auto engine = engine_of(file_with("lifecycle: { absent: { grace: 7d } }"));
  ASSERT_NE(engine, nullptr);
  auto told = told_of(*engine, "a", "1", A);
  told.missing_since = day(1);
  KnownPeople held;
  auto settled = engine->settle(std::span(&told, 1), nullptr, held, day(2));
  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->identity.state, IdentityState::active);
  EXPECT_EQ(settled->identity.state_reason,
            "absent from every source since 2026-11-23T12:00:00Z; becomes inactive at "
            "2026-11-30T12:00:00Z unless it comes back (lifecycle.absent.grace)");
  EXPECT_EQ(settled->identity.due, day(8));
  Told both[] = {told, told_of(*engine, "b", "1", B)};
  settled = engine->settle(both, nullptr, held, day(2));
  ASSERT_TRUE(settled.has_value());
  EXPECT_EQ(settled->identity.state_reason, "");
  EXPECT_EQ(settled->identity.due, day(8));
}

TEST(Absence, IsKeptForItsTimeAndThenDeleted) {
  auto engine =
      engine_of(file_with("lifecycle: { absent: { grace: 7d, retain: 400d, finally: delete } }"));
  ASSERT_NE(engine, nullptr);
  World world(*engine);
  world.take({0, "a", "1", A});
  world.take({1, "a", "1", "gone"});
  EXPECT_EQ(world.person().state, IdentityState::inactive);
  EXPECT_EQ(world.person().state_reason,
            "no source has a record of this person any more since 2026-11-23T12:00:00Z; deleted at "
            "2027-12-28T12:00:00Z unless it comes back (lifecycle.absent.retain)");
  EXPECT_EQ(world.title(), "\"A\"");
  EXPECT_EQ(world.due(), "2027-12-28T12:00:00Z");
  world.settle(day(400));
  EXPECT_EQ(world.person().state, IdentityState::inactive);
  World returned = world;
  returned.take({400, "a", "1", B});
  EXPECT_EQ(returned.person().state, IdentityState::active);
  EXPECT_EQ(returned.person().user_name, "lee");
  EXPECT_EQ(returned.title(), "\"B\"");
  world.settle(day(401));
  EXPECT_EQ(world.person().state, IdentityState::deleted);
  EXPECT_EQ(world.person().user_name, "lee");
  EXPECT_EQ(world.title(), "null");
  EXPECT_EQ(world.person().attributes.size(), 1u);
  EXPECT_EQ(world.due(), "never");
  world.settle(day(500));
  EXPECT_EQ(world.person().state, IdentityState::deleted);
}

TEST(Absence, NeedsATimeBeforeItDeletes) {
  auto loaded =
      Engine::load_text(file_with("lifecycle: { absent: { finally: delete } }"), "m.yaml");
  ASSERT_TRUE(has_errors(loaded.diagnostics));
  EXPECT_EQ(loaded.diagnostics[0].code, "E-MISSING");
}

// Histories of three sources with changes, drops, deletions and returns, told in another order
// (each record's own order stays) and with repetitions, end in the same person.
TEST(Hold, OrderAndRepetitionOfHistoriesDoNotMatter) {
  const char* rules[] = {"absent: hold 14d then next", "absent: keep, gone: hold 3d",
                         "gone: keep, absent: hold 2d then clear", "gone: hold 30d then keep"};
  const char* words[] = {none,
                         A,
                         B,
                         keep,
                         clear,
                         R"({"title": "C", "main": "yes"})",
                         R"({"phones": ["1", "2"]})",
                         R"({"phones": ["2", "3"]})",
                         "gone"};
  const char* const accounts[][2] = {{"a", "1"}, {"a", "2"}, {"b", "1"}, {"c", "1"}};
  std::mt19937 random(11);
  for (const char* rule : rules) {
    auto engine = engine_of(file_with(
        std::string("merge: { default: { authority: [tb, ta, tc] }, attributes: { title: { ") +
        rule + " }, phones: { combine: union_fold, " + rule + " } } }"));
    ASSERT_NE(engine, nullptr);
    for (int round = 0; round < 100; ++round) {
      std::vector<std::vector<Delivery>> lanes;
      for (const auto& account : accounts) {
        auto& lane = lanes.emplace_back();
        const auto length = 1 + random() % 4;
        for (unsigned i = 0; i < length; ++i)
          lane.push_back({static_cast<int>(random() % 6), account[0], account[1],
                          words[random() % std::size(words)]});
        std::sort(lane.begin(), lane.end(),
                  [](const Delivery& x, const Delivery& y) { return x.day < y.day; });
      }
      // Somebody always has the person: without any source what is held stays, whatever it was.
      lanes.push_back({{0, "c", "2", "{}"}});
      std::optional<Identity> first;
      for (int again = 0; again < 4; ++again) {
        World world(*engine);
        std::vector<std::size_t> next(lanes.size(), 0);
        world.take(lanes.back()[next.back()++]);
        for (;;) {
          std::vector<std::size_t> open;
          for (std::size_t i = 0; i < lanes.size(); ++i)
            if (next[i] < lanes[i].size()) open.push_back(i);
          if (open.empty()) break;
          const auto lane = open[random() % open.size()];
          const auto& delivery = lanes[lane][next[lane]++];
          world.take(delivery);
          if (random() % 3 == 0) world.take(delivery);
        }
        world.settle(day(7));
        if (!first) first = world.person();
        ASSERT_TRUE(same_person_facts(*first, world.person())) << rule << " round " << round;
        ASSERT_EQ(first->due, world.person().due);
      }
    }
  }
}

}  // namespace
}  // namespace muster::mappings
