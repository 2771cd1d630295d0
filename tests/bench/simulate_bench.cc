// SPDX-License-Identifier: Apache-2.0
// simulate_bench [PEOPLE]: what a changed mapping would do to everybody in a store, beside reading
// the same rows by SQLite's C API, in one process and in turns.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "core/json.h"
#include "provision/provisioner.h"
#include "provision/simulate/simulate.h"
#include "store/store.h"
#include "tests/bench/entra_people.h"
#include "tests/support/temp_dir.h"

namespace muster::bench {
namespace {

constexpr int portion = 1000;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(describe(result.error()));
  return *std::move(result);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Own memory now, without the pages of files that the kernel holds for everybody.
double anonymous_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("RssAnon:")) return std::strtod(line.c_str() + 8, nullptr) / 1024;
  return 0;
}

std::shared_ptr<const mappings::Engine> engine_with(const std::string& from,
                                                    const std::string& to) {
  std::ifstream in(MUSTER_SOURCE_DIR "/tests/bench/entra.yaml", std::ios::binary);
  std::ostringstream read;
  read << in.rdbuf();
  auto text = read.str();
  const auto replace = [&text](const std::string& old, const std::string& now) {
    const auto at = text.find(old);
    if (at == std::string::npos) throw std::runtime_error("entra.yaml has no " + old);
    text.replace(at, old.size(), now);
  };
  // Thirty names for everybody.
  replace("{firstName}.{lastName}", "{firstName}.{lastName}.{employeeId}");
  if (!from.empty()) replace(from, to);
  auto loaded = mappings::Engine::load_text(text, "entra.yaml");
  if (!loaded.engine) throw std::runtime_error(describe(loaded.diagnostics.front()));
  return loaded.engine;
}

void fill(store::Store& store, int people) {
  provision::Provisioner provisioner(store, engine_with("", ""));
  for (int from = 0; from < people; from += portion) {
    std::vector<provision::Submission> batch;
    for (int i = from; i < std::min(people, from + portion); ++i) {
      auto& one = batch.emplace_back();
      one.record.key = {"entra", ResourceType::user, "k" + std::to_string(i)};
      one.record.document = entra_person(i, true);
    }
    for (const auto& outcome : must(provisioner.submit(std::move(batch), {.actor = "bench"})))
      if (must(outcome).decision.verb != provision::Verb::create)
        throw std::runtime_error("somebody was not created: " + outcome->decision.reason);
  }
}

// Everybody's rows, each column once, as text or number.
double read_raw(const std::string& path) {
  const auto start = std::chrono::steady_clock::now();
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
    throw std::runtime_error("cannot open " + path);
  std::size_t bytes = 0;
  for (const char* sql : {"select * from records order by rowid", "select * from identities"}) {
    sqlite3_stmt* rows = nullptr;
    if (sqlite3_prepare_v2(database, sql, -1, &rows, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(database));
    while (sqlite3_step(rows) == SQLITE_ROW)
      for (int i = 0; i < sqlite3_column_count(rows); ++i)
        if (sqlite3_column_text(rows, i) != nullptr)
          bytes += static_cast<std::size_t>(sqlite3_column_bytes(rows, i));
    sqlite3_finalize(rows);
  }
  sqlite3_close(database);
  return bytes > 0 ? seconds_since(start) : 0;
}

void simulate(store::Store& store, const std::string& path, int people, const char* what,
              const mappings::Engine& engine) {
  const double floor = read_raw(path);
  const double before = anonymous_mb();
  double most = before;
  std::int64_t told = 0;
  provision::SimulationRequest request;
  request.on_progress = [&most](const auto&) { most = std::max(most, anonymous_mb()); };
  const auto cpu = std::clock();
  const auto done = must(provision::simulate(store, engine, system_clock().now(), request,
                                             [&](const provision::PersonChange&) -> Status {
                                               if (++told % portion == 0)
                                                 most = std::max(most, anonymous_mb());
                                               return {};
                                             },
                                             {}));
  if (done.people != people) throw std::runtime_error("not everybody was looked at");
  const double worked = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  const std::chrono::duration<double> took = done.took, stored = done.store;
  std::printf(
      "  %-28s %6.2f s  %8.0f people/s   CPU %5.2f s, %5.1f us each   store %5.2f s (%2.0f %%)   "
      "floor %5.2f s   ratio %5.2f   changed %lld   memory +%.0f MB\n",
      what, took.count(), people / took.count(), worked, worked / people * 1e6, stored.count(),
      100 * stored / took, floor, took.count() / floor, static_cast<long long>(done.changed),
      most - before);
  std::fflush(stdout);
}

void run(int people) {
  const support::TempDir folder;
  const auto path = (folder.path() / "muster.db").string();
  const auto store = must(store::Store::open({.url = "sqlite:" + path, .sources = {"entra"}}));
  const auto start = std::chrono::steady_clock::now();
  fill(*store, people);
  std::printf("simulate: %d people, created in %.1f s; floor: their rows, read once by SQLite\n",
              people, seconds_since(start));
  const auto same = engine_with("'enterprise.costCenter'", "'enterprise.costCenter | trim'");
  const auto other = engine_with("'enterprise.costCenter'", "'enterprise.costCenter | lower'");
  for (int round = 0; round < 2; ++round) {
    simulate(*store, path, people, "a rule that changes nobody", *same);
    simulate(*store, path, people, "a value of everybody", *other);
  }
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) try {
  muster::bench::run(count > 1 ? std::atoi(arguments[1]) : 100'000);
} catch (const std::exception& error) {
  std::fprintf(stderr, "simulate_bench: %s\n", error.what());
  return 2;
}
