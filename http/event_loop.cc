// SPDX-License-Identifier: Apache-2.0
#include "http/event_loop.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <ctime>
#include <exception>
#include <random>

#include "core/clock.h"
#include "core/encoding.h"
#include "core/log.h"
#include "http/connection.h"
#include "http/transport.h"

namespace muster::http {
namespace asio = boost::asio;
namespace {

using Clock = Deadlines::Clock;

// How long a peer may take to notice that we have closed.
constexpr std::chrono::milliseconds linger_time{2'000};
// Deadlines are kept this exactly; it bounds how often the timer fires.
constexpr std::chrono::milliseconds timer_grain{10};

std::array<std::chrono::milliseconds, wait_count> durations(const ServerOptions& options) {
  std::array<std::chrono::milliseconds, wait_count> all = {};
  const auto set = [&](Wait wait, std::chrono::milliseconds time) {
    all[static_cast<std::size_t>(wait)] = time;
  };
  set(Wait::handshake, options.handshake_deadline);
  set(Wait::head, options.header_deadline);
  set(Wait::body, options.body_deadline);
  set(Wait::write, options.write_deadline);
  set(Wait::idle, options.idle_deadline);
  set(Wait::linger, linger_time);
  return all;
}

std::uint64_t random_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

// A bijection on 64 bits (splitmix64), so that numbers in a row give ids that never repeat and do
// not count requests.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

class EventLoop::Impl {
 public:
  Impl(SharedState& shared, EventLoop& loop)
      : shared_(shared), loop_(loop), deadlines_(durations(shared.options)) {}

  // An exception here is an exhausted machine or a bug; the other connections go on.
  void run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& error) {
        log::write(log::Level::error, "http", "listener_exception", {{"what", error.what()}});
      }
    }
  }

  void adopt(int socket, const std::string& remote) {
    const auto limit = std::max<std::size_t>(
        1, shared_.options.max_connections / static_cast<std::size_t>(shared_.options.io_threads));
    if (shared_.draining || (connections_ >= limit && !make_room()) || !shared_.enter(remote)) {
      ++shared_.refused_connections;
      ::close(socket);
      return;
    }
    std::shared_ptr<Connection> connection;
    try {
      connection = open_connection(shared_, loop_, socket, remote);
    } catch (...) {
      shared_.leave(remote);
      throw;
    }
    connection->begin();
  }

  Deadlines::Place add(Connection& connection, Wait wait) {
    ++connections_;
    const auto place = deadlines_.add(connection, wait, Clock::now());
    arm(place->at);
    return place;
  }

  void wait(Deadlines::Place place, Wait wait, Clock::time_point now) {
    deadlines_.move(place, wait, now);
    arm(place->at);
  }

  void remove(Deadlines::Place place) {
    --connections_;
    deadlines_.remove(place);
  }

  std::string_view date() {
    const auto now = std::chrono::system_clock::to_time_t(system_clock().now());
    if (now == date_of_) return date_;
    date_of_ = now;
    std::tm parts = {};
    gmtime_r(&now, &parts);
    std::array<char, 40> text = {};
    const auto length =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date_.assign(text.data(), length);
    return date_;
  }

  std::string next_request_id() {
    const auto number = mix(next_id_ += 0x9e3779b97f4a7c15ULL);
    return hex_of({reinterpret_cast<const char*>(&number), sizeof number});
  }

  void drain() {
    deadlines_.for_each([](Connection& connection) { connection.drain(); });
  }
  void cut() {
    deadlines_.for_each([](Connection& connection) { connection.cut(); });
  }

  asio::io_context io_{1};

 private:
  bool make_room() {
    for (Wait wait : {Wait::linger, Wait::idle, Wait::head}) {
      if (Connection* oldest = deadlines_.oldest(wait)) {
        oldest->cut();
        return true;
      }
    }
    return false;
  }

  // One timer for all: it fires at the earliest deadline it knew of and looks around. Deadlines
  // that were moved later meanwhile cost nothing.
  void arm(Clock::time_point at) {
    if (at >= armed_) return;
    armed_ = at;
    timer_.expires_at(at);
    timer_.async_wait([this](boost::system::error_code code) {
      if (!code) fire();
    });
  }

  void fire() {
    armed_ = Clock::time_point::max();
    const auto now = Clock::now();
    while (Connection* late = deadlines_.expired(now)) late->expire();
    if (const auto next = deadlines_.next()) arm(std::max(*next, now + timer_grain));
  }

  SharedState& shared_;
  EventLoop& loop_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  asio::steady_timer timer_{io_};
  Clock::time_point armed_ = Clock::time_point::max();
  Deadlines deadlines_;
  std::size_t connections_ = 0;
  std::time_t date_of_ = 0;
  std::string date_;
  std::uint64_t next_id_ = random_seed();
};

EventLoop::EventLoop(SharedState& shared) : impl_(std::make_unique<Impl>(shared, *this)) {}
EventLoop::~EventLoop() = default;
void EventLoop::run() { impl_->run(); }
void EventLoop::stop() { impl_->io_.stop(); }
void EventLoop::post(std::function<void()> work) { asio::post(impl_->io_, std::move(work)); }
void EventLoop::adopt(int socket, const std::string& remote) { impl_->adopt(socket, remote); }
Deadlines::Place EventLoop::add(Connection& connection, Wait wait) {
  return impl_->add(connection, wait);
}
void EventLoop::wait(Deadlines::Place place, Wait wait, Deadlines::Clock::time_point now) {
  impl_->wait(place, wait, now);
}
void EventLoop::remove(Deadlines::Place place) { impl_->remove(place); }
std::string_view EventLoop::date() { return impl_->date(); }
std::string EventLoop::next_request_id() { return impl_->next_request_id(); }
void EventLoop::drain() { impl_->drain(); }
void EventLoop::cut() { impl_->cut(); }
boost::asio::io_context& EventLoop::io() { return impl_->io_; }

}  // namespace muster::http
