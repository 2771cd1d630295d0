// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "http/message.h"
#include "provision/provisioner.h"

namespace muster::scim {

struct EndpointOptions {
  std::string base_path = "/scim/v2";
  // "https://muster.example/scim/v2": what `location` is built from; empty: base_path.
  std::string public_url = {};
  int max_results = 1000;  // of one list answer
  const Clock* clock = &system_clock();
};

// The SCIM 2.0 service (RFC 7643, RFC 7644), source view: each bearer token sees and writes its own
// source's records. Knows no sockets: hands out routes. Thread-safe; `provisioner` must outlive it.
class Endpoint {
 public:
  // `authorize` tells the principal of a request.
  Endpoint(provision::Provisioner& provisioner, http::Authorize authorize, EndpointOptions options);
  ~Endpoint();

  std::vector<http::Route> routes();

  // Errors that the listener answers by itself, in SCIM form (RFC 7644, 3.12).
  static http::Response error_body(int status, std::string_view detail,
                                   const http::RequestHead& head);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::scim
