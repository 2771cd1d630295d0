// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/ldap_source.h"

#include <pthread.h>

#include <csignal>
#include <ctime>

#include "connectors/ldap/run.h"
#include "connectors/ldap/sign_in.h"

namespace muster::connectors::ldap {
namespace {

// libldap writes to sockets without MSG_NOSIGNAL: a server that went away would end the process.
// SIGPIPE is held back on this thread, and one that came is taken out of the queue again.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  NoBrokenPipe(const NoBrokenPipe&) = delete;
  NoBrokenPipe& operator=(const NoBrokenPipe&) = delete;
  ~NoBrokenPipe() {
    if (sigismember(&before_, SIGPIPE) == 1) return;
    const timespec at_once{};
    while (sigtimedwait(&pipe_, nullptr, &at_once) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_ = {};
  sigset_t before_ = {};
};

}  // namespace

LdapSource::LdapSource(LdapOptions options) : options_(std::move(options)) {}

Result<Pull> LdapSource::pull(const Sink& sink, std::stop_token stop) {
  MUSTER_CHECK(check_options(options_));
  const NoBrokenPipe no_broken_pipe;
  Run run(options_, sink, std::move(stop));
  return run.execute();
}

}  // namespace muster::connectors::ldap
