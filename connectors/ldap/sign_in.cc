// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/sign_in.h"

#include <ldap.h>
#include <unistd.h>

#include <cstdlib>

#include "connectors/ldap/result_code.h"
#include "core/dn.h"
#include "core/text.h"

namespace muster::connectors::ldap {
namespace {

using std::chrono::milliseconds;

// libldap reads ldap.conf and LDAPTLS_... on first use and would let them override what the
// configuration says. Set before main(), because setenv() must not run beside other threads.
[[maybe_unused]] const int kNoInit = setenv("LDAPNOINIT", "1", 1);

struct UrlFree {
  void operator()(LDAPURLDesc* url) const { ldap_free_urldesc(url); }
};

struct Address {
  std::string scheme;
  std::string host;
};

Result<Address> parse_uri(const std::string& uri) {
  LDAPURLDesc* raw = nullptr;
  if (ldap_url_parse(uri.c_str(), &raw) != LDAP_URL_SUCCESS) {
    return fail(Fault::invalid,
                "not an LDAP URI; write ldaps://host, ldap://host:port or ldapi:///path", uri);
  }
  const std::unique_ptr<LDAPURLDesc, UrlFree> url(raw);
  return Address{.scheme = ascii_lower(url->lud_scheme),
                 .host = url->lud_host != nullptr ? url->lud_host : ""};
}

bool is_loopback(const Address& address) {
  return address.scheme == "ldapi" || address.host == "localhost" || address.host == "::1" ||
         address.host.starts_with("127.");
}

Status check_uri(const LdapOptions& options, const std::string& uri) {
  MUSTER_TRY(const Address address, parse_uri(uri));
  const bool clear = address.scheme == "ldap" && !options.start_tls;
  if (clear && !options.password.empty() && !options.allow_clear_text && !is_loopback(address)) {
    return fail(Fault::invalid,
                "the password would travel unencrypted; use ldaps:// or start_tls: true (or "
                "allow_clear_text: true)",
                uri);
  }
  return {};
}

template <class T>
bool set_option(::ldap* handle, int option, const T& value) {
  return ldap_set_option(handle, option, &value) == LDAP_OPT_SUCCESS;
}

bool set_timeouts(::ldap* handle, milliseconds connect) {
  const timeval time{.tv_sec = connect.count() / 1000, .tv_usec = (connect.count() % 1000) * 1000};
  return set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, time) &&
         set_option(handle, LDAP_OPT_TIMEOUT, time) &&
         set_option(handle, LDAP_OPT_TCP_USER_TIMEOUT, static_cast<unsigned>(connect.count())) &&
         set_option(handle, LDAP_OPT_X_KEEPALIVE_IDLE, 60) &&
         set_option(handle, LDAP_OPT_X_KEEPALIVE_PROBES, 3) &&
         set_option(handle, LDAP_OPT_X_KEEPALIVE_INTERVAL, 10);
}

// The new context comes last: it is what makes the others count.
bool set_tls(::ldap* handle, const std::string& ca_file) {
  const int at_least_1_2 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
  const int demand = LDAP_OPT_X_TLS_DEMAND;
  const int client = 0;
  return ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, ca_file.c_str()) == LDAP_OPT_SUCCESS &&
         set_option(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, at_least_1_2) &&
         set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, demand) &&
         set_option(handle, LDAP_OPT_X_TLS_NEWCTX, client);
}

// From the first message on: the claimed length of a message decides how much memory is reserved
// for it.
bool bound_messages(::ldap* handle, std::size_t bytes) {
  Sockbuf* buffer = nullptr;
  ber_len_t most = bytes;
  return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS &&
         buffer != nullptr && ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &most) > 0;
}

