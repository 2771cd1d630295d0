// SPDX-License-Identifier: Apache-2.0
// Plays the stories of tests/scenarios/stories (the format is in the README there).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "core/json.h"
#include "core/text.h"
#include "provision/people/rename.h"
#include "provision/provisioner.h"
#include "provision/runs/lifecycle.h"
#include "provision/runs/sync_run.h"
#include "tests/support/every_engine.h"
#include "tests/support/postgres.h"
#include "tests/support/standing_clock.h"
#include "tests/support/temp_dir.h"

namespace muster::provision {
namespace {

const std::filesystem::path folder =
    std::filesystem::path(MUSTER_SOURCE_DIR) / "tests/scenarios/stories";

struct Line {
  int number = 0;
  std::vector<std::string> words = {};
  std::string rest = {};                  // of `expect`, behind the word
  std::vector<std::string> records = {};  // the JSON lines below an event
};

struct Story {
  std::string file = {};
  std::string mapping = {};
  bool any_order = false;
  std::vector<Line> lines = {};
};

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);)
    if (!is_blank(part)) parts.emplace_back(trim_blanks(part));
  return parts;
}

Story read_story(const std::filesystem::path& path) {
  Story story;
  story.file = path.string();
  std::ifstream in(path);
  int number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (is_blank(text) || text.starts_with('#')) continue;
    if (text.starts_with("mapping: ")) {
      story.mapping = text.substr(9);
    } else if (text == "in any order") {
      story.any_order = true;
    } else if (text.starts_with(' ')) {
      story.lines.back().records.push_back(text);
    } else {
      story.lines.push_back({number, split(text, ' '), text.substr(text.find(' ') + 1), {}});
    }
  }
  return story;
}

class Delivery : public Source {
 public:
  explicit Delivery(std::vector<SourceRecord> records) : records_(std::move(records)) {}
  Result<Pull> pull(const Sink& sink, std::stop_token) override {
    Batch batch;
    batch.records = records_;
    MUSTER_CHECK(sink(std::move(batch)));
    return Pull{.complete = true, .why_incomplete = {}, .records = records_.size(), .server = {}};
  }

 private:
  std::vector<SourceRecord> records_;
};

// One playing of a story, on a store of its own.
class Stage {
 public:
  explicit Stage(const Story& story) : story_(story) {
    auto loaded = mappings::Engine::load_file(folder / story.mapping);
    for (const auto& one : loaded.diagnostics) ADD_FAILURE() << describe(one);
    store::StoreOptions options;
    options.url = support::store_url("sqlite:" + (temp_.path() / "muster.db").string());
    options.clock = &clock_;
    for (const auto& source : loaded.engine->sources()) options.sources.push_back(source.name);
    auto opened = store::Store::open(options);
    if (!opened) {
      ADD_FAILURE() << describe(opened.error());
      return;
    }
    store_ = std::move(*opened);
    provisioner_ = std::make_unique<Provisioner>(*store_, loaded.engine, clock_);
  }

  void play(const Line& line) {
    const testing::ScopedTrace trace(story_.file.c_str(), line.number, "in the story");
    if (!provisioner_) return;
    if (line.words[0] == "at") return event(line);
    if (line.words[0] == "expect") return expect(line.rest);
    ADD_FAILURE() << "a line begins with at, expect, mapping: or two blanks";
  }

 private:
  void event(const Line& line) {
    const auto& words = line.words;
    const auto time = parse_timestamp(words[1]);
    ASSERT_TRUE(time) << words[1];
    clock_.set(*time);
    const auto last = words.back();
    if (words[3] == "delivers") {
      last == "everything" ? read_all(words[2], line) : push(words[2], line);
    } else if (words[3] == "loses") {
      Submission gone;
      gone.kind = Submission::Kind::gone;
      gone.record.key = {words[2], ResourceType::user, last};
      const auto outcome = provisioner_->submit_one(std::move(gone), {.actor = "story"});
      EXPECT_TRUE(outcome) << describe(outcome.error());
    } else if (words[2] == "time" && last == "passes") {
      const auto runs = run_lifecycle(*provisioner_, "story", clock_, {});
      EXPECT_TRUE(runs) << describe(runs.error());
    } else if (words[3] == "renames") {
      const auto person = find(words[4]);
      ASSERT_TRUE(person) << "nobody is called " << words[4];
      const auto renamed = rename(*provisioner_, person->id, last, words[2], clock_.now());
      EXPECT_TRUE(renamed) << describe(renamed.error());
    } else {
      ADD_FAILURE() << "nobody knows how to '" << words[3] << "'";
    }
  }

  std::vector<SourceRecord> records(const std::string& source, const Line& line) {
    const auto* info = provisioner_->engine()->source(source);
    std::vector<SourceRecord> all;
    for (const auto& text : line.records) {
      auto attributes = parse_json(text);
      const auto* key = attributes && info ? attributes->find(info->key) : nullptr;
      if (key == nullptr || !key->is_text()) {
        ADD_FAILURE() << "no record of source " << source << " with its key: " << text;
        continue;
      }
      SourceRecord record;
      record.key = {source, ResourceType::user, key->as_text()};
      if (const auto* dn = attributes->find("dn")) record.aliases.push_back(dn->as_text());
      record.document = write_json(*attributes);
      all.push_back(std::move(record));
    }
    return all;
  }

