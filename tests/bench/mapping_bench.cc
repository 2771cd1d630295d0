// SPDX-License-Identifier: Apache-2.0
// The mapping engine: fifteen lines and two rules of scope for 20,000 records of a SCIM client,
// beside what reading their text alone takes, in one process and in turns. "Read" is what gives a
// JsonNode: simdjson and the refusals of core/json.h. "Map" is all behind it: finding the members,
// typing, scope, lines, offers. Texts that lie in memory one after the other, one thread. Exit code
// 1: a ratio missed its goal.
#include <simdjson.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <new>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/json_node.h"
#include "mappings/explain.h"
#include "mappings/language/machine.h"
#include "mappings/record_mapper.h"
#include "mappings/stages.h"
#include "tests/bench/entra_people.h"

namespace {

bool counting = false;
long allocations = 0;

}  // namespace

// GCC sees free() for what inlined code got from new, and cannot know that both are ours here.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

void* operator new(std::size_t size) {
  if (counting) ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// The buffers of std::stable_sort come from here.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  if (counting) ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

namespace muster::mappings {
namespace {

constexpr int people = 20'000;
constexpr int rounds = 7;
constexpr Timestamp run_time{};

bool missed = false;

// A machine that has more to do misses rates, never ratios: only these decide.
void verdict(const char* what, double value, const char* unit, double goal, bool at_least,
             bool decides) {
  const bool good = at_least ? value >= goal : value <= goal;
  std::printf("  %-46s %10.4g %-10s goal %s %-8.6g %s\n", what, value, unit,
              at_least ? ">=" : "<=", goal,
              good      ? "met"
              : decides ? "MISSED"
                        : "missed");
  missed = missed || (decides && !good);
}

// Seconds of this process for one turn of `work` over everybody.
template <class Work>
double seconds(Work work) {
  const auto start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::shared_ptr<const Engine> loaded(Loaded result) {
  for (const auto& diagnostic : result.diagnostics)
    std::fprintf(stderr, "%s\n", describe(diagnostic).c_str());
  if (!result.engine) std::exit(2);
  return result.engine;
}

struct Best {
  double parse = 1e9;
  double read = 1e9;
  double nlohmann = 1e9;
  double both = 1e9;
  double copied = 1e9;
  double values = 1e9;
  double trace = 1e9;
  double explained = 1e9;
};

class Bench {
 public:
  explicit Bench(bool roomy)
      : engine_(loaded(Engine::load_text(file_text(MUSTER_SOURCE_DIR "/tests/bench/entra.yaml"),
                                         "entra.yaml"))) {
    for (int i = 0; i < people; ++i) {
      texts_.push_back(bench::entra_person(i, roomy));
      padded_.emplace_back(texts_.back());
      bytes_ += texts_.back().size();
    }
  }

  void run() {
    std::printf("mapping: %zu values of 15 lines, %d records of %zu bytes, best of %d\n", offers(),
                people, bytes_ / people, rounds);
    RecordMapper mapper(*engine_);
    map_all(mapper);
    for (int round = 0; round < rounds; ++round) take_turn(mapper);
    report(mapper);
  }

 private:
  std::size_t offers() {
    RecordMapper mapper(*engine_);
    return mapper.view("entra", texts_[1], run_time).value()->offers.size();
  }

  void map_all(RecordMapper& mapper) {
    for (const auto& text : texts_) {
      const auto view = mapper.view("entra", text, run_time);
      if (!view || !(*view)->findings.empty()) std::exit(2);
      sum_ += (*view)->offers.size();
    }
  }

  void take_turn(RecordMapper& mapper) {
    const auto better = [](double& best, double took) { best = std::min(best, took); };
    better(best_.parse, seconds([&] {
             for (const auto& text : padded_) sum_ += parser_.parse(text).is_object();
           }));
    better(best_.read, seconds([&] {
             for (const auto& text : texts_) sum_ += reader_.read(text).value().is_object();
           }));
    better(best_.both, seconds([&] { map_all(mapper); }));
    better(best_.copied, seconds([&] {
             const SourceKey key{"entra", ResourceType::user, "k"};
             for (const auto& text : texts_)
               sum_ += mapper.map_document(key, text, run_time)->contribution.offers.size();
           }));
    better(best_.nlohmann, seconds([&] {
             for (const auto& text : texts_) sum_ += nlohmann::json::parse(text).size();
           }));
    constexpr int sample = people / 10;
    std::vector<SourceRecord> records(sample);
    for (int i = 0; i < sample; ++i) {
      records[static_cast<std::size_t>(i)].key = {"entra", ResourceType::user, "k"};
      records[static_cast<std::size_t>(i)].document = texts_[static_cast<std::size_t>(i)];
    }
    better(best_.values, 10 * seconds([&] {
                           for (const auto& one : records)
                             sum_ += engine_->map(one, run_time).contribution.offers.size();
                         }));
    better(best_.trace, seconds([&] {
             for (const auto& text : texts_) trace(text);
           }));
    better(best_.explained, 10 * seconds([&] {
                              for (const auto& one : records)
                                sum_ += explain_record(*engine_, one, run_time).is_object();
                            }));
  }

  // Reads and maps one record with every step of it written down.
  void trace(const std::string& text) {
    const auto& source = *engine_->impl().model.source("entra");
    Inputs inputs;
    inputs.document = reader_.read(text).value();
    inputs.run_time = run_time;
    machine_.start(source.layout, inputs);
    steps_.clear();
    for (const auto& rule : source.scope) machine_.trace(rule.program, steps_);
    for (const auto& line : source.lines)
      machine_.set_out(line.out, machine_.trace(line.rule.program, steps_));
    sum_ += steps_.size();
  }

  double allocations_each(RecordMapper& mapper) {
    allocations = 0;
    counting = true;
    map_all(mapper);
    counting = false;
    return static_cast<double>(allocations) / people;
  }

  void report(RecordMapper& mapper) {
    const double ns = 1e9 / people;
    std::printf(
        "  a record: simdjson %.0f ns, read %.0f ns, read and mapped %.0f ns, and copied %.0f ns, "
        "nlohmann %.0f ns\n",
        best_.parse * ns, best_.read * ns, best_.both * ns, best_.copied * ns, best_.nlohmann * ns);
    std::printf("  mapped without a mapper of its own, and copied %.0f ns\n", best_.values * ns);
    verdict("map : simdjson parse", (best_.both - best_.read) / best_.parse, "x", 3, false, true);
    std::printf("  %-46s %10.4g x\n", "all but simdjson's parse : simdjson parse",
                (best_.both - best_.parse) / best_.parse);
    verdict("read and map", people / best_.both, "records/s", 500'000, true, false);
    verdict("read and map, beside reading by nlohmann", best_.nlohmann / best_.both, "x faster", 3,
            true, true);
    verdict("allocations a record, read and mapped", allocations_each(mapper), "", 0, false, true);
    verdict("working memory of a record, at most", static_cast<double>(mapper.high_water()),
            "bytes", 4096, false, true);
    verdict("read and map with a full trace", people / best_.trace, "records/s", 100'000, true,
            false);
    std::printf("  %-46s %10.4g records/s\n", "explained, as a document", people / best_.explained);
  }

  std::shared_ptr<const Engine> engine_;
  std::vector<std::string> texts_;
  std::vector<simdjson::padded_string> padded_;
  std::size_t bytes_ = 0;
  simdjson::dom::parser parser_;
  JsonReader reader_;
  Machine machine_;
  std::vector<Step> steps_;
  Best best_;
  std::size_t sum_ = 0;
};

// 500 rules and a table of 100,000 rows.
void load_large_file() {
  constexpr int rows = 100'000;
  constexpr int rules = 500;
  const auto folder = std::filesystem::temp_directory_path() /
                      ("muster-mapping-bench-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  {
    std::ofstream table(folder / "departments.csv");
    table << "code,label\n";
    for (int i = 0; i < rows; ++i) table << "D" << i << ",\"Department " << i << "\"\n";
  }
  std::string attributes;
  std::string lines;
  for (int i = 0; i < rules; ++i) {
    const auto n = std::to_string(i);
    attributes += "    a" + n + ": text\n";
    lines += "      a" + n +
             ": '(lookup(departments, enterprise.department) ?? clean(name.givenName)) | "
             "drop_chars(\" \") | left(" +
             std::to_string(i % 60 + 1) + ")'\n";
  }
  const auto text = "version: mapping/v1\nschema:\n  profile: generic\n  attributes:\n" +
                    attributes +
                    "tables:\n  departments: { file: departments.csv, key: code, value: label, "
                    "match: fold, missing: absent }\n"
                    "fragments:\n  clean: { params: { x: text }, expr: 'x | trim | collapse' }\n"
                    "sources:\n  entra:\n    kind: scim\n    tag: entra\n    records: "
                    "scim.user\n    key: externalId\n    map:\n"
                    "      email: 'userName | email'\n      lastName: 'name.familyName'\n" +
                    lines +
                    "correlate: { tiers: [], many: review, none: create }\n"
                    "merge: { default: { authority: [entra], absent: next } }\n"
                    "username: { when: create, transliterate: { latin: strip, other: refuse }, "
                    "patterns: ['{lastName}'] }\n"
                    "classify: { rules: [], otherwise: { id: other, class: external } }\n";
  double best = 1e9;
  for (int round = 0; round < 5; ++round)
    best = std::min(
        best, seconds([&] { loaded(Engine::load_text(text, (folder / "m.yaml").string())); }));
  std::filesystem::remove_all(folder);
  verdict("load of 500 rules and a table of 100,000 rows", best * 1000, "ms", 300, false, false);
}

}  // namespace
}  // namespace muster::mappings

int main() {
  for (const bool roomy : {false, true}) muster::mappings::Bench(roomy).run();
  muster::mappings::load_large_file();
  return muster::mappings::missed ? 1 : 0;
}
