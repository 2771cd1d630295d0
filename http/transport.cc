// SPDX-License-Identifier: Apache-2.0
#include "http/transport.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

namespace muster::http {
namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using Code = boost::system::error_code;

namespace {

// What clear text and TLS have in common: the socket, and how it ends.
class SocketConnection : public Connection {
 protected:
  SocketConnection(SharedState& shared, EventLoop& loop, int fd, const std::string& remote)
      : Connection(shared, loop, remote), socket_(loop.io()) {
    const bool is_v6 = remote.find(':') != std::string::npos;
    Code code;
    socket_.assign(is_v6 ? tcp::v6() : tcp::v4(), fd, code);
    if (code) {
      ::close(fd);
      throw boost::system::system_error(code);
    }
    Code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
  }

  void discard_rest() {
    Code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    discard();
  }

  void close_socket() override {
    Code ignored;
    socket_.close(ignored);
  }

  tcp::socket socket_;

 private:
  void discard() {
    socket_.async_read_some(asio::buffer(scratch_),
                            [this, self = shared_from_this()](Code code, std::size_t) {
                              if (code) return lingered();
                              discard();
                            });
  }

  std::array<char, 512> scratch_;
};

class ClearConnection final : public SocketConnection {
 public:
  ClearConnection(SharedState& shared, EventLoop& loop, int fd, const std::string& remote)
      : SocketConnection(shared, loop, fd, remote) {}

 private:
  void handshake() override { opened(true); }

  void receive(char* into, std::size_t size) override {
    socket_.async_read_some(
        asio::buffer(into, size),
        [this, self = shared_from_this()](Code code, std::size_t got) { received(!code, got); });
  }

  // Most answers fit into the socket's buffer: one system call, no round through the loop.
  Sent send(std::string_view head, std::string_view body) override {
    std::array<iovec, 2> parts = {iovec{const_cast<char*>(head.data()), head.size()},
                                  iovec{const_cast<char*>(body.data()), body.size()}};
    msghdr message = {};
    message.msg_iov = parts.data();
    message.msg_iovlen = body.empty() ? 1 : 2;
    const auto went = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (went < 0 && errno != EAGAIN && errno != EINTR) return Sent::failed;
    const auto done = went < 0 ? 0 : static_cast<std::size_t>(went);
    if (done == head.size() + body.size()) return Sent::all;
    const auto from_head = std::min(done, head.size());
    head.remove_prefix(from_head);
    body.remove_prefix(done - from_head);
    asio::async_write(socket_,
                      std::array<asio::const_buffer, 2>{asio::buffer(head), asio::buffer(body)},
                      [this, self = shared_from_this()](Code code, std::size_t) { sent(!code); });
    return Sent::later;
  }

  void linger() override { discard_rest(); }
};

class TlsConnection final : public SocketConnection {
 public:
  TlsConnection(SharedState& shared, EventLoop& loop, int fd, const std::string& remote,
                asio::ssl::context& context)
      : SocketConnection(shared, loop, fd, remote), stream_(socket_, context) {}

 private:
  void handshake() override {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [this, self = shared_from_this()](Code code) { opened(!code); });
  }

  void receive(char* into, std::size_t size) override {
    stream_.async_read_some(
        asio::buffer(into, size),
        [this, self = shared_from_this()](Code code, std::size_t got) { received(!code, got); });
  }

  // One record, not two, for an answer of usual size.
  Sent send(std::string_view head, std::string_view body) override {
    constexpr std::size_t record = 16 << 10;
    out_.assign(head);
    if (head.size() + body.size() <= record) out_ += std::exchange(body, {});
    asio::async_write(stream_,
                      std::array<asio::const_buffer, 2>{asio::buffer(out_), asio::buffer(body)},
                      [this, self = shared_from_this()](Code code, std::size_t) { sent(!code); });
    return Sent::later;
  }

  void linger() override {
    stream_.async_shutdown([this, self = shared_from_this()](Code) { discard_rest(); });
  }

  asio::ssl::stream<tcp::socket&> stream_;
  std::string out_;
};

}  // namespace

std::shared_ptr<Connection> open_connection(SharedState& shared, EventLoop& loop, int socket,
                                            const std::string& remote) {
  if (const auto context = shared.tls.load())
    return std::make_shared<TlsConnection>(shared, loop, socket, remote, *context);
  return std::make_shared<ClearConnection>(shared, loop, socket, remote);
}

}  // namespace muster::http