  void push(const std::string& source, const Line& line) {
    std::vector<Submission> batch;
    for (auto& record : records(source, line)) {
      batch.emplace_back();
      batch.back().record = std::move(record);
    }
    const auto outcomes = provisioner_->submit(std::move(batch), {.actor = "story"});
    ASSERT_TRUE(outcomes) << describe(outcomes.error());
    for (const auto& outcome : *outcomes) EXPECT_TRUE(outcome) << describe(outcome.error());
  }

  void read_all(const std::string& source, const Line& line) {
    Delivery delivery(records(source, line));
    RunRequest request;
    request.source = source;
    request.actor = "story";
    request.spool_directory = temp_.path();
    const auto run = run_source(*provisioner_, delivery, request, clock_, {});
    ASSERT_TRUE(run) << describe(run.error());
    EXPECT_EQ(run->row.state, store::RunState::done);
  }

  static void same(std::size_t count, const std::string& wanted) {
    EXPECT_EQ(std::to_string(count), wanted);
  }

  void expect(const std::string& what) {
    const auto words = split(what, ' ');
    if (what.starts_with("a review that names ")) return names_all(words);
    if (what.find(':') == std::string::npos && words.back().starts_with("pe"))
      return same(people().size(), words[0]);
    if (what.find(':') == std::string::npos && words.back().starts_with("review")) {
      auto reader = store_->reader();
      const auto open = (*reader)->reviews().list("", store::ReviewState::open, "", 1000);
      ASSERT_TRUE(open) << describe(open.error());
      return same(open->size(), words[0]);
    }
    if (words[0] == "nobody") {
      EXPECT_FALSE(find(words.back())) << words.back();
      return;
    }
    const auto colon = what.find(": ");
    ASSERT_NE(colon, std::string::npos) << what;
    const auto person = find(split(what.substr(0, colon), ' ').back());
    ASSERT_TRUE(person) << "there is no such person";
    for (const auto& claim : split(what.substr(colon + 2), ';')) check(*person, claim);
  }

  // "a review that names ann and bob and ..."
  void names_all(const std::vector<std::string>& words) {
    std::set<std::string> wanted;
    for (std::size_t i = 4; i < words.size(); i += 2) {
      const auto person = find(words[i]);
      ASSERT_TRUE(person) << "nobody is called " << words[i];
      wanted.insert(person->id);
    }
    auto reader = store_->reader();
    const auto open = (*reader)->reviews().list("", store::ReviewState::open, "", 1000);
    ASSERT_TRUE(open) << describe(open.error());
    EXPECT_TRUE(std::any_of(open->begin(), open->end(), [&](const auto& review) {
      return std::set(review.candidates.begin(), review.candidates.end()) == wanted;
    }));
  }

  static void check(const Identity& person, const std::string& claim) {
    const auto equals = claim.find(" = ");
    ASSERT_NE(equals, std::string::npos) << claim;
    const auto name = claim.substr(0, equals);
    auto value = claim.substr(equals + 3);
    if (name == "finding") {
      EXPECT_TRUE(std::any_of(person.findings.begin(), person.findings.end(),
                              [&](const Finding& one) { return one.code == value; }))
          << claim;
      return;
    }
    const auto from = value.find(" from ");
    const auto source = from == std::string::npos ? std::string() : value.substr(from + 6);
    value = value.substr(0, from);
    const auto* attribute = person.find(name);
    EXPECT_EQ(fact(person, name, attribute), value) << claim;
    if (source.empty() || attribute == nullptr) return;
    EXPECT_EQ(attribute->source, source) << claim;
  }

  static std::string fact(const Identity& person, const std::string& name,
                          const IdentityAttribute* attribute) {
    if (name == "state") return std::string(name_of(person.state));
    if (name == "class") return std::string(name_of(person.classification));
    if (name == "rule") return person.classification_rule;
    if (name == "sources") {
      std::string all;
      for (const auto& one : person.sources) all += (all.empty() ? "" : ", ") + one;
      return all;
    }
    if (attribute == nullptr) return "none";
    return attribute->value.is_text() ? attribute->value.as_text() : write_json(attribute->value);
  }

  std::vector<Identity> people() {
    auto reader = store_->reader();
    auto page = (*reader)->people().list({.count = 1000});
    EXPECT_TRUE(page);
    return page ? page->rows : std::vector<Identity>{};
  }

  // By user name or by mail address.
  std::optional<Identity> find(const std::string& who) {
    for (const auto& person : people())
      if (person.user_name == who || person.email == who) return person;
    return std::nullopt;
  }

  const Story& story_;
  support::TempDir temp_;
  support::StandingClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Provisioner> provisioner_;
};

// The events in one order, then what is expected.
void play_in_every_order(const Story& story) {
  std::vector<std::size_t> events;
  for (std::size_t i = 0; i < story.lines.size(); ++i)
    if (story.lines[i].words[0] == "at") events.push_back(i);
  do {
    Stage stage(story);
    for (const auto i : events) stage.play(story.lines[i]);
    for (const auto& line : story.lines)
      if (line.words[0] == "expect") stage.play(line);
  } while (std::next_permutation(events.begin(), events.end()));
}

TEST(Stories, EndAsTheyShould) {
  std::set<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".scenario") files.insert(file.path());
  EXPECT_GE(files.size(), 9U);
  for (const auto& file : files) {
    const auto story = read_story(file);
    ASSERT_FALSE(story.mapping.empty()) << file;
    if (story.any_order) {
      play_in_every_order(story);
      continue;
    }
    Stage stage(story);
    for (const auto& line : story.lines) stage.play(line);
  }
}
MUSTER_TEST_ON_EVERY_ENGINE(Stories, EndAsTheyShould);

}  // namespace
}  // namespace muster::provision
