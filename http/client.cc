// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

// The library in Debian is built with these; they change the layout of its classes.
#ifndef CPPHTTPLIB_OPENSSL_SUPPORT
#define CPPHTTPLIB_OPENSSL_SUPPORT
#endif
#ifndef CPPHTTPLIB_ZLIB_SUPPORT
#define CPPHTTPLIB_ZLIB_SUPPORT
#endif
#ifndef CPPHTTPLIB_BROTLI_SUPPORT
#define CPPHTTPLIB_BROTLI_SUPPORT
#endif
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "core/text.h"
#include "http/response_head.h"

namespace muster::http {
namespace {

// A second handle on the socket of the exchange in hand. httplib holds its own lock while it
// connects and shakes hands, so its stop() would wait exactly when it is needed; shutting the
// socket down works at every moment.
class SocketHandle {
 public:
  ~SocketHandle() { reset(-1); }

  void watch(int socket) { reset(::dup(socket)); }
  void shut_down() {
    std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }

 private:
  void reset(int socket) {
    std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::close(socket_);
    socket_ = socket;
  }

  std::mutex mutex_;
  int socket_ = -1;
};

// Ends an exchange that takes longer than its deadline.
class Watchdog {
 public:
  Watchdog(SocketHandle& socket, std::chrono::milliseconds deadline)
      : socket_(socket), thread_([this, deadline] { watch(deadline); }) {}

  // True when it had to step in. Call once, when the exchange is over.
  bool end() {
    {
      std::lock_guard lock(mutex_);
      over_ = true;
    }
    wake_.notify_one();
    thread_.join();
    return late_;
  }

 private:
  void watch(std::chrono::milliseconds deadline) {
    std::unique_lock lock(mutex_);
    const auto over = [this] { return over_; };
    if (wake_.wait_for(lock, deadline, over)) return;
    late_ = true;
    // Again and again: httplib may be about to try the host's next address.
    do socket_.shut_down();
    while (!wake_.wait_for(lock, std::chrono::milliseconds(20), over));
  }

  SocketHandle& socket_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  bool late_ = false;
  std::thread thread_;
};

struct Place {
  std::string host;
  int port = 0;
  bool tls = false;
};

Result<Place> parse_origin(const std::string& origin) {
  Place place;
  place.tls = origin.starts_with("https://");
  if (!place.tls && !origin.starts_with("http://"))
    return fail(Fault::invalid, "the address must start with https:// or http://", origin);
  std::string_view rest = std::string_view(origin).substr(place.tls ? 8 : 7);
  if (rest.empty() || rest.find_first_of("/?#@ \\") != std::string_view::npos || !is_ascii(rest))
    return fail(Fault::invalid, "the address may only have a host and a port", origin);
  const auto colon = rest.rfind(':');
  const bool has_port = colon != std::string_view::npos && rest.find(']', colon) == rest.npos;
  place.port = place.tls ? 443 : 80;
  if (has_port) {
    const auto port = rest.substr(colon + 1);
    const auto end = port.data() + port.size();
    const auto read = std::from_chars(port.data(), end, place.port);
    if (read.ec != std::errc{} || read.ptr != end || place.port < 1 || place.port > 65535)
      return fail(Fault::invalid, "the address has a port that is none", origin);
    rest = rest.substr(0, colon);
  }
  if (rest.starts_with('[') && rest.ends_with(']')) rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) return fail(Fault::invalid, "the address has no host", origin);
  place.host = std::string(rest);
  return place;
}

// The library shuts sockets down while it writes to them, and leaves SIGPIPE as it is.
void ignore_sigpipe() {
  static const bool once = [] { return std::signal(SIGPIPE, SIG_IGN) != SIG_ERR; }();
  static_cast<void>(once);
}

bool is_target(std::string_view target) {
  return target.starts_with('/') &&
         std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

tl::unexpected<Error> away(std::string detail, const std::string& origin, std::string code) {
  return fail(Fault::unavailable, std::move(detail), origin, std::move(code));
}

tl::unexpected<Error> translate(httplib::Error error, const std::string& origin) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::BindIPAddress:
      return away("cannot be connected to", origin, "connect");
    case httplib::Error::SSLConnection:
      return away("the TLS handshake failed", origin, "tls");
    case httplib::Error::SSLLoadingCerts:
      return away("the CA file cannot be read", origin, "tls");
    case httplib::Error::SSLServerVerification:
      return away("the server's certificate is not trusted or is for another name", origin, "tls");
    default:
      return away("the connection broke before the whole answer came", origin, "broken");
  }
}

