// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "http/server.h"
#include "store/store.h"

namespace muster::gateway {

// The numbers an operator watches, in Prometheus text format; names begin with muster_, no personal
// data in labels. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  void request(http::Method method, std::string_view route, int status,
               std::chrono::microseconds took);
  void run(const store::RunRow& run);
  void reload(bool ok, Timestamp at);

  // The current text; gauges are read from the store and the listener now.
  std::string text(store::Store& store, const http::ServerCounters& listener);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::gateway
