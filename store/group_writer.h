// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "store/catalog.h"
#include "store/connections.h"
#include "store/store.h"
#include "store/tables/write_scope.h"

namespace muster::store {

// Group commit: one thread takes whatever waits (at most max_group submissions), runs it in one
// transaction, each submission undone alone when it fails, and answers all after the one commit.
// While it commits, the next group gathers. Joint work of a group that joins is done in one go,
// where the first of it stands. Calls to write() come from any thread; stop() answers the waiting
// ones with unavailable.
class GroupWriter {
 public:
  struct Options {
    int max_group = 256;
    const Clock* clock = &system_clock();
    std::mutex* shared_session = nullptr;  // held during a group when readers use the same session
    std::function<void()> between_groups = {};  // on the writer's thread, outside a transaction
  };

  GroupWriter(Connections& connections, Catalog& catalog, std::shared_ptr<Session> session,
              Options options);
  ~GroupWriter();

  Status write(const Store::Work& work);
  Status write_jointly(JointWork& work);
  void stop();
  Store::Counters counters() const;

 private:
  struct Submission {
    const Store::Work* work = nullptr;  // or:
    JointWork* joint = nullptr;
    Status result = {};
    bool done = false;
    std::mutex mutex = {};
    std::condition_variable answered = {};

    // Sleeps at once: a commit takes long enough that spinning would only keep the writer from
    // its core.
    void wait();
    void answer();
  };
  using Group = std::vector<Submission*>;

  // The work of some submissions of a group that is done in one go: of one, or of several whose
  // work joins.
  struct Turn {
    Status run(Transaction& tx) const;

    std::vector<Submission*> submissions = {};
  };

  Status wait_for(Submission& submission);
  void run();
  Group next_group();
  void run_group(Group& group);
  void run_one_by_one(Group& group);
  Status try_group(Group& group, bool& committing);
  static std::vector<Turn> turns_of(const Group& group);
  Status run_submissions(Group& group, bool& changed);
  Status take_turn(const Turn& turn, WriteScope& scope, Transaction& tx);
  Status reconnect();

  Connections& connections_;
  Catalog& catalog_;
  std::shared_ptr<Session> session_;
  Options options_;

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Submission*> waiting_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> commits_ = 0;
  std::atomic<std::uint64_t> submissions_ = 0;
  std::thread thread_;
};

}  // namespace muster::store
