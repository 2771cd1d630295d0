// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/wire.h"

#include <ldap.h>

#include <cerrno>

#include "connectors/ldap/result_code.h"

namespace muster::connectors::ldap {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlice{100};

timeval to_timeval(milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_usec = (time.count() % 1000) * 1000};
}

Error lost_connection(::ldap* handle, int code, bool too_long, std::string_view doing) {
  Error error = wire_error(handle, code, doing);
  if (too_long) {
    error.detail = std::string(doing) +
                   " failed: the server sent a message above the size limit. Look for an entry "
                   "with huge values, or raise "
                   "limits.message_bytes.";
  }
  return error;
}

}  // namespace

void Unbind::operator()(::ldap* handle) const { ldap_unbind_ext_s(handle, nullptr, nullptr); }

void FreeMessage::operator()(::ldapmsg* message) const { ldap_msgfree(message); }

Status Patience::check() const {
  if (stop.stop_requested())
    return fail(Fault::unavailable, "The run was stopped on request.", {}, std::string(kStopped));
  if (Clock::now() >= deadline) {
    return fail(Fault::unavailable, "The run took longer than timeouts.run allows.", {},
                std::string(kRunTimeout));
  }
  return {};
}

std::string diagnostic_of(::ldap* handle) {
  char* raw = nullptr;
  ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &raw);
  std::string text = raw != nullptr ? raw : "";
  ldap_memfree(raw);
  return text;
}

Error wire_error(::ldap* handle, int code, std::string_view doing) {
  std::string detail(doing);
  detail.append(" failed: ")
      .append(explain(code, handle != nullptr ? diagnostic_of(handle) : ""))
      .append(".");
  if (const std::string_view advice = advice_for(code); !advice.empty())
    detail.append(" ").append(advice);
  return {.fault = fault_of(code), .detail = std::move(detail), .code = std::to_string(code)};
}

Result<Message> next_message(::ldap* handle, int id, milliseconds silence, const Patience& patience,
                             std::string_view doing) {
  const auto give_up = Patience::Clock::now() + silence;
  for (;;) {
    MUSTER_CHECK(patience.check());
    timeval slice = to_timeval(std::min(kSlice, silence));
    LDAPMessage* raw = nullptr;
    errno = 0;
    const int type = ldap_result(handle, id, LDAP_MSG_ONE, &slice, &raw);
    const bool too_long = errno == ERANGE;  // how liblber says that the message is above its limit
    if (type > 0) return Message(raw);
    if (type < 0) {
      int code = LDAP_SERVER_DOWN;
      ldap_get_option(handle, LDAP_OPT_RESULT_CODE, &code);
      return fail(lost_connection(handle, code, too_long, doing));
    }
    if (Patience::Clock::now() >= give_up) {
      return fail(Fault::unavailable,
                  std::string(doing) + " failed: no answer within " +
                      std::to_string(silence.count()) +
                      " ms. Look whether the server hangs, or raise the time-out.",
                  {}, std::string(kSilence));
    }
  }
}

}  // namespace muster::connectors::ldap
