// SPDX-License-Identifier: Apache-2.0
// Limits on bodies, connections, waiting requests and descriptors, and how the server ends.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "http/shared_state.h"
#include "raw_client.h"
#include "served.h"

namespace muster::http {
namespace {

TEST(Limits, names_the_limit_of_a_body) {
  auto route = post("/users", [](const Request& r) { return text(std::to_string(r.body.size())); });
  route.body_limit = 1000;
  Served server({route});
  const std::string chunk = "1f4\r\n" + std::string(500, 'x') + "\r\n";
  const std::string chunked =
      "POST /users HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  struct Case {
    std::string story;
    std::string bytes;
    int status;
  };
  const std::vector<Case> cases = {
      {"as much as allowed", request("POST", "/users", "", std::string(1000, 'x')), 200},
      {"announced", "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", 413},
      {"as much as allowed, in chunks", chunked + chunk + chunk + "0\r\n\r\n", 200},
      {"one byte more, in chunks", chunked + chunk + chunk + "1\r\n", 413},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    RawClient client(server.port());
    client.send(c.bytes);
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, c.status);
    EXPECT_NE(answer.body.find("1000"), std::string::npos) << answer.body;
    if (c.status == 413) {
      EXPECT_TRUE(client.closed_by_server());
    }
  }
}

TEST(Limits, bodies_in_flight_have_one_limit_together) {
  auto options = Served::options();
  options.max_body_bytes_in_flight = 1000;
  Served server({post("/users", [](const Request&) { return text("ok"); })}, options);
  const std::string head = "POST /users HTTP/1.1\r\nHost: a\r\n";
  RawClient first(server.port());
  first.send(head + "Content-Length: 900\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(first.answer().status, 100);  // holds 900 of 1000 from now on

  RawClient second(server.port());
  second.send(head + "Content-Length: 101\r\n\r\n");
  const auto busy = second.answer();
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.field("Retry-After"), "1");
  RawClient in_chunks(server.port());
  in_chunks.send(head + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x'));
  EXPECT_EQ(in_chunks.answer().status, 503);
  EXPECT_EQ(server->counters().refused_busy, 2u);

  first.send(std::string(900, 'x'));
  EXPECT_EQ(first.answer().status, 200);
  RawClient third(server.port());
  third.send(request("POST", "/users", "", std::string(1000, 'x')));
  EXPECT_EQ(third.answer().status, 200);
}

TEST(Limits, a_full_queue_is_said_at_once) {
  Gate gate;
  auto options = Served::options();
  options.workers = 1;
  options.queue = 1;
  Served server({post("/slow", [&](const Request&) { return gate.pass(), text("done"); }),
                 get("/quick", [](const Request&) { return text("quick"); })},
                options);
  RawClient working(server.port());
  working.send(request("POST", "/slow"));
  gate.wait_for(1);
  // One of the two waits in the queue, the other one is turned away, whichever was first.
  RawClient a(server.port());
  a.send(request("POST", "/slow") + request("GET", "/quick"));
  RawClient b(server.port());
  b.send(request("GET", "/quick"));
  EXPECT_EQ(b.answer().body, "quick");  // not held up by the workers
  RawClient c(server.port());
  c.send(request("POST", "/slow"));
  const auto busy = c.answer();
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.field("Retry-After"), "1");
  EXPECT_EQ(busy.field("Connection"), "");
  c.send(request("GET", "/quick"));
  EXPECT_EQ(c.answer().body, "quick");
  gate.open();
  EXPECT_EQ(working.answer().body, "done");
  EXPECT_EQ(a.answer().body, "done");
  EXPECT_EQ(a.answer().body, "quick");
}

TEST(Limits, sends_large_answers_to_slow_readers) {
  const std::string large(8 << 20, 'x');
  Served server({get("/large", [&](const Request&) { return text(large); }),
                 get("/quick", [](const Request&) { return text("quick"); })});
  RawClient client(server.port(), 4096);
  client.send(request("GET", "/large") + request("GET", "/quick"));
  RawClient other(server.port());
  other.send(request("GET", "/quick"));
  EXPECT_EQ(other.answer().body, "quick");
  EXPECT_EQ(client.answer().body, large);
  EXPECT_EQ(client.answer().body, "quick");
}