std::unique_ptr<httplib::ClientImpl> make_library_client(const ClientOptions& options,
                                                         const Place& place) {
  if (!place.tls) return std::make_unique<httplib::ClientImpl>(place.host, place.port);
  auto client = std::make_unique<httplib::SSLClient>(place.host, place.port);
  if (!options.ca_file.empty()) client->set_ca_cert_path(options.ca_file.c_str());
  client->enable_server_certificate_verification(true);
  return client;
}

}  // namespace

class Client::Impl {
 public:
  Impl(ClientOptions options, const Place& place)
      : options_(std::move(options)), library_(make_library_client(options_, place)) {
    library_->set_follow_location(false);
    library_->set_decompress(false);
    library_->set_url_encode(false);
    library_->set_keep_alive(true);
    library_->set_tcp_nodelay(true);
    library_->set_connection_timeout(std::min(options_.connect_deadline, options_.deadline));
    // Of a single read or write; a little longer, so that it is the watchdog that speaks.
    const auto one_operation = options_.deadline + std::chrono::seconds(1);
    library_->set_read_timeout(one_operation);
    library_->set_write_timeout(one_operation);
    if (!options_.address.empty())
      library_->set_hostname_addr_map({{place.host, options_.address}});
    library_->set_socket_options([this](int socket) { socket_.watch(socket); });
  }

  Result<Response> exchange(httplib::Request request) {
    Response response;
    bool too_large = false;
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
      too_large = size > options_.max_response_bytes - response.body.size();
      if (!too_large) response.body.append(data, size);
      return !too_large;
    };
    Watchdog watchdog(socket_, options_.deadline);
    auto [result, broken] = send(request);
    const bool late = watchdog.end();
    if (too_large)
      return away(
          "the answer has more than " + std::to_string(options_.max_response_bytes) + " bytes",
          options_.origin, "too_large");
    // Even a result may be cut short then: an answer without a length ends where the connection
    // does.
    if (late)
      return away("did not answer within " + std::to_string(options_.deadline.count()) + " ms",
                  options_.origin, "deadline");
    if (!result) {
      if (!broken.empty()) return away(std::move(broken), options_.origin, "broken");
      return translate(result.error(), options_.origin);
    }
    response.status = result->status;
    response.content_type = result->get_header_value("Content-Type");
    for (auto& [name, value] : result->headers) response.headers.emplace_back(name, value);
    return response;
  }

  const ClientOptions& options() const { return options_; }

 private:
  // The answer, and what the library threw, if it did.
  std::pair<httplib::Result, std::string> send(const httplib::Request& request) {
    try {
      return {library_->send(request), std::string()};
    } catch (const std::exception& error) {
      return {httplib::Result(nullptr, httplib::Error::Unknown), std::string(error.what())};
    }
  }

  ClientOptions options_;
  SocketHandle socket_;
  std::unique_ptr<httplib::ClientImpl> library_;
};

Result<Client> Client::create(ClientOptions options) {
  ignore_sigpipe();
  MUSTER_TRY(auto place, parse_origin(options.origin));
  return Client(std::make_unique<Impl>(std::move(options), place));
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Result<Response> Client::send(Method method, std::string_view target, std::vector<Header> headers,
                              std::string body, std::string_view content_type) {
  const auto& origin = impl_->options().origin;
  if (method == Method::other || !is_target(target))
    return fail(Fault::invalid, "the request's method or target cannot be sent", origin);
  Response fields;
  fields.headers = std::move(headers);
  fields.content_type = std::string(content_type);
  if (!is_sendable(fields))
    return fail(Fault::invalid, "a header field holds a character that would break the message",
                origin);
  httplib::Request request;
  request.method = std::string(name_of(method));
  request.path = std::string(target);
  for (auto& [name, value] : fields.headers)
    request.headers.emplace(std::move(name), std::move(value));
  request.headers.emplace("User-Agent", "muster/" MUSTER_VERSION);
  if (!body.empty()) request.headers.emplace("Content-Type", std::move(fields.content_type));
  request.body = std::move(body);
  return impl_->exchange(std::move(request));
}

}  // namespace muster::http
