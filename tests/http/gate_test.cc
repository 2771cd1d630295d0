// SPDX-License-Identifier: Apache-2.0
#include "http/gate.h"

#include <gtest/gtest.h>

namespace muster::http {
namespace {

TEST(HeadScanner, finds_the_end_whatever_the_pieces) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: b\tc\r\n\r\n";
  const std::string input = head + "GET /next HTTP/1.1\r\n\r\n";
  for (std::size_t piece = 1; piece <= input.size(); ++piece) {
    SCOPED_TRACE(piece);
    HeadScanner scanner(1000, 10);
    std::size_t found = 0;
    for (std::size_t size = piece; found == 0 && size < input.size() + piece; size += piece) {
      const auto result = scanner.scan(std::string_view(input).substr(0, size));
      ASSERT_TRUE(result) << result.error().detail;
      found = *result;
    }
    EXPECT_EQ(found, head.size());
  }
}

TEST(HeadScanner, refuses_alike_whatever_the_pieces) {
  struct Case {
    std::string story;
    std::string input;
    int status;
  };
  const std::vector<Case> cases = {
      {"bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
      {"bare LF ends the header", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
      {"bare CR", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
      {"CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400},
      {"folded by a space", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400},
      {"folded by a tab", "GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", 400},
      {"a space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"NUL", std::string("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 29), 400},
      {"DEL", "GET / HTTP/1.1\r\nHost: a\x7f\r\n\r\n", 400},
      {"two empty lines", "\r\n\r\nGET / HTTP/1.1\r\n\r\n", 400},
      {"a field too many", "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", 431},
      {"a header too long", "GET / HTTP/1.1\r\nA: " + std::string(100, 'a') + "\r\n\r\n", 431},
      {"a target too long", "GET /" + std::string(100, 'a') + " HTTP/1.1\r\n\r\n", 414},
  };
  for (const auto& c : cases) {
    for (std::size_t piece : {std::size_t{1}, std::size_t{7}, c.input.size()}) {
      SCOPED_TRACE(c.story + " in pieces of " + std::to_string(piece));
      HeadScanner scanner(80, 3);
      int status = 0;
      for (std::size_t size = piece; status == 0 && size < c.input.size() + piece; size += piece) {
        const auto result = scanner.scan(std::string_view(c.input).substr(0, size));
        if (!result) status = result.error().status;
        if (result) {
          ASSERT_EQ(*result, 0u);
        }
      }
      EXPECT_EQ(status, c.status);
    }
  }
}

TEST(HeadScanner, lets_one_empty_line_before_a_request_pass) {
  HeadScanner scanner(1000, 10);
  const std::string input = "\r\nGET / HTTP/1.1\r\n\r\n";
  const auto found = scanner.scan(input);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, input.size());
}

TEST(Gate, tells_what_body_is_announced) {
  RequestHead head{.method = Method::post, .headers = {{"Host", "a"}, {"Content-Length", "12"}}};
  auto announced = check_fields(head, 1);
  ASSERT_TRUE(announced);
  EXPECT_TRUE(announced->body);
  EXPECT_EQ(announced->length, 12u);

  head.headers = {{"Host", "a"}, {"transfer-encoding", "Chunked"}, {"Expect", "100-Continue"}};
  announced = check_fields(head, 1);
  ASSERT_TRUE(announced);
  EXPECT_TRUE(announced->chunked);
  EXPECT_TRUE(announced->expects_continue);

  head.headers = {{"Host", "a"}, {"Content-Length", "0"}, {"Expect", "100-continue"}};
  announced = check_fields(head, 1);
  ASSERT_TRUE(announced);
  EXPECT_FALSE(announced->body);
  EXPECT_FALSE(announced->expects_continue);
}

}  // namespace
}  // namespace muster::http
