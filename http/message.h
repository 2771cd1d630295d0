// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace muster::http {

enum class Method { get, head, post, put, patch, delete_, options, other };

std::string_view name_of(Method method);  // "GET"

using Header = std::pair<std::string, std::string>;

// Who a request comes from, as the route's `authorize` found it.
struct Principal {
  std::string token_id = {};  // public part of the bearer token
  std::string source = {};    // the source that the token is bound to
};

// The request line and header fields, after the gate (security rules of the listener) has let them
// pass.
struct RequestHead {
  Method method = Method::get;
  std::string path = {};  // decoded once; starts with '/', no query
  // Decoded once, '+' is a space; in order.
  std::vector<std::pair<std::string, std::string>> query = {};
  std::vector<Header> headers = {};  // in order of arrival
  std::string remote = {};           // peer address without port
  std::string id = {};               // of this request, for logs and error answers

  // The first field of that name (ASCII case-insensitive), or nullptr.
  const std::string* header(std::string_view name) const;
  // The first query parameter of that name (ASCII case-insensitive), or nullptr.
  const std::string* parameter(std::string_view name) const;
};

struct Request {
  RequestHead head = {};
  std::string body = {};
  Principal principal = {};
  // What the {..} segments of the route's pattern matched, decoded.
  std::vector<std::string> captures = {};
};

// The server adds Date, Content-Length, X-Request-Id, X-Content-Type-Options and, unless set,
// `Cache-Control: no-store`; framing fields among `headers` are dropped. A field that would break
// out of its line makes the answer a 500.
struct Response {
  int status = 200;  // 200 to 599
  std::vector<Header> headers = {};
  std::string body = {};
  std::string content_type = "application/json";  // sent when there is a body
};

using Handler = std::function<Response(const Request&)>;
// Called after the head was read and before the body is: a Response ends the request there. Runs on
// the listener's threads, several at a time, and must not wait.
using Authorize = std::function<std::variant<Principal, Response>(const RequestHead&)>;

// One way into the program. Handlers are plain functions, called on the listener's threads when
// `quick` (point reads on an index, no waiting), on the worker pool otherwise; several at a time.
struct Route {
  Method method = Method::get;
  std::string pattern = {};  // "/scim/v2/Users/{id}"; a {..} segment matches one non-empty segment
  Handler handler = {};
  Authorize authorize = {};  // empty: open to everybody who reaches the listener
  bool quick = false;
  // Tells the requests that are quick on a route that is not; empty: none. Must not wait.
  std::function<bool(const RequestHead&)> quick_when = {};
  std::size_t body_limit = 1 << 20;  // bytes
};

// What the listener itself answers (404, 405, 413, 503...), so that a dialect can give it its own
// form.
using ErrorBody = std::function<Response(int status, std::string_view detail, const RequestHead&)>;

}  // namespace muster::http
