// SPDX-License-Identifier: Apache-2.0
#include "http/deadlines.h"

namespace muster::http {

Deadlines::Clock::time_point Deadlines::end_of(Wait wait, Clock::time_point now) const {
  const auto duration = durations_[static_cast<std::size_t>(wait)];
  return duration.count() == 0 ? Clock::time_point::max() : now + duration;
}

Deadlines::Place Deadlines::add(Connection& connection, Wait wait, Clock::time_point now) {
  auto& list = list_of(wait);
  return list.insert(list.end(), Entry{&connection, end_of(wait, now), wait});
}

void Deadlines::move(Place place, Wait wait, Clock::time_point now) {
  auto& to = list_of(wait);
  to.splice(to.end(), list_of(place->wait), place);
  place->wait = wait;
  place->at = end_of(wait, now);
}

Connection* Deadlines::oldest(Wait wait) {
  auto& list = list_of(wait);
  return list.empty() ? nullptr : list.front().connection;
}

Connection* Deadlines::expired(Clock::time_point now) {
  for (auto& list : lists_)
    if (!list.empty() && list.front().at <= now) return list.front().connection;
  return nullptr;
}

std::optional<Deadlines::Clock::time_point> Deadlines::next() const {
  std::optional<Clock::time_point> next;
  for (const auto& list : lists_)
    if (!list.empty() && list.front().at != Clock::time_point::max() &&
        (!next || list.front().at < *next))
      next = list.front().at;
  return next;
}

}  // namespace muster::http
