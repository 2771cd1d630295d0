// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/result.h"

struct ldap;
struct ldapmsg;

namespace muster::connectors::ldap {

// libldap's connection and message; both end with their owner.
struct Unbind {
  void operator()(::ldap* handle) const;
};
struct FreeMessage {
  void operator()(::ldapmsg* message) const;
};
using Handle = std::unique_ptr<::ldap, Unbind>;
using Message = std::unique_ptr<::ldapmsg, FreeMessage>;

// How long one pull may go on: until somebody asks it to stop or its time is over.
struct Patience {
  using Clock = std::chrono::steady_clock;

  std::stop_token stop = {};
  Clock::time_point deadline = Clock::time_point::max();

  Status check() const;
};

// Codes of errors that are ours rather than the server's.
inline constexpr std::string_view kStopped = "stopped";
inline constexpr std::string_view kRunTimeout = "run-timeout";
inline constexpr std::string_view kSilence = "silence";

// What the server, or TLS below it, added to the last error of this handle.
std::string diagnostic_of(::ldap* handle);

// The error for a libldap call that returned `code`: "DOING failed: sizeLimitExceeded (4), the
// server says: ... ADVICE". Error::code is the number.
Error wire_error(::ldap* handle, int code, std::string_view doing);

// The next message of operation `id`, waiting at most `silence` for it. Looks at `patience` several
// times a second.
Result<Message> next_message(::ldap* handle, int id, std::chrono::milliseconds silence,
                             const Patience& patience, std::string_view doing);

}  // namespace muster::connectors::ldap
