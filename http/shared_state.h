// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "http/router.h"
#include "http/server.h"
#include "http/worker_pool.h"

namespace boost::asio::ssl {
class context;
}

namespace muster::http {

// What the connections of one server share; thread-safe. Options, routes and callbacks do not
// change once it serves.
struct SharedState {
  SharedState(ServerOptions o, Router r, ErrorBody e, Observe b)
      : options(std::move(o)),
        router(std::move(r)),
        error_body(std::move(e)),
        observe(std::move(b)),
        pool(options.workers, options.queue) {}

  // Counts a new connection; false when its address has enough of them. Each true needs one
  // leave().
  bool enter(const std::string& remote);
  void leave(const std::string& remote);
  // Waits until no connection is open; false when the time is over first.
  bool wait_until_empty(std::chrono::milliseconds time);

  // Takes from the memory for bodies in flight; false when there is not enough. Give back the same.
  bool reserve(std::size_t bytes);
  void give_back(std::size_t bytes) { body_bytes.fetch_sub(bytes); }

  const ServerOptions options;
  const Router router;
  const ErrorBody error_body;
  const Observe observe;
  WorkerPool pool;

  std::atomic<std::shared_ptr<boost::asio::ssl::context>> tls = {};  // nullptr: clear text
  std::atomic<bool> draining = false;
  std::atomic<std::size_t> body_bytes = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> refused_by_gate = 0;
  std::atomic<std::uint64_t> refused_busy = 0;
  std::atomic<std::uint64_t> refused_connections = 0;
  std::atomic<std::uint64_t> timeouts = 0;
  std::atomic<std::uint64_t> open = 0;

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::unordered_map<std::string, std::size_t> by_address_;
};

}  // namespace muster::http
