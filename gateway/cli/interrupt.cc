// SPDX-License-Identifier: Apache-2.0
#include "gateway/cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace muster::gateway::cli {
namespace {

sigset_t interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  const auto set = interrupts();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  watcher_ = std::jthread([this, set](const std::stop_token& ended) {
    const timespec patience{0, 100'000'000};
    while (!ended.stop_requested()) {
      if (sigtimedwait(&set, nullptr, &patience) > 0) stop_.request_stop();
    }
  });
}

Interrupt::~Interrupt() = default;

}  // namespace muster::gateway::cli
