// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "http/message.h"

namespace muster::http {

struct TlsFiles {
  std::string certificate_chain = {};  // PEM
  std::string private_key = {};        // PEM
};

struct ServerOptions {
  std::string name = "scim";          // for logs and metrics
  std::string address = "127.0.0.1";  // IPv4 or IPv6; "::" takes both
  std::uint16_t port = 0;             // 0: any free one
  // Empty certificate_chain: clear text, which only a loopback address may (see allow_clear_text).
  TlsFiles tls = {};
  bool allow_clear_text = false;
  int io_threads = 1;
  int workers = 64;
  std::size_t queue = 1024;  // requests waiting for a worker; above it: 503
  // Shared out evenly over the io threads; then the oldest idle one gives way.
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_address = 256;  // loopback is exempt
  std::size_t max_body_bytes_in_flight = 64 << 20;
  std::size_t max_header_bytes = 16 << 10;
  std::size_t max_headers = 64;
  std::size_t max_target = 8 << 10;
  int max_requests_per_connection = 100'000;
  std::chrono::milliseconds handshake_deadline{5'000};
  std::chrono::milliseconds header_deadline{10'000};
  std::chrono::milliseconds body_deadline{30'000};
  std::chrono::milliseconds write_deadline{30'000};
  std::chrono::milliseconds idle_deadline{60'000};
  std::chrono::milliseconds drain_deadline{20'000};
};

struct ServerCounters {
  std::uint64_t requests = 0;
  std::uint64_t refused_by_gate = 0;
  std::uint64_t refused_busy = 0;         // 503: queue or body memory full
  std::uint64_t connections = 0;          // open now
  std::uint64_t refused_connections = 0;  // limits on connections or file descriptors
  std::uint64_t timeouts = 0;
};

// Called after each answer, from the thread that wrote it; must not wait.
using Observe = std::function<void(const RequestHead&, std::string_view route_pattern, int status,
                                   std::chrono::microseconds)>;

// An HTTP/1.1 listener with the request gate, absolute deadlines and limits. start() binds and
// begins to serve on its own threads; stop() drains: stops accepting, closes idle connections,
// finishes what is in flight within the drain deadline, then cuts; it returns once no handler runs
// any more. Routes are fixed at construction. Handlers that throw are answered with 500. start()
// and stop() from one thread, once each, and never from a handler.
class Server {
 public:
  Server(ServerOptions options, std::vector<Route> routes, ErrorBody error_body = {},
         Observe observe = {});
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  Status start();
  void stop();
  // Reads the TLS files again, for the connections to come; on an error the old ones stay in use.
  // Thread-safe.
  Status reload_tls();
  std::uint16_t port() const;  // after start()
  ServerCounters counters() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::http
