// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <clocale>
#include <random>

#include "provision/road/events.h"
#include "provision/runs/lifecycle.h"
#include "tests/provision/world.h"
#include "tests/support/process.h"
#include "tests/support/standing_clock.h"
#include "tests/support/temp_dir.h"

namespace muster::provision {
namespace {

// Files of the same form with different rights.
std::string four_sources() {
  std::string text = R"yaml(
version: mapping/v1
schema:
  profile: generic
  attributes:
    number: text
    title: text
    phones: list<text>
    desk: text
sources:
)yaml";
  for (const char* name : {"hr", "dir", "desk", "base"}) {
    text += std::string("  ") + name + ":\n    kind: csv\n    tag: " + name +
            "\n    records: { text: [id, number, last, title, desk, active], texts: [phones] }\n"
            "    key: id\n    map:\n      number: 'number'\n      lastName: 'last'\n"
            "      title: 'if title == \"-\" then clear else if title == \"?\" then keep else "
            "title'\n      phones: 'phones'\n      desk: 'desk'\n"
            "      enabled: 'if active == \"no\" then false else none'\n";
  }
  return text + R"yaml(
correlate:
  tiers: [{ id: number, match: [number], one: link }]
merge:
  default: { authority: [hr, dir, desk, base] }
  attributes:
    title: { authority: [dir, hr, desk], absent: hold 14d then next, gone: hold 3d }
    phones: { combine: union_fold, gone: keep }
    desk: { authority: [desk, hr], absent: keep }
username: { patterns: ['{lastName}'] }
classify:
  rules: [{ id: chief, class: internal, when: 'title == "Chief"' }]
  otherwise: { id: rest, class: external }
)yaml";
}

// What a source says about one of its records next; "gone": it has it no more.
struct Word {
  SourceKey key = {};
  std::string record = {};
};
using Lane = std::vector<Word>;

class Permutations : public World {
 protected:
  void SetUp() override {}

  void start() {
    provisioner_.reset();
    use(four_sources());
    store::StoreOptions options;
    options.url = support::store_url("sqlite::memory:");
    options.sources = {"hr", "dir", "desk", "base"};
    options.clock = &clock_;
    auto opened = store::Store::open(options);
    ASSERT_TRUE(opened) << describe(opened.error());
    store_ = std::move(*opened);
    provisioner_ = std::make_unique<Provisioner>(*store_, engine_, clock_);
  }

  Submission submission_of(const Word& word) {
    Submission submission;
    if (word.record == "gone") {
      submission.kind = Submission::Kind::gone;
      submission.record.key = word.key;
    } else {
      submission.record = record(word.key.source, word.key.key, word.record);
    }
    return submission;
  }

  // Everything that anybody sees of everybody, ids and times aside.
  std::string world() {
    std::vector<std::string> lines;
    for (auto& one : people()) {
      one.id.clear();
      std::string line = one.user_name + " " + event_body(one, {}) + " " +
                         std::string(muster::name_of(one.state)) + " " + one.state_reason + " " +
                         one.classification_rule;
      for (const auto& attribute : one.attributes)
        line += " " + attribute.name + "<" + attribute.source + " " + attribute.rule;
      for (const auto& finding : one.findings) line += " " + finding.code + finding.message;
      if (one.due) line += " due " + format_timestamp(*one.due);
      lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all;
  }

  std::vector<Lane> random_lanes(std::mt19937& random) {
    const char* titles[] = {"", "Chief", "Clerk", "?", "-"};
    const char* phones[] = {"[]", R"(["1"])", R"(["2","A"])", R"(["a"])"};
    std::vector<Lane> lanes;
    for (int person = 0; person < 6; ++person) {
      const auto number = std::to_string(person);
      const auto base = R"({"number":"n)" + number + R"(","last":"IRIS)" + number + "\"";
      for (const char* source : {"hr", "dir", "desk"}) {
        if (random() % 4 == 0) continue;
        auto& lane = lanes.emplace_back();
        const SourceKey key{source, ResourceType::user, source + number};
        bool there = false;
        for (auto words = 1 + random() % 4; words > 0; --words) {
          if (there && random() % 4 == 0) {
            lane.push_back({key, "gone"});
            there = false;
            continue;
          }
          there = true;
          lane.push_back({key, base + R"(,"title":")" + titles[random() % 5] + R"(","phones":)" +
                                   phones[random() % 4] + R"(,"desk":")" +
                                   (random() % 2 ? "D1" : "") + R"(","active":")" +
                                   (random() % 5 == 0 ? "no" : "") + "\"}"});
        }
      }
      // Somebody always has the person: without any source what is held stays, whatever it was.
      lanes.push_back({{{"base", ResourceType::user, "base" + number}, base + "}"}});
    }
    return lanes;
  }

  std::string deliver(const std::vector<Lane>& lanes, std::mt19937& random, bool in_batches) {
    start();
    std::vector<std::size_t> next(lanes.size(), 0);
    std::vector<Submission> batch;
    const auto send = [&] {
      auto sent = provisioner_->submit(std::exchange(batch, {}), {.actor = "test"});
      EXPECT_TRUE(sent) << describe(sent.error());
    };
    for (;;) {
      std::vector<std::size_t> open;
      for (std::size_t i = 0; i < lanes.size(); ++i)
        if (next[i] < lanes[i].size()) open.push_back(i);
      if (open.empty()) break;
      const auto lane = open[random() % open.size()];
      const auto& word = lanes[lane][next[lane]++];
      for (auto times = 1 + random() % 2; times > 0; --times) batch.push_back(submission_of(word));
      if (!in_batches || batch.size() > 10) send();
    }
    send();
    return world();
  }

  support::StandingClock clock_;
};

TEST_F(Permutations, OrderAndRepetitionOfDeliveriesChangeNothing) {
  std::mt19937 random(5);
  for (int round = 0; round < 6; ++round) {
    const auto lanes = random_lanes(random);
    clock_ = support::StandingClock();
    const auto first = deliver(lanes, random, false);
    clock_.pass(std::chrono::days(4));
    ASSERT_TRUE(run_lifecycle(*provisioner_, "test", clock_, {}));
    const auto later = world();
    for (int again = 0; again < 3; ++again) {
      clock_ = support::StandingClock();
      ASSERT_EQ(deliver(lanes, random, again == 2), first) << "round " << round;
      clock_.pass(std::chrono::days(4));
      ASSERT_TRUE(run_lifecycle(*provisioner_, "test", clock_, {}));
      ASSERT_EQ(world(), later) << "round " << round;
    }
  }
}

// With dotless and dotted i: what Turkish rules would change.
TEST_F(Permutations, TheLocaleOfTheProcessChangesNothing) {
  support::TempDir locales;
  support::run_program(
      {"localedef", "-i", "tr_TR", "-f", "UTF-8", (locales.path() / "tr_TR.UTF-8").string()},
      locales.path());
  std::mt19937 random(9);
  const auto lanes = random_lanes(random);
  std::mt19937 order(1);
  const auto first = deliver(lanes, order, true);
  ::setenv("LOCPATH", locales.path().c_str(), 1);
  ASSERT_NE(std::setlocale(LC_ALL, "tr_TR.UTF-8"), nullptr);
  order.seed(1);
  const auto second = deliver(lanes, order, true);
  std::setlocale(LC_ALL, "C");
  ::unsetenv("LOCPATH");
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace muster::provision
