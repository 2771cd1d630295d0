// SPDX-License-Identifier: Apache-2.0
#include "http/shared_state.h"

namespace muster::http {
namespace {

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

}  // namespace

bool SharedState::enter(const std::string& remote) {
  if (!is_loopback(remote)) {
    std::lock_guard lock(mutex_);
    auto& count = by_address_[remote];
    if (count >= options.max_connections_per_address) return false;
    ++count;
  }
  ++open;
  return true;
}

void SharedState::leave(const std::string& remote) {
  std::lock_guard lock(mutex_);
  if (const auto found = by_address_.find(remote); found != by_address_.end())
    if (--found->second == 0) by_address_.erase(found);
  if (--open == 0) empty_.notify_all();
}

bool SharedState::wait_until_empty(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, time, [this] { return open == 0; });
}

bool SharedState::reserve(std::size_t bytes) {
  if (body_bytes.fetch_add(bytes) + bytes <= options.max_body_bytes_in_flight) return true;
  body_bytes.fetch_sub(bytes);
  return false;
}

}  // namespace muster::http
