// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <optional>

namespace muster::http {

class Connection;

// What a connection is waiting for; each has one duration for all connections.
enum class Wait { handshake, head, body, write, idle, linger, work };
constexpr std::size_t wait_count = 7;

// Which connections wait for what, and until when. Because one kind of wait has one duration, each
// kind's list is in the order of expiry, so that starting a wait costs a few pointers and no timer.
// Every open connection is in exactly one list. One thread.
class Deadlines {
 public:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Connection* connection = nullptr;
    Clock::time_point at = {};
    Wait wait = Wait::head;
  };
  using Place = std::list<Entry>::iterator;

  // A duration of zero never expires.
  explicit Deadlines(std::array<std::chrono::milliseconds, wait_count> durations)
      : durations_(durations) {}

  Place add(Connection& connection, Wait wait, Clock::time_point now);
  void move(Place place, Wait wait, Clock::time_point now);
  void remove(Place place) { list_of(place->wait).erase(place); }

  // The one that has waited longest, or nullptr.
  Connection* oldest(Wait wait);
  // One whose time is over, or nullptr.
  Connection* expired(Clock::time_point now);
  std::optional<Clock::time_point> next() const;

  template <class Function>
  void for_each(Function&& function) {
    for (auto& list : lists_)
      for (auto entry = list.begin(); entry != list.end();) function(*(entry++)->connection);
  }

 private:
  std::list<Entry>& list_of(Wait wait) { return lists_[static_cast<std::size_t>(wait)]; }
  Clock::time_point end_of(Wait wait, Clock::time_point now) const;

  std::array<std::chrono::milliseconds, wait_count> durations_;
  std::array<std::list<Entry>, wait_count> lists_;
};

}  // namespace muster::http
