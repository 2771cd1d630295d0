// SPDX-License-Identifier: Apache-2.0
// store_bench [PEOPLE]: what the store costs beside SQLite's C API over the same tables: people in
// batches of 500, one person at a time from 64 threads, point reads, pages. Wall time depends on
// the disk of the minute; processor time a person is the steadier ratio.
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <iostream>
#include <mutex>
#include <semaphore>
#include <thread>

#include "store/store.h"
#include "tests/bench/raw_tables.h"
#include "tests/support/temp_dir.h"

namespace muster::bench {
namespace {

constexpr int kThreads = 64;
constexpr int kEach = 150;

struct Cost {
  double wall = 0;  // seconds
  double cpu = 0;
};

double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
}

Cost measure(const std::function<void()>& work) {
  const double cpu = processor_seconds();
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), processor_seconds() - cpu};
}

void print(const char* what, int n, Cost ours, Cost floor) {
  std::printf(
      "%-28s store %9.0f/s %7.1f us CPU   floor %9.0f/s %7.1f us CPU   ratio wall %.2f CPU %.2f\n",
      what, n / ours.wall, ours.cpu / n * 1e6, n / floor.wall, floor.cpu / n * 1e6,
      ours.wall / floor.wall, ours.cpu / floor.cpu);
  std::fflush(stdout);
}

std::unique_ptr<store::Store> open(const std::string& path) {
  auto opened = store::Store::open({.url = "sqlite:" + path, .sources = {"entra"}});
  if (!opened) throw std::runtime_error(describe(opened.error()));
  return *std::move(opened);
}

void must(const Status& status) {
  if (!status) throw std::runtime_error(describe(status.error()));
}

Status add(store::Transaction& tx, std::span<Newcomer> people) {
  std::vector<store::RecordRow> records;
  std::vector<Identity> identities;
  std::vector<std::vector<store::IdentityKey>> keys;
  std::vector<AuditEntry> audit;
  std::vector<Event> events;
  for (auto& person : people) {
    records.push_back(std::move(person.record));
    identities.push_back(std::move(person.identity));
    keys.push_back(std::move(person.keys));
    audit.push_back(std::move(person.audit));
    events.push_back(std::move(person.event));
  }
  MUSTER_CHECK(tx.records().insert(records));
  MUSTER_CHECK(tx.identities().put(identities, keys));
  MUSTER_CHECK(tx.journal().audit(audit));
  return tx.journal().outbox(events);
}

std::vector<Newcomer> newcomers(int from, int count) {
  std::vector<Newcomer> people;
  for (int i = 0; i < count; ++i) people.push_back(newcomer(from + i));
  return people;
}

Cost store_in_batches(store::Store& store, int count) {
  auto people = newcomers(0, count);
  return measure([&] {
    for (std::size_t done = 0; done < people.size(); done += 500) {
      std::span batch(people.begin() + static_cast<std::ptrdiff_t>(done),
                      std::min<std::size_t>(500, people.size() - done));
      must(store.write([&](store::Transaction& tx) { return add(tx, batch); }));
    }
  });
}

Cost floor_in_batches(Floor& floor, int count) {
  std::vector<Floor::Rows> rows;
  for (auto& person : newcomers(0, count)) rows.push_back(Floor::rows(std::move(person)));
  return measure([&] {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i % 500 == 0) floor.begin();
      floor.insert(rows[i]);
      if (i % 500 == 499 || i + 1 == rows.size()) floor.commit();
    }
  });
}

Cost from_threads(const std::function<void(int)>& each) {
  return measure([&] {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) threads.emplace_back([&, t] { each(t); });
    for (auto& thread : threads) thread.join();
  });
}

Cost store_singles(store::Store& store, int from) {
  auto people = newcomers(from, kThreads * kEach);
  return from_threads([&](int t) {
    for (int i = 0; i < kEach; ++i) {
      std::span one(&people[static_cast<std::size_t>(t * kEach + i)], 1);
      must(store.write([&](store::Transaction& tx) { return add(tx, one); }));
    }
  });
}

