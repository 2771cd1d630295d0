// SPDX-License-Identifier: Apache-2.0
// http_bench PORT IO_THREADS WORKERS [CERTIFICATE KEY]: answers 700 bytes of JSON at /quick on the
// listener's threads and at /worker on the worker pool, POST /worker included, until it is ended.
// Measure with wrk.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "http/server.h"

int main(int count, char** words) {
  using namespace muster::http;
  if (count != 4 && count != 6) return 2;
  std::string body = "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"x\":\"";
  body += std::string(700 - body.size() - 2, 'y') + "\"}";
  const Handler answer = [&](const Request&) {
    return Response{.body = body, .content_type = "application/scim+json"};
  };
  ServerOptions options;
  options.port = static_cast<std::uint16_t>(std::atoi(words[1]));
  options.io_threads = std::atoi(words[2]);
  options.workers = std::atoi(words[3]);
  if (count == 6) options.tls = {.certificate_chain = words[4], .private_key = words[5]};

  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);
  Server server(options, {{.pattern = "/quick", .handler = answer, .quick = true},
                          {.pattern = "/worker", .handler = answer},
                          {.method = Method::post, .pattern = "/worker", .handler = answer}});
  if (const auto started = server.start(); !started) {
    std::fprintf(stderr, "%s\n", muster::describe(started.error()).c_str());
    return 1;
  }
  int signal = 0;
  sigwait(&end, &signal);
  server.stop();
  return 0;
}
