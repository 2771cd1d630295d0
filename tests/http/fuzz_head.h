// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/gate.h"
#include "http/request_parser.h"
#include "http/target.h"

namespace muster::http {

inline void require(bool holds) {
  if (!holds) std::abort();
}

struct BodyRead {
  RequestParser::Step step = RequestParser::Step::more;
  std::string body = {};
  std::size_t used = 0;
};

// The body in pieces of that size, as a connection reads it.
inline BodyRead read_in_pieces(std::string_view head, std::string_view input, std::size_t piece) {
  constexpr std::size_t limit = 1000;
  RequestParser parser(8192);
  RequestHead fields;
  std::string target;
  require(!parser.read_head(head, fields, target));
  BodyRead read;
  for (std::size_t arrived = 0; read.step == RequestParser::Step::more && arrived < input.size();) {
    arrived = std::min(arrived + piece, input.size());
    const auto progress =
        parser.read_body(input.substr(read.used, arrived - read.used), read.body, limit);
    read.step = progress.step;
    read.used += progress.consumed;
    require(read.used <= arrived && read.body.size() <= limit);
  }
  return read;
}

// One request through scanner, parser, target and gate. The head must end at the same byte, and the
// body be the same, however the bytes are cut: a difference would let one request hide in another.
inline void fuzz_head(std::string_view input) {
  HeadScanner whole(8192, 64);
  const auto length = whole.scan(input);
  HeadScanner in_pieces(8192, 64);
  Passed<std::size_t> same = 0;
  for (std::size_t size = 1; same && *same == 0 && size <= input.size(); ++size)
    same = in_pieces.scan(input.substr(0, size));
  require(same.has_value() == length.has_value());
  if (!length || *length == 0) return;
  require(*same == *length);

  RequestParser parser(8192);
  RequestHead head;
  std::string target;
  const auto text = input.substr(0, *length);
  if (parser.read_head(text, head, target) || read_target(target, head)) return;
  require(head.path.starts_with('/'));
  require(head.path.find("/../") == std::string::npos && head.path.find('\0') == std::string::npos);
  const auto announced = check_fields(head, parser.minor_version());
  if (!announced || !announced->body) return;
  const auto rest = input.substr(*length);
  const auto at_once = read_in_pieces(text, rest, rest.size() + 1);
  const auto by_bytes = read_in_pieces(text, rest, 1);
  require(at_once.step == by_bytes.step);
  if (at_once.step != RequestParser::Step::whole) return;
  require(at_once.body == by_bytes.body && at_once.used == by_bytes.used);
  require(announced->chunked || at_once.body.size() == announced->length);
}

}  // namespace muster::http
