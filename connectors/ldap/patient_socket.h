// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "connectors/ldap/wire.h"

namespace muster::connectors::ldap {

// Sits between libldap (and the TLS library below it) and the socket, so that nothing waits longer
// than we said: libldap built with GnuTLS retries a TLS handshake for ever when the server is
// silent, and reads a message that stopped half-way without a time limit. Writes never raise
// SIGPIPE. Must outlive the handle it is put under.
class PatientSocket {
 public:
  PatientSocket(Patience patience, std::chrono::milliseconds sign_in)
      : patience_(std::move(patience)), until_(Patience::Clock::now() + sign_in) {}
  PatientSocket(const PatientSocket&) = delete;
  PatientSocket& operator=(const PatientSocket&) = delete;

  // Before the first operation of the handle; false when libldap refuses.
  bool put_under(::ldap* handle);

  // From now on reads take what is there: next_message() does the waiting.
  void signed_in() { waiting_ = false; }

  // read(2) and write(2) with the deadline; ETIMEDOUT when it has passed.
  long read(int descriptor, void* buffer, unsigned long length) const;
  long write(int descriptor, const void* buffer, unsigned long length) const;

 private:
  bool wait_for(int descriptor, short event, Patience::Clock::time_point until) const;

  Patience patience_;
  Patience::Clock::time_point until_;
  bool waiting_ = true;
};

}  // namespace muster::connectors::ldap
