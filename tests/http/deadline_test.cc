// SPDX-License-Identifier: Apache-2.0
// Slow and silent clients: each is closed at its absolute deadline, and nobody else notices.
#include <gtest/gtest.h>

#include "raw_client.h"
#include "served.h"

namespace muster::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// One kind of deadline is short, the others are far away, so that only the right one can close the
// connection.
constexpr milliseconds short_time{150};
constexpr milliseconds long_time{60'000};

ServerOptions far_away() {
  auto options = Served::options();
  options.handshake_deadline = options.header_deadline = options.body_deadline =
      options.write_deadline = options.idle_deadline = long_time;
  return options;
}

std::vector<Route> routes() {
  return {get("/", [](const Request&) { return text("x"); }),
          get("/large", [](const Request&) { return text(std::string(16 << 20, 'x')); }),
          post("/", [](const Request& r) { return text(r.body); })};
}

// How long the server takes to close.
milliseconds time_to_close(RawClient& client) {
  const auto start = steady_clock::now();
  EXPECT_TRUE(client.closed_by_server());
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

void expect_short(milliseconds time) {
  EXPECT_GE(time, short_time / 2);
  EXPECT_LT(time, RawClient::patience);
}

TEST(Deadline, of_a_connection_that_says_nothing) {
  auto options = far_away();
  options.header_deadline = short_time;
  Served server(routes(), options);
  RawClient client(server.port());
  expect_short(time_to_close(client));
  EXPECT_EQ(server->counters().timeouts, 1u);
}

TEST(Deadline, of_an_idle_connection) {
  auto options = far_away();
  options.idle_deadline = short_time;
  Served server(routes(), options);
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.answer().status, 200);
  expect_short(time_to_close(client));
}

// A byte now and then does not move the deadline: the client sends one whenever the server had time
// to read the last.
void drip(Served& server, RawClient& slow, const std::string& bytes) {
  const auto end = steady_clock::now() + RawClient::patience;
  RawClient other(server.port());
  std::size_t next = 0;
  while (steady_clock::now() < end && slow.send(bytes.substr(next++ % bytes.size(), 1))) {
    ASSERT_TRUE(other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    ASSERT_EQ(other.answer().status, 200) << "a slow client holds others up";
    if (server->counters().timeouts > 0) break;
  }
  EXPECT_EQ(server->counters().timeouts, 1u);
}

TEST(Deadline, of_a_header_that_comes_byte_by_byte) {
  auto options = far_away();
  options.header_deadline = short_time;
  options.max_header_bytes = 1 << 20;
  Served server(routes(), options);
  RawClient slow(server.port());
  slow.send("GET / HTTP/1.1\r\nX: ");
  drip(server, slow, "a");
  EXPECT_TRUE(slow.closed_by_server());
}

TEST(Deadline, of_a_second_header_runs_from_its_first_byte) {
  auto options = far_away();
  options.header_deadline = short_time;
  Served server(routes(), options);
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nG");
  EXPECT_EQ(client.answer().status, 200);
  expect_short(time_to_close(client));
  EXPECT_EQ(server->counters().timeouts, 1u);
}

TEST(Deadline, of_a_body_that_comes_byte_by_byte) {
  auto options = far_away();
  options.body_deadline = short_time;
  Served server(routes(), options);
  RawClient slow(server.port());
  slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
  drip(server, slow, "a");
  EXPECT_TRUE(slow.closed_by_server());
}

TEST(Deadline, of_a_client_that_does_not_read) {
  auto options = far_away();
  options.write_deadline = short_time;
  Served server(routes(), options);
  RawClient slow(server.port(), 4096);
  slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  RawClient other(server.port());
  const auto end = steady_clock::now() + RawClient::patience;
  // The connection goes a moment after the deadline was counted.
  const auto ended = [&server] {
    const auto counters = server->counters();
    return counters.timeouts == 1u && counters.connections == 1u;
  };
  while (!ended() && steady_clock::now() < end) {
    other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(other.answer().status, 200);
  }
  EXPECT_EQ(server->counters().timeouts, 1u);
  EXPECT_EQ(server->counters().connections, 1u);
}

// The control for the tests above: far deadlines leave a slow client in peace.
TEST(Deadline, far_away_closes_nobody) {
  Served server(routes(), far_away());
  RawClient slow(server.port());
  slow.send("GET / HTTP/1.1\r\n");
  RawClient other(server.port());
  const auto end = steady_clock::now() + 2 * short_time;
  while (steady_clock::now() < end) {
    other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(other.answer().status, 200);
  }
  slow.send("Host: a\r\n\r\n");
  EXPECT_EQ(slow.answer().status, 200);
  EXPECT_EQ(server->counters().timeouts, 0u);
}

TEST(Deadline, two_hundred_slow_clients_hold_nobody_up) {
  auto options = far_away();
  options.workers = 1;
  Served server(routes(), options);
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<RawClient>(server.port()));
    slow.back()->send(i % 2 ? "GET / HTTP/1.1\r\nX: "
                            : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
  }
  RawClient quick(server.port());
  for (int i = 0; i < 100; ++i) {
    quick.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(quick.answer().status, 200);
    quick.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
    EXPECT_EQ(quick.answer().status, 200);
  }
  EXPECT_EQ(server->counters().connections, 201u);
}

}  // namespace
}  // namespace muster::http
