// SPDX-License-Identifier: Apache-2.0
// Malformed and ambiguous requests, byte by byte. Each is followed at once by a request that must
// not be answered: what one server takes for a body, another takes for the next request.
#include <gtest/gtest.h>

#include "raw_client.h"
#include "served.h"

namespace muster::http {
namespace {

const std::string next_request = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

class Wire : public ::testing::Test {
 protected:
  std::atomic<int> served_next_ = 0;
  std::atomic<int> served_ = 0;
  Served server_{{
      get("/next",
          [this](const Request&) {
            ++served_next_;
            return text("next");
          }),
      get("/users",
          [this](const Request& r) {
            ++served_;
            return text("users" + r.body);
          }),
      post("/users",
           [this](const Request& r) {
             ++served_;
             return text(r.body, 201);
           }),
  }};
};

struct Case {
  std::string story;
  std::string bytes;
  int status;  // 0: closed without an answer
};

std::string post_head(const std::string& fields) {
  return "POST /users HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string get_head(const std::string& fields) {
  return "GET /users HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string many_fields(int count) {
  std::string fields;
  for (int i = 0; i < count; ++i) fields += "X-" + std::to_string(i) + ": 1\r\n";
  return fields;
}

const std::string chunked = "Transfer-Encoding: chunked\r\n";

std::vector<Case> framing() {
  return {
      {"length and chunked", post_head("Content-Length: 4\r\n" + chunked) + "0\r\n\r\n", 400},
      {"chunked and length", post_head(chunked + "Content-Length: 4\r\n") + "0\r\n\r\n", 400},
      {"two lengths", post_head("Content-Length: 2\r\nContent-Length: 4\r\n") + "ab", 400},
      {"the same length twice", post_head("Content-Length: 2\r\nContent-Length: 2\r\n") + "ab",
       400},
      {"a list of lengths", post_head("Content-Length: 2, 2\r\n") + "ab", 400},
      {"a space before the colon", post_head("Content-Length : 2\r\n") + "ab", 400},
      {"a length of two numbers", post_head("Content-Length: 2 41\r\n") + "ab", 400},
      {"a length with letters", post_head("Content-Length: 2abc\r\n") + "ab", 400},
      {"a length with a sign", post_head("Content-Length: +2\r\n") + "ab", 400},
      {"a negative length", post_head("Content-Length: -2\r\n") + "ab", 400},
      {"a hexadecimal length", post_head("Content-Length: 0x2\r\n") + "ab", 400},
      {"an empty length", post_head("Content-Length:\r\n") + "ab", 400},
      {"a length beyond 64 bits", post_head("Content-Length: 18446744073709551618\r\n") + "ab",
       400},
      {"no length", post_head(""), 411},
      {"gzip, chunked", post_head("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n", 400},
      {"chunked, identity", post_head("Transfer-Encoding: chunked, identity\r\n") + "0\r\n\r\n",
       400},
      {"xchunked", post_head("Transfer-Encoding: xchunked\r\n") + "0\r\n\r\n", 400},
      {"chunked in quotes", post_head("Transfer-Encoding: \"chunked\"\r\n") + "0\r\n\r\n", 400},
      {"chunked twice", post_head(chunked + chunked) + "0\r\n\r\n", 400},
      {"chunked behind a vertical tab",
       post_head("Transfer-Encoding: \x0b"
                 "chunked\r\n"),
       400},
      {"chunked in HTTP/1.0", "POST /users HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n", 400},
      {"a chunk size of 0x2", post_head(chunked) + "0x2\r\nab\r\n0\r\n\r\n", 400},
      {"a chunk size behind a space", post_head(chunked) + " 2\r\nab\r\n0\r\n\r\n", 400},
      {"a negative chunk size", post_head(chunked) + "-2\r\nab\r\n0\r\n\r\n", 400},
      {"an empty chunk size", post_head(chunked) + "\r\nab\r\n0\r\n\r\n", 400},
      {"a chunk size beyond 64 bits", post_head(chunked) + "10000000000000002\r\nab\r\n", 400},
      {"a chunk size near 64 bits", post_head(chunked) + "fffffffffffffffe\r\nab\r\n", 413},
      {"a chunk longer than its size", post_head(chunked) + "2\r\nabcd\r\n0\r\n\r\n", 400},
      {"a chunk ended by LF", post_head(chunked) + "2\r\nab\n0\r\n\r\n", 400},
      {"LF in a chunk extension", post_head(chunked) + "2;a\nb\r\nab\r\n0\r\n\r\n", 400},
      {"a length in the trailer", post_head(chunked) + "0\r\nContent-Length: 5\r\n\r\n", 400},
      {"a trailer that is none", post_head(chunked) + "0\r\nno colon\r\n\r\n", 400},
  };
}

std::vector<Case> heads() {
  const std::string nul("X: a\0b\r\n", 8);
  return {
      {"a folded field", get_head("X: a\r\n b\r\n"), 400},
      {"a folded length", post_head("Content-Length:\r\n 2\r\n") + "ab", 400},
      {"bare LF after the request line", "GET /users HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"bare LF everywhere", "GET /users HTTP/1.1\nHost: a\n\n", 400},
      {"bare CR in a value", get_head("X: a\rb\r\n"), 400},
      {"NUL in a value", get_head(nul), 400},
      {"NUL in a name", get_head(std::string("X\0Y: a\r\n", 8)), 400},
      {"a line without a colon", get_head("nothing\r\n"), 400},
      {"an empty name", get_head(": a\r\n"), 400},
      {"a space in a name", get_head("X Y: a\r\n"), 400},
      {"a name that is not ASCII", get_head("\xC3\xA9: a\r\n"), 400},
      {"no Host", "GET /users HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get_head("Host: b\r\n"), 400},
      {"two Hosts, other letters", get_head("hOsT: a\r\n"), 400},
      {"a list of Hosts", "GET /users HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
      {"a Host with a path", "GET /users HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"two Authorizations", get_head("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"),
       400},
      {"two Content-Types",
       post_head("Content-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 2\r\n") + "ab", 400},
      {"two If-Match", get_head("If-Match: \"1\"\r\nIf-Match: \"2\"\r\n"), 400},
      {"a coded body", post_head("Content-Encoding: gzip\r\nContent-Length: 2\r\n") + "ab", 415},
      {"an unknown expectation", post_head("Expect: magic\r\nContent-Length: 2\r\n") + "ab", 417},
      {"64 fields and one more", get_head(many_fields(64)), 431},
      {"10,000 fields", get_head(many_fields(10'000)), 431},
      {"a field of 100 KB", get_head("X: " + std::string(100'000, 'a') + "\r\n"), 431},
      {"a target of 9 KB", "GET /users?" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
       414},
      {"a target of 100 KB", "GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
       414},
  };
}

std::vector<Case> request_lines() {
  const auto line = [](const std::string& text) { return text + "\r\nHost: a\r\n\r\n"; };
  return {
      {"a space in the target", line("GET /users x HTTP/1.1"), 400},
      {"two spaces", line("GET  /users HTTP/1.1"), 400},
      {"a tab", line("GET\t/users HTTP/1.1"), 400},
      {"no target", line("GET HTTP/1.1"), 400},
      {"no version", line("GET /users"), 400},
      {"a bad version", line("GET /users HTTP/1.x"), 400},
      {"a version in small letters", line("GET /users http/1.1"), 400},
      {"HTTP/2", line("GET /users HTTP/2.0"), 505},
      {"HTTP/1.2", line("GET /users HTTP/1.2"), 505},
      {"HTTP/2 without asking", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"TLS to a clear-text port", std::string("\x16\x03\x01\x00\xa5\x01\n", 7), 400},
      {"only empty lines", "\r\n\r\n\r\n", 400},
      {"an encoded slash", line("GET /users%2Fx HTTP/1.1"), 400},
      {"an encoded NUL", line("GET /users%00 HTTP/1.1"), 400},
      {"a broken escape", line("GET /users%G0 HTTP/1.1"), 400},
      {"dot segments", line("GET /x/../users HTTP/1.1"), 400},
      {"encoded dot segments", line("GET /x/%2e%2E/users HTTP/1.1"), 400},
      {"bytes that are not ASCII", line("GET /us\xC3\xA9rs HTTP/1.1"), 400},
      {"a fragment", line("GET /users#x HTTP/1.1"), 400},
      {"CONNECT", line("CONNECT a:443 HTTP/1.1"), 400},
      {"OPTIONS *", line("OPTIONS * HTTP/1.1"), 400},
  };
}

TEST_F(Wire, refuses_and_closes) {
  for (const auto& table : {framing(), heads(), request_lines()}) {
    for (const auto& c : table) {
      SCOPED_TRACE(c.story);
      RawClient client(server_.port());
      ASSERT_TRUE(client.connected());
      client.send(c.bytes + next_request);
      const auto answer = client.answer();
      EXPECT_EQ(answer.status, c.status);
      EXPECT_EQ(answer.field("Connection"), "close");
      const auto rest = client.rest();
      ASSERT_TRUE(rest) << "the connection stays open";
      EXPECT_EQ(*rest, "");
    }
  }
  EXPECT_EQ(served_, 0);
  EXPECT_EQ(served_next_, 0);
  const auto all = framing().size() + heads().size() + request_lines().size();
  EXPECT_EQ(server_->counters().refused_by_gate, all - 1);  // the 413 is the route's
}

// The control: the same two requests in one segment, well-formed, are both answered.
TEST_F(Wire, serves_what_is_well_formed) {
  const std::vector<Case> cases = {
      {"GET", get_head(""), 200},
      {"an empty line before", "\r\n" + get_head(""), 200},
      {"64 fields", "GET /users HTTP/1.1\r\nHost: a\r\n" + many_fields(63) + "\r\n", 200},
      {"obs-text in a value", get_head("X: caf\xE9\r\n"), 200},
      {"a tab in a value", get_head("X: a\tb\r\n"), 200},
      {"a body with its length", post_head("Content-Length: 2\r\n") + "ab", 201},
      {"an empty body", post_head("Content-Length: 0\r\n"), 201},
      {"a body in chunks", post_head(chunked) + "1\r\na\r\n1\r\nb\r\n0\r\n\r\n", 201},
      {"chunks with extensions and trailer",
       post_head(chunked) + "2;x=\"y\"\r\nab\r\n0\r\nHost: evil\r\n\r\n", 201},
      {"GET with a body", get_head("Content-Length: 2\r\n") + "ab", 200},
      {"identity coding", post_head("Content-Encoding: identity\r\nContent-Length: 2\r\n") + "ab",
       201},
      {"absolute form", "GET http://a/users HTTP/1.1\r\nHost: a\r\n\r\n", 200},
      {"a name not as usual", "GET /users HTTP/1.1\r\nhOST:a\r\n\r\n", 200},
  };
  int count = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    RawClient client(server_.port());
    ASSERT_TRUE(client.send(c.bytes + next_request));
    EXPECT_EQ(client.answer().status, c.status);
    EXPECT_EQ(client.answer().body, "next");
    EXPECT_EQ(served_next_, ++count);
  }
}

TEST_F(Wire, a_body_that_comes_late_is_no_request) {
  RawClient client(server_.port());
  ASSERT_TRUE(
      client.send(get_head("Content-Length: " + std::to_string(next_request.size()) + "\r\n")));
  ASSERT_TRUE(client.send(next_request));
  EXPECT_EQ(client.answer().body, "users" + next_request);
  EXPECT_EQ(served_next_, 0);
}

TEST_F(Wire, bytes_one_by_one_make_the_same_request) {
  RawClient client(server_.port());
  const std::string bytes =
      post_head(chunked) + "2;a=b\r\nab\r\n03\r\ncde\r\n0\r\nX: y\r\n\r\n" + next_request;
  for (const char byte : bytes) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_EQ(client.answer().body, "abcde");
  EXPECT_EQ(client.answer().body, "next");
}

TEST_F(Wire, an_empty_body_in_chunks_byte_by_byte) {
  for (const std::string end : {"0\r\n\r\n", "0\r\nX: y\r\n\r\n", "000;a=b\r\n\r\n"}) {
    SCOPED_TRACE(end);
    RawClient client(server_.port());
    ASSERT_TRUE(client.send(post_head(chunked + "Expect: 100-continue\r\n")));
    ASSERT_EQ(client.answer().status, 100);
    for (const char byte : end) ASSERT_TRUE(client.send({&byte, 1}));
    EXPECT_EQ(client.answer().status, 201);
  }
}

TEST_F(Wire, endless_chunk_headers_and_trailers_end) {
  const std::string junk(64 << 10, 'a');
  for (const auto& [story, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"extension", post_head(chunked) + "2;" + junk},
           {"trailer", post_head(chunked) + "0\r\nX: " + junk}}) {
    SCOPED_TRACE(story);
    RawClient client(server_.port());
    client.send(bytes);
    EXPECT_EQ(client.answer().status, 431);
    EXPECT_TRUE(client.closed_by_server());
  }
}

TEST_F(Wire, http_1_0_is_served_once) {
  RawClient client(server_.port());
  client.send("GET /users HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + next_request);
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(served_next_, 0);
}

}  // namespace
}  // namespace muster::http
