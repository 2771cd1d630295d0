// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>

#include "http/message.h"

namespace muster::http {

// The request gate: what is refused before routing because servers and proxies read it differently,
// whatever the parser behind it would make of it. Everything it refuses also closes the connection.

// Why a request goes no further. `detail` is a literal.
struct Refusal {
  int status = 400;
  std::string_view detail = {};
};

template <class T>
using Passed = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> refuse(int status, std::string_view detail) {
  return tl::unexpected<Refusal>(Refusal{status, detail});
}

// Finds the end of a request head in bytes as they arrive and refuses bare CR or LF, control
// characters, folded lines (RFC 9112, 2.2 and 5.2) and heads beyond the limits. Looks at each byte
// once. Reset between requests.
class HeadScanner {
 public:
  HeadScanner(std::size_t max_bytes, std::size_t max_fields)
      : max_bytes_(max_bytes), max_fields_(max_fields) {}

  // `data` is the request from its first byte to what has arrived so far. The length of the head
  // with its empty line, or 0 when more is needed.
  Passed<std::size_t> scan(std::string_view data);
  void reset() { line_ = lines_ = 0; }

 private:
  std::size_t max_bytes_;
  std::size_t max_fields_;
  std::size_t line_ = 0;   // where the first unfinished line starts
  std::size_t lines_ = 0;  // finished ones
};

// What the fields of a head say about the body that follows.
struct Announced {
  bool body = false;
  bool chunked = false;
  std::uint64_t length = 0;  // when not chunked
  bool expects_continue = false;
};

// The rules on single fields (RFC 9112, 3.2 and 6.1): one Host, no field twice that decides
// something, one way of framing, no content coding. `minor_version` is 0 or 1.
Passed<Announced> check_fields(const RequestHead& head, int minor_version);

}  // namespace muster::http
