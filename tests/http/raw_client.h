// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/text.h"

namespace muster::http {

// A well-formed request.
inline std::string request(std::string_view method, std::string_view target,
                           std::string_view fields = "", std::string_view body = "") {
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" +
                     std::string(fields);
  if (!body.empty() || method == "POST")
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

// What came back for one request, as bytes on the wire.
struct RawAnswer {
  int status = 0;  // 0: closed without an answer
  std::string head = {};
  std::string body = {};

  std::string field(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos;
         at = head.find("\r\n", at + 2)) {
      const auto line = std::string_view(head).substr(at + 2, name.size());
      if (!ascii_equal_fold(line, name) || head[at + 2 + name.size()] != ':') continue;
      const auto start = at + 2 + name.size() + 2;
      return head.substr(start, head.find("\r\n", start) - start);
    }
    return {};
  }
};

// A client that sends exactly the bytes it is told to. Every wait is bounded.
class RawClient {
 public:
  static constexpr std::chrono::milliseconds patience{5'000};

  explicit RawClient(std::uint16_t port, int receive_buffer = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer > 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto went = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (went <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(went));
    }
    return true;
  }

  // The next answer; `head_only` for an answer to HEAD. 1xx answers are answers too.
  RawAnswer answer(bool head_only = false) {
    RawAnswer answer;
    std::size_t end = std::string::npos;
    while ((end = held_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return answer;
    answer.head = held_.substr(0, end + 4);
    held_.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const auto length = answer.field("Content-Length");
    const std::size_t size = length.empty() || head_only ? 0 : std::stoul(length);
    while (held_.size() < size)
      if (!receive()) break;
    answer.body = held_.substr(0, size);
    held_.erase(0, size);
    return answer;
  }

  // Everything until the server closes; nullopt when it does not within `patience`.
  std::optional<std::string> rest() {
    while (receive()) {
    }
    if (!closed_) return std::nullopt;
    return held_;
  }

  bool closed_by_server() { return rest().has_value(); }

 private:
  bool receive() {
    pollfd ready = {socket_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) != 1) return false;
    std::array<char, 16384> bytes;
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    closed_ = got <= 0;
    if (got > 0) held_.append(bytes.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_ = -1;
  bool connected_ = false;
  bool closed_ = false;
  std::string held_;
};

}  // namespace muster::http
