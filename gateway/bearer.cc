// SPDX-License-Identifier: Apache-2.0
#include "gateway/bearer.h"

#include <string_view>
#include <utility>

#include "core/text.h"

namespace muster::gateway {
namespace {

// What stands behind the scheme; empty when there is none or it is another one.
std::string_view token_of(const http::RequestHead& head) {
  constexpr std::string_view scheme = "bearer ";
  const auto* field = head.header("Authorization");
  if (field == nullptr || field->size() <= scheme.size() ||
      !ascii_equal_fold(field->substr(0, scheme.size()), scheme))
    return {};
  return trim_blanks(std::string_view(*field).substr(scheme.size()));
}

http::Response refusal(const auth::Refusal& refused, const http::RequestHead& head,
                       const http::ErrorBody& error_body) {
  using Reason = auth::Refusal::Reason;
  if (refused.reason == Reason::denied) {
    auto response = error_body(401,
                               "a valid bearer token of a source is needed; whoever runs this "
                               "service makes one",
                               head);
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"muster\"");
    return response;
  }
  auto response = refused.reason == Reason::too_many
                      ? error_body(429, "too many failed attempts from this address", head)
                      : error_body(503, "tokens cannot be checked now; try again", head);
  response.headers.emplace_back("Retry-After", std::to_string(refused.retry_after.count()));
  return response;
}

}  // namespace

http::Authorize bearer(auth::TokenCheck& tokens, http::ErrorBody error_body) {
  return [&tokens, body = std::move(error_body)](
             const http::RequestHead& head) -> std::variant<http::Principal, http::Response> {
    auto admission = tokens.check(token_of(head), head.remote);
    if (auto* principal = std::get_if<auth::Principal>(&admission))
      return http::Principal{std::move(principal->token_id), std::move(principal->source)};
    return refusal(std::get<auth::Refusal>(admission), head, body);
  };
}

}  // namespace muster::gateway
