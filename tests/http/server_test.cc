// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <thread>

#include "raw_client.h"
#include "served.h"

namespace muster::http {
namespace {

TEST(Server, hands_the_request_over_and_the_answer_back) {
  Request seen;
  Served server({{.method = Method::put,
                  .pattern = "/users/{id}",
                  .handler =
                      [&](const Request& r) {
                        seen = r;
                        return Response{.status = 201,
                                        .headers = {{"ETag", "\"1\""}, {"Content-Length", "999"}},
                                        .body = "{}",
                                        .content_type = "application/scim+json"};
                      },
                  .authorize = [](const RequestHead& head) -> std::variant<Principal, Response> {
                    return Principal{.token_id = *head.header("authorization"), .source = "entra"};
                  }}});
  RawClient client(server.port());
  client.send(request("PUT", "/users/a%20b?x=1+2", "Authorization: me\r\n", "hello"));
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(answer.field("Content-Type"), "application/scim+json");
  EXPECT_EQ(answer.field("Content-Length"), "2");
  EXPECT_EQ(answer.field("ETag"), "\"1\"");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.field("X-Request-Id"), seen.head.id);
  EXPECT_EQ(answer.field("Date").size(), 29u);
  EXPECT_EQ(answer.field("Server"), "");
  EXPECT_EQ(answer.field("Connection"), "");
  EXPECT_EQ(seen.head.method, Method::put);
  EXPECT_EQ(seen.head.path, "/users/a b");
  ASSERT_NE(seen.head.parameter("X"), nullptr);
  EXPECT_EQ(*seen.head.parameter("X"), "1 2");
  EXPECT_EQ(seen.head.remote, "127.0.0.1");
  EXPECT_EQ(seen.captures, std::vector<std::string>{"a b"});
  EXPECT_EQ(seen.body, "hello");
  EXPECT_EQ(seen.principal.token_id, "me");
  EXPECT_EQ(seen.principal.source, "entra");
}

TEST(Server, answers_pipelined_requests_in_order) {
  Served server({get("/quick/{n}", [](const Request& r) { return text("q" + r.captures[0]); }),
                 post("/slow", [](const Request& r) { return text("s" + r.body); })});
  RawClient client(server.port());
  std::string bytes;
  for (int i = 0; i < 100; ++i)
    bytes += i % 3 == 0 ? request("POST", "/slow", "", std::to_string(i))
                        : request("GET", "/quick/" + std::to_string(i));
  ASSERT_TRUE(client.send(bytes));
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(client.answer().body, (i % 3 == 0 ? "s" : "q") + std::to_string(i));
}

TEST(Server, answers_for_paths_and_methods_it_does_not_have) {
  Served server({get("/users", [](const Request&) { return text("users"); })});
  RawClient client(server.port());
  client.send(request("GET", "/nothing"));
  EXPECT_EQ(client.answer().status, 404);
  client.send(request("DELETE", "/users"));
  auto answer = client.answer();
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.field("Allow"), "GET, HEAD");
  client.send(request("BREW", "/users"));
  EXPECT_EQ(client.answer().status, 501);
  client.send(request("HEAD", "/users"));
  answer = client.answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("Content-Length"), "5");
  client.send(request("GET", "/users"));
  EXPECT_EQ(client.answer().body, "users");
}