Result<Handle> prepare(const LdapOptions& options, const std::string& uri, bool tls) {
  LDAP* raw = nullptr;
  if (const int code = ldap_initialize(&raw, uri.c_str()); code != LDAP_SUCCESS) {
    return fail(wire_error(nullptr, code, "Preparing the connection"));
  }
  Handle handle(raw);
  const int version = LDAP_VERSION3;
  const bool plain = set_option(raw, LDAP_OPT_PROTOCOL_VERSION, version) &&
                     ldap_set_option(raw, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS &&
                     ldap_set_option(raw, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
                     set_timeouts(raw, options.timeouts.connect) &&
                     bound_messages(raw, options.limits.message_bytes);
  if (!plain) return fail(Fault::internal, "libldap refused an option of the connection", uri);
  if (tls && !set_tls(raw, options.ca_file)) {
    return fail(Fault::invalid, "the certificates of ca_file could not be loaded; check the file",
                options.ca_file);
  }
  return handle;
}

struct Answer {
  int code = 0;
  std::string diagnostic = {};
};

Result<Answer> wait_for_answer(::ldap* handle, int id, milliseconds silence,
                               const Patience& patience, std::string_view doing) {
  MUSTER_TRY(const Message message, next_message(handle, id, silence, patience, doing));
  Answer answer;
  char* text = nullptr;
  const int parsed =
      ldap_parse_result(handle, message.get(), &answer.code, nullptr, &text, nullptr, nullptr, 0);
  if (text != nullptr) answer.diagnostic = text;
  ldap_memfree(text);
  if (parsed != LDAP_SUCCESS) return fail(wire_error(handle, parsed, doing));
  return answer;
}

Status start_tls(::ldap* handle, const LdapOptions& options, const Patience& patience) {
  constexpr std::string_view kDoing = "StartTLS";
  int id = 0;
  if (const int code = ldap_start_tls(handle, nullptr, nullptr, &id); code != LDAP_SUCCESS) {
    return fail(wire_error(handle, code, "Connecting"));
  }
  MUSTER_TRY(const Answer answer,
             wait_for_answer(handle, id, options.timeouts.connect, patience, kDoing));
  if (answer.code != LDAP_SUCCESS) {
    return fail(
        Fault::unavailable,
        "The server refused StartTLS: " + explain(answer.code, answer.diagnostic) +
            ". Nothing was sent in clear text. Switch TLS on in the server, or use ldaps://.");
  }
  if (const int code = ldap_install_tls(handle); code != LDAP_SUCCESS) {
    return fail(Fault::unavailable,
                "The TLS handshake failed: " + explain(code, diagnostic_of(handle)) +
                    ". Check that ca_file holds the server's authority and that the URI has the "
                    "name of its certificate.");
  }
  return {};
}

Error refused_bind(const LdapOptions& options, const Answer& answer) {
  Error error{.fault = fault_of(answer.code),
              .where = options.bind_dn,
              .code = std::to_string(answer.code)};
  error.detail = "Signing in as " +
                 (options.bind_dn.empty() ? std::string("anonymous") : options.bind_dn) +
                 " was refused: " + explain(answer.code, answer.diagnostic) + ".";
  if (const std::string_view advice = advice_for(answer.code); !advice.empty())
    error.detail.append(" ").append(advice);
  if (answer.code == LDAP_INVALID_CREDENTIALS && options.uris.size() > 1) {
    error.detail += " The other servers were not tried, so that the account is not locked.";
  }
  return error;
}

Status bind(::ldap* handle, const LdapOptions& options, bool tls, const Patience& patience) {
  std::string password = options.password.reveal();
  berval credentials{.bv_len = password.size(), .bv_val = password.data()};
  int id = 0;
  const int code = ldap_sasl_bind(handle, options.bind_dn.c_str(), LDAP_SASL_SIMPLE, &credentials,
                                  nullptr, nullptr, &id);
  explicit_bzero(password.data(), password.size());
  if (code != LDAP_SUCCESS) {
    Error error = wire_error(handle, code, "Connecting");
    if (tls)
      error.detail +=
          " If the server is up, check that ca_file holds its authority and that the URI has its "
          "name.";
    return fail(std::move(error));
  }
  MUSTER_TRY(const Answer answer,
             wait_for_answer(handle, id, options.timeouts.connect, patience, "Signing in"));
  if (answer.code != LDAP_SUCCESS) return fail(refused_bind(options, answer));
  return {};
}

}  // namespace

Status check_options(const LdapOptions& options) {
  if (options.uris.empty()) return fail(Fault::invalid, "no server: give at least one URI", "uris");
  for (const std::string& uri : options.uris) MUSTER_CHECK(check_uri(options, uri));
  // A bind with a name and without a password succeeds and proves nothing (RFC 4513, 5.1.2).
  if (!options.bind_dn.empty() && is_blank(options.password.reveal())) {
    return fail(Fault::invalid, "the password of the account is empty", "password");
  }
  if (options.bind_dn.empty() && !options.password.empty()) {
    return fail(Fault::invalid, "there is a password but no account", "bind_dn");
  }
  if (options.users.bases.empty() && options.groups.bases.empty()) {
    return fail(Fault::invalid, "nothing to read: give a base for users or groups", "bases");
  }
  for (const LdapScope* scope : {&options.users, &options.groups}) {
    for (const std::string& base : scope->bases) {
      if (!canonical_dn(base))
        return fail(Fault::invalid, "this base is not a distinguished name", base);
    }
  }
  for (const std::string& canary : options.canaries) {
    if (!canonical_dn(canary))
      return fail(Fault::invalid, "this canary is not a distinguished name", canary);
  }
  if (options.page_size < 1)
    return fail(Fault::invalid, "the page size must be at least 1", "page_size");
  return {};
}

Result<Connection> sign_in(const LdapOptions& options, const std::string& uri,
                           const Patience& patience) {
  MUSTER_TRY(const Address address, parse_uri(uri));
  const bool upgrade = options.start_tls && address.scheme == "ldap";
  const bool tls = upgrade || address.scheme == "ldaps";
  Connection connection{
      .socket = std::make_unique<PatientSocket>(patience, options.timeouts.connect),
      .gate = std::make_unique<MessageGate>(options.limits.message_bytes)};
  MUSTER_TRY(connection.handle, prepare(options, uri, tls));
  ::ldap* handle = connection.handle.get();
  if (!connection.socket->put_under(handle))
    return fail(Fault::internal, "libldap refused our socket layer", uri);
  if (upgrade) MUSTER_CHECK(start_tls(handle, options, patience));
  MUSTER_CHECK(bind(handle, options, tls, patience));
  connection.socket->signed_in();
  if (!connection.gate->put_above(handle))
    return fail(Fault::internal, "libldap refused our layer for messages", uri);
  return connection;
}

}  // namespace muster::connectors::ldap
