// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "http/server.h"

namespace muster::http {

// A server on a free port, started. `options` are the server's defaults with few workers.
class Served {
 public:
  static ServerOptions options() {
    ServerOptions options;
    options.workers = 2;
    return options;
  }

  explicit Served(std::vector<Route> routes, ServerOptions settings = options(),
                  ErrorBody error_body = {}, Observe observe = {})
      : server_(std::move(settings), std::move(routes), std::move(error_body), std::move(observe)) {
    const auto started = server_.start();
    EXPECT_TRUE(started) << (started ? "" : describe(started.error()));
  }

  Server& operator*() { return server_; }
  Server* operator->() { return &server_; }
  std::uint16_t port() const { return server_.port(); }

 private:
  Server server_;
};

// A door that handlers wait at until the test opens it.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  // Returns when that many have come.
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

inline Response text(std::string body, int status = 200) {
  return {.status = status, .body = std::move(body), .content_type = "text/plain"};
}

inline Route get(std::string pattern, Handler handler) {
  return {.method = Method::get,
          .pattern = std::move(pattern),
          .handler = std::move(handler),
          .quick = true};
}

inline Route post(std::string pattern, Handler handler) {
  return {.method = Method::post, .pattern = std::move(pattern), .handler = std::move(handler)};
}

}  // namespace muster::http