TEST(Server, asks_for_authorization_before_the_body) {
  std::atomic<int> handled = 0;
  auto route = post("/users", [&](const Request&) { return ++handled, text("created"); });
  route.authorize = [](const RequestHead& head) -> std::variant<Principal, Response> {
    if (head.header("Authorization")) return Principal{};
    return Response{.status = 401, .headers = {{"WWW-Authenticate", "Bearer"}}};
  };
  Served server({route});
  RawClient client(server.port());
  client.send(
      "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
  const auto answer = client.answer();  // although no byte of the body was sent
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.field("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(answer.field("Connection"), "close");
  client.send(request("POST", "/users", "Authorization: x\r\n"));
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(handled, 0);

  RawClient without_body(server.port());
  without_body.send(request("POST", "/users") + request("POST", "/users", "Authorization: x\r\n"));
  EXPECT_EQ(without_body.answer().status, 401);
  EXPECT_EQ(without_body.answer().body, "created");
}

TEST(Server, an_early_answer_arrives_although_the_body_keeps_coming) {
  auto route = post("/users", [](const Request&) { return text("created"); });
  route.authorize = [](const RequestHead&) -> std::variant<Principal, Response> {
    return Response{.status = 401};
  };
  Served server({route});
  RawClient client(server.port());
  client.send(request("POST", "/users", "", std::string(900'000, 'x')));
  EXPECT_EQ(client.answer().status, 401);
}

TEST(Server, asks_for_the_body_when_the_client_waits_for_that) {
  Served server({post("/users", [](const Request& r) { return text(r.body); })});
  RawClient client(server.port());
  client.send(
      "POST /users HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.answer().status, 100);
  client.send("ab");
  EXPECT_EQ(client.answer().body, "ab");
}

TEST(Server, exceptions_become_500_with_the_request_id) {
  Served server(
      {get("/quick", [](const Request&) -> Response { throw std::runtime_error("secret"); }),
       post("/slow", [](const Request&) -> Response { throw 7; }),
       {.method = Method::get,
        .pattern = "/authorize",
        .handler = [](const Request&) { return text("in"); },
        .authorize = [](const RequestHead&) -> std::variant<Principal, Response> {
          throw std::runtime_error("secret");
        }}});
  RawClient client(server.port());
  for (const auto& bytes : {request("GET", "/quick"), request("POST", "/slow")}) {
    client.send(bytes);
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
    EXPECT_NE(answer.body.find(answer.field("X-Request-Id")), std::string::npos);
  }
  client.send(request("GET", "/authorize"));
  EXPECT_EQ(client.answer().status, 500);
}

TEST(Server, an_answer_that_would_break_out_of_its_fields_is_a_500) {
  const std::vector<Response> bad = {
      {.headers = {{"Location", "/a\r\nSet-Cookie: x=y"}}},
      {.headers = {{"Location", "/a\nb"}}},
      {.headers = {{"Location", std::string("/a\0b", 4)}}},
      {.headers = {{"Bad Name", "x"}}},
      {.headers = {{"", "x"}}},
      {.body = "x", .content_type = "text/plain\r\nX: y"},
      {.status = 99},
      {.status = 1000},
  };
  Served server({get("/{n}", [&](const Request& r) { return bad[std::stoul(r.captures[0])]; })});
  RawClient client(server.port());
  for (std::size_t i = 0; i < bad.size(); ++i) {
    SCOPED_TRACE(i);
    client.send(request("GET", "/" + std::to_string(i)));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.field("Set-Cookie"), "");
    EXPECT_EQ(answer.field("Location"), "");
  }
}

TEST(Server, errors_take_the_form_of_the_dialect) {
  Served server({get("/users", [](const Request&) { return text("users"); })}, Served::options(),
                [](int status, std::string_view detail, const RequestHead& head) {
                  if (head.path == "/throw") throw std::runtime_error("no form");
                  return Response{.status = status,
                                  .body = "{\"detail\":\"" + std::string(detail) + "\"}",
                                  .content_type = "application/scim+json"};
                });
  for (const auto& [bytes, status] : std::vector<std::pair<std::string, int>>{
           {request("GET", "/no"), 404}, {request("PUT", "/users"), 411}, {"x\n", 400}}) {
    RawClient client(server.port());
    client.send(bytes);
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.field("Content-Type"), "application/scim+json");
    EXPECT_TRUE(answer.body.starts_with("{\"detail\":")) << answer.body;
  }
  RawClient client(server.port());
  client.send(request("GET", "/throw"));
  EXPECT_EQ(client.answer().status, 404);
}

TEST(Server, tells_the_observer_what_was_answered) {
  struct Seen {
    std::string pattern;
    int status;
    std::string id;
  };
  std::mutex mutex;
  std::vector<Seen> seen;
  Served server({get("/users/{id}", [](const Request&) { return text("x"); })}, Served::options(),
                {},
                [&](const RequestHead& head, std::string_view pattern, int status,
                    std::chrono::microseconds time) {
                  std::lock_guard lock(mutex);
                  EXPECT_GE(time.count(), 0);
                  seen.push_back({std::string(pattern), status, head.id});
                });
  {
    RawClient client(server.port());
    client.send(request("GET", "/users/7") + request("GET", "/no") + "x\n");
    while (client.answer().status != 0) {
    }
    ASSERT_TRUE(client.closed_by_server());
  }
  server->stop();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].pattern, "/users/{id}");
  EXPECT_EQ(seen[0].status, 200);
  EXPECT_EQ(seen[1].pattern, "");
  EXPECT_EQ(seen[1].status, 404);
  EXPECT_EQ(seen[2].status, 400);
  EXPECT_EQ((std::set<std::string>{seen[0].id, seen[1].id, seen[2].id}.size()), 3u);
  EXPECT_EQ(server->counters().requests, 3u);
  EXPECT_EQ(server->counters().connections, 0u);
}

TEST(Server, no_body_where_there_can_be_none) {
  Served server({{.method = Method::delete_,
                  .pattern = "/users/{id}",
                  .handler = [](const Request&) { return text("ignored", 204); }},
                 get("/users", [](const Request&) { return text("ignored", 304); })});
  RawClient client(server.port());
  for (const auto& bytes : {request("DELETE", "/users/7"), request("GET", "/users")}) {
    client.send(bytes);
    const auto answer = client.answer();
    EXPECT_EQ(answer.field("Content-Length"), "");
    EXPECT_EQ(answer.field("Content-Type"), "");
  }
  client.send(request("GET", "/no"));
  EXPECT_EQ(client.answer().status, 404);
}

TEST(Server, several_io_threads_share_the_work) {
  auto options = Served::options();
  options.io_threads = 2;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  Served server({get("/",
                     [&](const Request&) {
                       std::lock_guard lock(mutex);
                       threads.insert(std::this_thread::get_id());
                       return text("x");
                     })},
                options);
  for (int i = 0; i < 4; ++i) {
    RawClient client(server.port());
    client.send(request("GET", "/"));
    EXPECT_EQ(client.answer().status, 200);
  }
  EXPECT_EQ(threads.size(), 2u);
}

TEST(Server, says_why_it_does_not_start) {
  const auto start = [](ServerOptions options) {
    Server server(std::move(options), {});
    const auto started = server.start();
    return started ? std::string() : describe(started.error());
  };
  auto options = Served::options();
  Served taken({}, options);
  options.port = taken.port();
  EXPECT_NE(start(options).find("127.0.0.1:" + std::to_string(taken.port()) + ": is in use"),
            std::string::npos)
      << start(options);
  options = Served::options();
  options.address = "0.0.0.0";
  EXPECT_NE(start(options).find("without a TLS certificate"), std::string::npos);
  options.allow_clear_text = true;
  EXPECT_EQ(start(options), "");
  options.address = "localhost";
  EXPECT_NE(start(options).find("not an IP address"), std::string::npos);
  options.address = "192.0.2.1";
  EXPECT_NE(start(options).find("192.0.2.1"), std::string::npos);
  options = Served::options();
  options.tls = {.certificate_chain = "/nowhere/cert.pem", .private_key = "/nowhere/key.pem"};
  EXPECT_NE(start(options).find("/nowhere/cert.pem"), std::string::npos);
}

}  // namespace
}  // namespace muster::http
