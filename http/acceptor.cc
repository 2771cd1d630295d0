// SPDX-License-Identifier: Apache-2.0
#include "http/acceptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <utility>

#include "core/log.h"
#include "http/server.h"

namespace muster::http {
namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;

namespace {

constexpr int backlog = 1024;
constexpr int accepts_in_a_row = 64;
constexpr std::chrono::milliseconds pause_without_descriptors{10};

std::string text_of(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  return address.to_string();
}

int open_spare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

class Acceptor::Impl {
 public:
  Impl(asio::io_context& io, Take take, std::function<void()> turned_away)
      : acceptor_(io), pause_(io), take_(std::move(take)), turned_away_(std::move(turned_away)) {}
  ~Impl() {
    if (spare_ >= 0) ::close(spare_);
  }

  Status bind(const ServerOptions& options) {
    const auto where = options.address + ":" + std::to_string(options.port);
    Code code;
    const auto address = asio::ip::make_address(options.address, code);
    if (code) return fail(Fault::invalid, "the listen address is not an IP address", where);
    if (options.tls.certificate_chain.empty() && !address.is_loopback() &&
        !options.allow_clear_text)
      return fail(Fault::invalid,
                  "without a TLS certificate only a loopback address may be listened on; set the "
                  "certificate, or allow clear text behind a proxy that does TLS",
                  where);
    const tcp::endpoint endpoint(address, options.port);
    acceptor_.open(endpoint.protocol(), code);
    if (!code) acceptor_.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code && address == asio::ip::address_v6::any())
      acceptor_.set_option(asio::ip::v6_only(false), code);
    if (!code) acceptor_.bind(endpoint, code);
    if (!code) acceptor_.listen(backlog, code);
    if (!code) acceptor_.native_non_blocking(true, code);
    if (code == asio::error::address_in_use)
      return fail(Fault::unavailable, "is in use: another program listens there", where);
    if (code) return fail(Fault::unavailable, "cannot be listened on: " + code.message(), where);
    spare_ = open_spare();
    return {};
  }

  std::uint16_t port() const {
    Code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }

  void wait() {
    acceptor_.async_wait(tcp::acceptor::wait_read, [this](Code code) {
      if (code || !acceptor_.is_open()) return;
      if (accept_some()) return wait();
      pause_.expires_after(pause_without_descriptors);
      pause_.async_wait([this](Code failed) {
        if (!failed && acceptor_.is_open()) wait();
      });
    });
  }

  void close() {
    Code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
  }

 private:
  // False when it is better to wait a moment.
  bool accept_some() {
    for (int i = 0; i < accepts_in_a_row; ++i) {
      tcp::endpoint peer;
      auto size = static_cast<socklen_t>(peer.capacity());
      const int socket =
          ::accept4(acceptor_.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return accept_failed(errno);
      peer.resize(size);
      take_(socket, text_of(peer.address()));
    }
    return true;
  }

  bool accept_failed(int error) {
    if (error == EAGAIN || error == EINTR || error == ECONNABORTED) return true;
    if (error == EMFILE || error == ENFILE) {
      turned_away_();
      turn_away_one();
    }
    return false;
  }

  void turn_away_one() {
    log::write(log::Level::warning, "http", "no_file_descriptors");
    if (spare_ >= 0) ::close(spare_);
    const int socket = ::accept(acceptor_.native_handle(), nullptr, nullptr);
    if (socket >= 0) ::close(socket);
    spare_ = open_spare();
  }

  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  Take take_;
  std::function<void()> turned_away_;
  int spare_ = -1;
};

Result<std::unique_ptr<Acceptor>> Acceptor::open(asio::io_context& io, const ServerOptions& options,
                                                 Take take, std::function<void()> turned_away) {
  auto impl = std::make_unique<Impl>(io, std::move(take), std::move(turned_away));
  MUSTER_CHECK(impl->bind(options));
  return std::unique_ptr<Acceptor>(new Acceptor(std::move(impl)));
}

Acceptor::Acceptor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Acceptor::~Acceptor() = default;
std::uint16_t Acceptor::port() const { return impl_->port(); }
void Acceptor::start() { impl_->wait(); }
void Acceptor::close() { impl_->close(); }

}  // namespace muster::http
