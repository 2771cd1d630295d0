// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/deadlines.h"
#include "http/shared_state.h"

namespace boost::asio {
class io_context;
}

namespace muster::http {

// One listener thread: its connections and their deadlines. run() is called on that thread; post()
// and stop() from anywhere; everything else only on the thread itself. `shared` must outlive it.
class EventLoop {
 public:
  explicit EventLoop(SharedState& shared);
  ~EventLoop();

  void run();
  void stop();
  void post(std::function<void()> work);

  // Takes over a connected socket. At the limit the connection that has been idle for longest gives
  // way.
  void adopt(int socket, const std::string& remote);

  Deadlines::Place add(Connection& connection, Wait wait);
  void wait(Deadlines::Place place, Wait wait, Deadlines::Clock::time_point now);
  void remove(Deadlines::Place place);

  std::string_view date();  // for the Date field, at most one second old
  std::string next_request_id();

  void drain();  // closes what has nothing in flight
  void cut();    // closes all

  boost::asio::io_context& io();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::http