TEST(Limits, closes_after_the_agreed_number_of_requests) {
  auto options = Served::options();
  options.max_requests_per_connection = 2;
  Served server({get("/", [](const Request&) { return text("x"); })}, options);
  RawClient client(server.port());
  client.send(request("GET", "/"));
  EXPECT_EQ(client.answer().field("Connection"), "");
  client.send(request("GET", "/"));
  EXPECT_EQ(client.answer().field("Connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
  RawClient polite(server.port());
  polite.send(request("GET", "/", "Connection: close\r\n"));
  EXPECT_EQ(polite.answer().field("Connection"), "close");
  EXPECT_TRUE(polite.closed_by_server());
}

TEST(Limits, at_the_limit_the_oldest_idle_connection_gives_way) {
  Gate gate;
  auto options = Served::options();
  options.max_connections = 3;
  Served server({get("/", [](const Request&) { return text("x"); }),
                 post("/slow", [&](const Request&) { return gate.pass(), text("done"); })},
                options);
  RawClient busy(server.port());
  busy.send(request("POST", "/slow"));
  gate.wait_for(1);
  RawClient oldest(server.port());
  oldest.send(request("GET", "/"));
  EXPECT_EQ(oldest.answer().status, 200);
  RawClient younger(server.port());
  younger.send(request("GET", "/"));
  EXPECT_EQ(younger.answer().status, 200);
  RawClient fourth(server.port());
  fourth.send(request("GET", "/"));
  EXPECT_EQ(fourth.answer().status, 200);
  EXPECT_TRUE(oldest.closed_by_server());
  younger.send(request("GET", "/"));
  EXPECT_EQ(younger.answer().status, 200);
  gate.open();
  EXPECT_EQ(busy.answer().body, "done");
}

TEST(Limits, stop_finishes_what_is_in_flight) {
  Gate gate;
  Served server({post("/slow", [&](const Request&) { return gate.pass(), text("done"); }),
                 get("/", [](const Request&) { return text("x"); })});
  RawClient idle(server.port());
  idle.send(request("GET", "/"));
  EXPECT_EQ(idle.answer().status, 200);
  RawClient silent(server.port());
  RawClient working(server.port());
  working.send(request("POST", "/slow"));
  gate.wait_for(1);
  RawClient halfway(server.port());
  halfway.send(
      "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(halfway.answer().status, 100);

  std::thread stopping([&] { server->stop(); });
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_TRUE(silent.closed_by_server());
  halfway.send("ab");
  gate.open();
  const auto answer = working.answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(halfway.answer().body, "done");
  stopping.join();
  EXPECT_FALSE(RawClient(server.port()).connected());
}

TEST(Limits, stop_cuts_at_the_drain_deadline) {
  auto options = Served::options();
  options.drain_deadline = std::chrono::milliseconds(100);
  Served server({post("/users", [](const Request&) { return text("x"); })}, options);
  RawClient halfway(server.port());
  halfway.send(
      "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(halfway.answer().status, 100);
  const auto before = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2));
  EXPECT_TRUE(halfway.closed_by_server());
}

TEST(Limits, stop_drops_requests_that_nobody_began) {
  Gate gate;
  auto options = Served::options();
  options.workers = 1;
  options.drain_deadline = std::chrono::milliseconds(50);
  Served server({post("/slow", [&](const Request&) { return gate.pass(), text("x"); }),
                 get("/", [](const Request&) { return text("x"); })},
                options);
  RawClient working(server.port());
  working.send(request("POST", "/slow"));
  gate.wait_for(1);
  RawClient waiting(server.port());
  waiting.send(request("GET", "/") + request("POST", "/slow"));
  EXPECT_EQ(waiting.answer().status, 200);
  std::thread stopping([&] { server->stop(); });
  EXPECT_TRUE(working.closed_by_server());
  EXPECT_TRUE(waiting.closed_by_server());
  gate.open();
  stopping.join();
}

TEST(Limits, connections_of_one_address) {
  ServerOptions options;
  options.max_connections_per_address = 2;
  SharedState shared(options, *Router::build({}), {}, {});
  EXPECT_TRUE(shared.enter("192.0.2.1"));
  EXPECT_TRUE(shared.enter("192.0.2.1"));
  EXPECT_FALSE(shared.enter("192.0.2.1"));
  EXPECT_TRUE(shared.enter("2001:db8::1"));
  shared.leave("192.0.2.1");
  EXPECT_TRUE(shared.enter("192.0.2.1"));
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(shared.enter("127.0.0.1"));
  EXPECT_EQ(shared.open, 13u);
}

// The limit that leaves room for that many more descriptors.
rlim_t room_for(int count) {
  std::vector<int> taken;
  for (int i = 0; i < count; ++i) taken.push_back(::dup(0));
  for (const int descriptor : taken) ::close(descriptor);
  return static_cast<rlim_t>(*std::max_element(taken.begin(), taken.end()) + 1);
}

TEST(Limits, without_descriptors_callers_are_turned_away_and_not_left_to_hang) {
  Served server({get("/", [](const Request&) { return text("x"); })});
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit tight = before;
  // Room for one caller with its connection, and for another caller without one.
  tight.rlim_cur = room_for(3);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
  RawClient served(server.port());
  served.send(request("GET", "/"));
  EXPECT_EQ(served.answer().status, 200);
  RawClient turned_away(server.port());
  EXPECT_TRUE(turned_away.closed_by_server());
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_GE(server->counters().refused_connections, 1u);
  served.send(request("GET", "/"));
  EXPECT_EQ(served.answer().status, 200);
  RawClient later(server.port());
  later.send(request("GET", "/"));
  EXPECT_EQ(later.answer().status, 200);
}

}  // namespace
}  // namespace muster::http
