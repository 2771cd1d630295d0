// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include <gtest/gtest.h>

#include <thread>

#include "raw_client.h"
#include "served.h"

namespace muster::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

ClientOptions to(std::uint16_t port) {
  return {.origin = "http://127.0.0.1:" + std::to_string(port)};
}

// A server that says what it is told to one caller, then keeps the connection until the test is
// over.
class Scripted {
 public:
  explicit Scripted(std::string answer) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, answer = std::move(answer)] { serve(answer); });
  }
  ~Scripted() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }

 private:
  void serve(const std::string& answer) {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    std::array<char, 65536> bytes;
    if (::recv(socket, bytes.data(), bytes.size(), 0) > 0)
      ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    while (::recv(socket, bytes.data(), bytes.size(), 0) > 0) {
    }
    ::close(socket);
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(Client, sends_what_it_is_given) {
  Request seen;
  const auto echo = [&](const Request& r) {
    seen = r;
    return Response{.status = 201, .headers = {{"X-Answer", "yes"}}, .body = "{}"};
  };
  std::vector<Route> routes;
  const std::vector<Method> methods = {Method::get, Method::post, Method::put, Method::patch,
                                       Method::delete_};
  for (const auto method : methods)
    routes.push_back({.method = method, .pattern = "/users/{id}", .handler = echo});
  Served server(std::move(routes));
  auto client = Client::create(to(server.port()));
  ASSERT_TRUE(client);
  for (const auto method : methods) {
    SCOPED_TRACE(name_of(method));
    const std::string body = method == Method::get ? "" : "hello";
    const auto answer = client->send(method, "/users/a%20b?x=%2B1", {{"Authorization", "Bearer x"}},
                                     body, "text/plain");
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, "{}");
    EXPECT_EQ(answer->content_type, "application/json");
    EXPECT_EQ(seen.head.method, method);
    EXPECT_EQ(seen.captures, std::vector<std::string>{"a b"});
    ASSERT_NE(seen.head.parameter("x"), nullptr);
    EXPECT_EQ(*seen.head.parameter("x"), "+1");
    EXPECT_EQ(seen.body, body);
    ASSERT_NE(seen.head.header("authorization"), nullptr);
    EXPECT_EQ(*seen.head.header("authorization"), "Bearer x");
    if (!body.empty()) {
      EXPECT_EQ(*seen.head.header("content-type"), "text/plain");
    }
  }
  const auto empty = client->send(Method::post, "/users/1");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->status, 201) << "an empty body has a length, too";
}

TEST(Client, gives_any_status_back_and_follows_nothing) {
  std::atomic<int> followed = 0;
  Served server({get("/moved",
                     [](const Request&) {
                       return Response{.status = 302, .headers = {{"Location", "/target"}}};
                     }),
                 get("/target", [&](const Request&) { return ++followed, text("target"); })});
  auto client = Client::create(to(server.port()));
  ASSERT_TRUE(client);
  auto answer = client->send(Method::get, "/moved");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(followed, 0);
  answer = client->send(Method::get, "/nothing");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
}

TEST(Client, ends_at_the_deadline_whatever_the_server_does) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"nothing comes", ""},
      {"half a head", "HTTP/1.1 200 OK\r\nContent-"},
      {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"},
      {"an endless body", "HTTP/1.1 200 OK\r\n\r\nsome"},
  };
  for (const auto& [story, bytes] : cases) {
    SCOPED_TRACE(story);
    Scripted server(bytes);
    auto options = to(server.port());
    options.deadline = milliseconds(150);
    auto client = Client::create(options);
    ASSERT_TRUE(client);
    const auto start = steady_clock::now();
    const auto answer = client->send(Method::get, "/");
    const auto took = steady_clock::now() - start;
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::unavailable);
    EXPECT_EQ(answer.error().code, "deadline");
    EXPECT_GE(took, milliseconds(75));
    EXPECT_LT(took, milliseconds(3'000));
  }
}

TEST(Client, limits_the_body_it_accepts) {
  Served server({get("/{size}", [](const Request& r) {
    return text(std::string(std::stoul(r.captures[0]), 'x'));
  })});
  auto options = to(server.port());
  options.max_response_bytes = 1000;
  auto client = Client::create(options);
  ASSERT_TRUE(client);
  auto answer = client->send(Method::get, "/1000");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body.size(), 1000u);
  answer = client->send(Method::get, "/1001");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "too_large");
  answer = client->send(Method::get, "/10");
  ASSERT_TRUE(answer) << "the next exchange is not disturbed";
  EXPECT_EQ(answer->body.size(), 10u);

  Scripted endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
                   std::string(0x800, 'x') + "\r\n");
  options.origin = to(endless.port()).origin;
  auto other = Client::create(options);
  ASSERT_TRUE(other);
  answer = other->send(Method::get, "/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "too_large");
}

TEST(Client, refuses_what_would_break_the_message) {
  std::atomic<int> served = 0;
  Served server({get("/{x}", [&](const Request&) { return ++served, text("x"); })});
  auto client = Client::create(to(server.port()));
  ASSERT_TRUE(client);
  const std::vector<std::pair<std::string, Header>> cases = {
      {"/x", {"X-A", "b\r\nX-C: d"}},
      {"/x", {"X-A", "b\nc"}},
      {"/x", {"X-A", std::string("b\0", 2)}},
      {"/x", {"X A", "b"}},
      {"/x", {"X:", "b"}},
      {"/x", {"", "b"}},
      {"/x y", {"X-A", "b"}},
      {"/x\r\n", {"X-A", "b"}},
      {"x", {"X-A", "b"}},
      {"", {"X-A", "b"}},
  };
  for (const auto& [target, header] : cases) {
    SCOPED_TRACE(target + " " + header.first + " " + header.second);
    const auto answer = client->send(Method::get, target, {header});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().fault, Fault::invalid);
  }
  EXPECT_EQ(served, 0);
  EXPECT_FALSE(client->send(Method::post, "/x", {}, "body", "a/b\r\nX: y"));
  EXPECT_TRUE(client->send(Method::get, "/x", {{"X-A", "b"}}));
}

TEST(Client, says_when_nobody_is_there) {
  std::uint16_t port = 0;
  {
    Served gone({});
    port = gone.port();
  }
  auto client = Client::create(to(port));
  ASSERT_TRUE(client);
  const auto answer = client->send(Method::get, "/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().fault, Fault::unavailable);
  EXPECT_EQ(answer.error().code, "connect");
  EXPECT_EQ(answer.error().where, to(port).origin);
}

TEST(Client, connects_again_after_the_server_has_closed) {
  auto options = Served::options();
  options.max_requests_per_connection = 1;
  Served server({get("/", [](const Request&) { return text("x"); })}, options);
  auto client = Client::create(to(server.port()));
  ASSERT_TRUE(client);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client->send(Method::get, "/"));
}

TEST(Client, refuses_an_origin_that_is_none) {
  for (const std::string origin :
       {"", "127.0.0.1", "ftp://a", "http://", "http://a/", "http://a/path", "http://a:0",
        "http://a:70000", "http://a:x", "http://u@a", "http://a b", "https://:443", "http://a?x"}) {
    SCOPED_TRACE(origin);
    const auto client = Client::create({.origin = origin});
    ASSERT_FALSE(client);
    EXPECT_EQ(client.error().fault, Fault::invalid);
  }
  for (const std::string origin : {"http://a", "https://a.example:8443", "http://[::1]:80"})
    EXPECT_TRUE(Client::create({.origin = origin})) << origin;
}

}  // namespace
}  // namespace muster::http
