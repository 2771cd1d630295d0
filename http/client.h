// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "http/message.h"

namespace muster::http {

struct ClientOptions {
  std::string origin = {};  // "https://meeds.example:8443": scheme, host and port, nothing behind
  // IP address to connect to instead of asking the resolver; names are still checked.
  std::string address = {};
  std::string ca_file = {};  // PEM; empty: the system's
  std::chrono::milliseconds connect_deadline{5'000};
  std::chrono::milliseconds deadline{
      10'000};  // of a whole exchange; asking the resolver is not part of it
  std::size_t max_response_bytes = 1 << 20;  // of a body
};

// Talks HTTP/1.1 to one origin and waits for the answer. Follows no redirects, decompresses
// nothing, uses no proxy, checks certificates. Keeps its connection for the next exchange. One
// thread at a time.
class Client {
 public:
  // Refuses an origin that is none.
  static Result<Client> create(ClientOptions options);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Any answer, also 404 or 500, is a Response. Errors: `invalid` for a target or field that could
  // break the message; `unavailable`, with code connect, tls, deadline, too_large or broken, when
  // there is no whole answer; what was sent may then have been carried out. `content_type` is sent
  // when there is a body.
  Result<Response> send(Method method, std::string_view target, std::vector<Header> headers = {},
                        std::string body = {}, std::string_view content_type = "application/json");

 private:
  class Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::http
