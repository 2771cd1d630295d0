// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/result.h"

namespace boost::asio {
class io_context;
}

namespace muster::http {

struct ServerOptions;

// A listening socket. Connections go to `take` on the thread of the io_context; when file
// descriptors run out, a spare one is used to turn callers away instead of leaving them to hang,
// and accepting pauses for a moment.
class Acceptor {
 public:
  // The socket and the peer's address without port (an IPv4 peer of an IPv6 socket as IPv4).
  using Take = std::function<void(int socket, const std::string& remote)>;

  // Binds and listens. Errors: an address that is none, that is in use, or that clear text may not
  // use.
  static Result<std::unique_ptr<Acceptor>> open(boost::asio::io_context& io,
                                                const ServerOptions& options, Take take,
                                                std::function<void()> turned_away);
  ~Acceptor();

  std::uint16_t port() const;
  // On the io_context's thread.
  void start();
  void close();

 private:
  class Impl;
  explicit Acceptor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace muster::http
