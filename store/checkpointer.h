// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "store/sql/session.h"

namespace muster::store {

// Keeps SQLite's write-ahead log short without making a commit wait: a thread with its own
// connection copies the log into the database file while the writer goes on. What the writer added
// meanwhile it copies itself between two groups, a short step, after which SQLite starts the log
// from its beginning again.
class Checkpointer {
 public:
  Checkpointer(std::unique_ptr<Session> own, std::shared_ptr<Session> writer);
  ~Checkpointer();

  // The writer's thread, outside a transaction.
  void between_groups();

 private:
  void committed(int pages);
  void run();

  std::unique_ptr<Session> own_;
  std::shared_ptr<Session> writer_;
  std::function<void(int)> committed_;
  int last_pages_ = 0;  // writer's thread only
  int request_at_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool requested_ = false;
  bool stopping_ = false;
  std::atomic<bool> finish_ = false;
  std::thread thread_;
};

}  // namespace muster::store
