// SPDX-License-Identifier: Apache-2.0
#include "scim/problem.h"

#include <algorithm>
#include <array>

#include "core/json.h"
#include "core/log.h"

namespace muster::scim {
namespace {

// RFC 7644, table 9.
constexpr std::array<std::string_view, 7> scim_types = {
    "invalidFilter", "invalidSyntax", "invalidPath", "noTarget",
    "mutability",    "invalidValue",  "uniqueness"};

bool is_scim_type(std::string_view code) {
  return std::find(scim_types.begin(), scim_types.end(), code) != scim_types.end();
}

std::string_view type_of_invalid(std::string_view code) {
  if (is_scim_type(code)) return code;
  const bool from_reader = code.starts_with("E-JSON") || code == "E-UTF8" || code == "E-LIMIT";
  return from_reader ? "invalidSyntax" : "invalidValue";
}

http::Response internal_error(const Error& error) {
  log::write(
      log::Level::error, "scim", "internal_error",
      {{"detail", std::string_view(error.detail)}, {"where", std::string_view(error.where)}});
  return problem(500, "", "something went wrong inside; the log of the gateway says what");
}

http::Response unavailable(const Error& error) {
  log::write(
      log::Level::warning, "scim", "unavailable",
      {{"detail", std::string_view(error.detail)}, {"where", std::string_view(error.where)}});
  auto response = problem(503, "", "the store does not answer at the moment; try again");
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

}  // namespace

http::Response json_response(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  response.content_type = media_type;
  return response;
}

http::Response problem(int status, std::string_view scim_type, std::string_view detail) {
  std::string body = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":")";
  body += std::to_string(status) + '"';
  if (!scim_type.empty()) body.append(",\"scimType\":\"").append(scim_type).append("\"");
  body += ",\"detail\":";
  append_json_text(body, detail);
  body += '}';
  return json_response(status, std::move(body));
}

http::Response problem(const Error& error) {
  switch (error.fault) {
    case Fault::invalid:
      return problem(400, type_of_invalid(error.code), describe(error));
    case Fault::not_found:
      return problem(404, "", error.detail);
    case Fault::conflict:
      if (error.code == "version") return problem(412, "", describe(error));
      return problem(409, error.code == "uniqueness" ? "uniqueness" : "", describe(error));
    case Fault::denied:
      return problem(403, "", error.detail);
    case Fault::unavailable:
      return unavailable(error);
    case Fault::internal:
      return internal_error(error);
  }
  return internal_error(error);
}

}  // namespace muster::scim