// The floor's own group commit: a writer takes what waits, at most 256, and answers after the
// commit.
Cost floor_singles(Floor& floor, int from) {
  struct Job {
    const Floor::Rows* rows;
    std::binary_semaphore done{0};
  };
  std::vector<Floor::Rows> rows;
  for (auto& person : newcomers(from, kThreads * kEach))
    rows.push_back(Floor::rows(std::move(person)));
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<Job*> waiting;
  bool stop = false;
  std::thread writer([&] {
    for (;;) {
      std::vector<Job*> group;
      {
        std::unique_lock lock(mutex);
        arrived.wait(lock, [&] { return stop || !waiting.empty(); });
        if (waiting.empty()) return;
        group.swap(waiting);
      }
      floor.begin();
      for (auto* job : group) floor.insert(*job->rows);
      floor.commit();
      for (auto* job : group) job->done.release();
    }
  });
  Cost cost = from_threads([&](int t) {
    for (int i = 0; i < kEach; ++i) {
      Job job{&rows[static_cast<std::size_t>(t * kEach + i)]};
      {
        std::lock_guard lock(mutex);
        waiting.push_back(&job);
      }
      arrived.notify_one();
      job.done.acquire();
    }
  });
  {
    std::lock_guard lock(mutex);
    stop = true;
  }
  arrived.notify_one();
  writer.join();
  return cost;
}

void reads(store::Store& store, Floor& floor, const std::vector<std::string>& ids, int people) {
  constexpr int kReads = 20000;
  auto pick = [&](int i) {
    return static_cast<int>((static_cast<std::int64_t>(i) * 7919) % people);
  };
  auto reader = *store.reader();
  std::size_t bytes = 0;
  auto ours = [&] {
    for (int i = 0; i < kReads; ++i) {
      auto got = reader->resources().get("entra", ResourceType::user,
                                         ids[static_cast<std::size_t>(pick(i))]);
      bytes += (*got)->document.size();
    }
  };
  auto theirs = [&] {
    for (int i = 0; i < kReads; ++i) bytes += floor.get(ids[static_cast<std::size_t>(pick(i))]);
  };
  ours();
  theirs();
  print("get by id", kReads, measure(ours), measure(theirs));

  std::vector<std::string> names;
  for (int i = 0; i < kReads; ++i) names.push_back(newcomer(pick(i)).identity.user_name);
  Filter filter{.op = Filter::Op::eq};
  filter.path.attribute = "userName";
  auto named = [&] {
    for (const auto& name : names) {
      filter.value = Value(name);
      bytes += reader->resources()
                   .list("entra", ResourceType::user, {.filter = filter})
                   ->rows.at(0)
                   .document.size();
    }
  };
  auto floor_named = [&] {
    for (const auto& name : names) bytes += floor.by_user_name(name);
  };
  named();
  print("userName eq", kReads, measure(named), measure(floor_named));
}

void pages(store::Store& store, Floor& floor, int people) {
  constexpr int kPages = 300;
  auto reader = *store.reader();
  auto page = [&](std::int64_t start) {
    return measure([&] {
      for (int i = 0; i < kPages; ++i) {
        auto rows = reader->resources().list("entra", ResourceType::user,
                                             {.start = start + i, .count = 100});
        if (rows->rows.size() != 100) throw std::runtime_error("a page is not full");
      }
    });
  };
  auto floor_page = [&](std::int64_t behind) {
    return measure([&] {
      for (int i = 0; i < kPages; ++i) floor.page(behind + i);
    });
  };
  const std::int64_t deep = people / 10 * 9;
  (void)page(1), (void)page(deep), (void)floor_page(0), (void)floor_page(deep);
  Cost first = page(1);
  Cost last = page(deep);
  print("page of 100, first", kPages, first, floor_page(0));
  print("page of 100, 90 % depth", kPages, last, floor_page(deep));
  std::printf("90 %% depth beside the first page: wall %.2f CPU %.2f\n", last.wall / first.wall,
              last.cpu / first.cpu);
}

void run(int people) {
  support::TempDir folder;
  const std::string ours = (folder.path() / "store.db").string();
  const std::string theirs = (folder.path() / "floor.db").string();
  { auto makes_the_tables = open(theirs); }
  auto store = open(ours);
  Floor floor(theirs);

  Cost batches = store_in_batches(*store, people);
  print("people in batches of 500", people, batches, floor_in_batches(floor, people));

  const auto before = store->counters();
  Cost singles = store_singles(*store, people);
  const auto after = store->counters();
  print("single people, 64 threads", kThreads * kEach, singles, floor_singles(floor, people));
  std::printf("submissions a commit: %.1f\n",
              static_cast<double>(after.submissions - before.submissions) /
                  static_cast<double>(after.commits - before.commits));

  std::vector<std::string> ids;
  for (std::string behind;;) {
    auto page = (*store->reader())
                    ->resources()
                    .list("entra", ResourceType::user,
                          {.count = 1000, .after = behind, .want_total = false});
    if (page->rows.empty()) break;
    for (const auto& row : page->rows) ids.push_back(row.id);
    behind = ids.back();
  }
  Floor same(ours);  // reads of both from one file
  reads(*store, same, ids, people);
  pages(*store, same, people);
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** arguments) {
  muster::bench::run(count > 1 ? std::stoi(arguments[1]) : 100000);
}
