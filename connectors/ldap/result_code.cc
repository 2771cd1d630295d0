// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/result_code.h"

#include <ldap.h>

#include <algorithm>
#include <array>

namespace muster::connectors::ldap {
namespace {

struct ResultCode {
  int code;
  std::string_view name;
  Fault fault;
  std::string_view advice;
};

constexpr std::string_view kLimits =
    "Raise the limit for this account (OpenLDAP: limits dn.exact=\"...\" size=unlimited "
    "size.prtotal=unlimited "
    "time=unlimited; 389-ds: nsSizeLimit, nsLookThroughLimit).";
constexpr std::string_view kLater =
    "The directory is overloaded or going down; the next run tries again.";
constexpr std::string_view kSecure = "Use ldaps:// or start_tls.";

constexpr std::array<ResultCode, 25> kResultCodes = {{
    {0, "success", Fault::internal, ""},
    {1, "operationsError", Fault::unavailable,
     "Active Directory says so when the bind is missing: set bind_dn."},
    {2, "protocolError", Fault::unavailable, ""},
    {3, "timeLimitExceeded", Fault::unavailable, kLimits},
    {4, "sizeLimitExceeded", Fault::unavailable, kLimits},
    {7, "authMethodNotSupported", Fault::denied, "Allow simple bind for this account."},
    {8, "strongerAuthRequired", Fault::denied, kSecure},
    {10, "referral", Fault::invalid, "Another server holds this base: give that server's URI."},
    {11, "adminLimitExceeded", Fault::unavailable, kLimits},
    {12, "unavailableCriticalExtension", Fault::unavailable, ""},
    {13, "confidentialityRequired", Fault::denied, kSecure},
    {18, "inappropriateMatching", Fault::invalid, "Correct the filter."},
    {32, "noSuchObject", Fault::not_found,
     "Correct the base, or give the account the right to read it (directories hide what may not be "
     "read)."},
    {34, "invalidDNSyntax", Fault::invalid, "Correct the DN."},
    {48, "inappropriateAuthentication", Fault::denied,
     "The account has no password: correct bind_dn."},
    {49, "invalidCredentials", Fault::denied,
     "Correct bind_dn or the password, or unlock the account."},
    {50, "insufficientAccessRights", Fault::denied,
     "Give the account the right to read and search there."},
    {51, "busy", Fault::unavailable, kLater},
    {52, "unavailable", Fault::unavailable, kLater},
    {53, "unwillingToPerform", Fault::denied,
     "The server's policy forbids it: look into the server's log."},
    {54, "loopDetect", Fault::unavailable, ""},
    {80, "other", Fault::unavailable, "Look into the server's log."},
    {LDAP_SERVER_DOWN, "connection lost", Fault::unavailable,
     "Check that the directory runs and can be reached at this address and port."},
    {LDAP_CONNECT_ERROR, "connection not made", Fault::unavailable, ""},
    {LDAP_FILTER_ERROR, "filter not valid", Fault::invalid, "Correct the filter (RFC 4515)."},
}};

const ResultCode* find(int code) {
  const auto found = std::ranges::find(kResultCodes, code, &ResultCode::code);
  return found == kResultCodes.end() ? nullptr : &*found;
}

}  // namespace

std::string result_name(int code) {
  const ResultCode* known = find(code);
  std::string name(known != nullptr ? known->name : std::string_view(ldap_err2string(code)));
  return name + " (" + std::to_string(code) + ")";
}

Fault fault_of(int code) {
  const ResultCode* known = find(code);
  return known != nullptr ? known->fault : Fault::unavailable;
}

std::string_view advice_for(int code) {
  const ResultCode* known = find(code);
  return known != nullptr ? known->advice : std::string_view();
}

std::string explain(int code, std::string_view diagnostic) {
  std::string text = result_name(code);
  if (!diagnostic.empty()) text.append(", the server says: ").append(diagnostic);
  return text;
}

}  // namespace muster::connectors::ldap
