// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace muster::http {

// A fixed number of threads that take jobs from a bounded queue, oldest first. Jobs must not throw.
// Thread-safe, except start and stop.
class WorkerPool {
 public:
  using Job = std::function<void()>;

  WorkerPool(int threads, std::size_t queue) : thread_count_(threads), limit_(queue) {}
  ~WorkerPool() { stop(); }

  void start();
  // Drops what has not begun and waits for what has.
  void stop();
  // False when the queue is full: never waits.
  bool submit(Job job);

 private:
  void work();

  int thread_count_;
  std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace muster::http
