// SPDX-License-Identifier: Apache-2.0
#include "gateway/signals.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace muster::gateway {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

sigset_t service_signals() {
  auto set = stop_signals();
  sigaddset(&set, SIGHUP);
  return set;
}

void block(const sigset_t& set) { pthread_sigmask(SIG_BLOCK, &set, nullptr); }

}  // namespace

ServiceSignals::ServiceSignals() { block(service_signals()); }

int ServiceSignals::wait() {
  const auto set = service_signals();
  int number = 0;
  sigwait(&set, &number);
  return number;
}

Interrupt::Interrupt() {
  const auto set = stop_signals();
  block(set);
  watcher_ = std::jthread([this, set](const std::stop_token& ended) {
    const timespec patience{0, 100'000'000};
    while (!ended.stop_requested()) {
      if (sigtimedwait(&set, nullptr, &patience) > 0) stop_.request_stop();
    }
  });
}

}  // namespace muster::gateway
