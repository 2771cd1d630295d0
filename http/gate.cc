// SPDX-License-Identifier: Apache-2.0
#include "http/gate.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/text.h"

namespace muster::http {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

// Fields that decide who speaks, what is meant or where the request ends: a second one is an attack
// or a bug.
enum Single : std::size_t {
  host,
  authorization,
  content_length,
  transfer_encoding,
  content_type,
  content_encoding,
  expect,
};
constexpr std::array<std::string_view, 14> singles = {"host",
                                                      "authorization",
                                                      "content-length",
                                                      "transfer-encoding",
                                                      "content-type",
                                                      "content-encoding",
                                                      "expect",
                                                      "if-match",
                                                      "if-none-match",
                                                      "if-modified-since",
                                                      "if-unmodified-since",
                                                      "cookie",
                                                      "origin",
                                                      "range"};

using Seen = std::array<const std::string*, singles.size()>;

Passed<Seen> collect(const RequestHead& head) {
  Seen seen = {};
  for (const auto& [name, value] : head.headers) {
    for (std::size_t i = 0; i < singles.size(); ++i) {
      if (name.size() != singles[i].size() || !ascii_equal_fold(name, singles[i])) continue;
      if (seen[i] != nullptr)
        return refuse(400, "a header field that may appear once was repeated");
      seen[i] = &value;
      break;
    }
  }
  return seen;
}

// RFC 9112, 6.2: digits only. "2, 2" and "+2" are read differently by different servers.
Passed<std::uint64_t> parse_length(const std::string& text) {
  std::uint64_t length = 0;
  const auto* end = text.data() + text.size();
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(),
                                                   [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || std::from_chars(text.data(), end, length).ec != std::errc{})
    return refuse(400, "Content-Length is not one whole number");
  return length;
}

Passed<Announced> check_framing(const Seen& seen, int minor_version) {
  Announced announced;
  if (const auto* coding = seen[transfer_encoding]) {
    if (seen[content_length] != nullptr)
      return refuse(400, "Transfer-Encoding and Content-Length exclude each other");
    if (minor_version == 0) return refuse(400, "HTTP/1.0 has no Transfer-Encoding");
    if (!ascii_equal_fold(*coding, "chunked"))
      return refuse(400, "Transfer-Encoding may only be 'chunked'");
    announced.body = announced.chunked = true;
  } else if (const auto* length = seen[content_length]) {
    auto parsed = parse_length(*length);
    if (!parsed) return tl::unexpected<Refusal>(parsed.error());
    announced.length = *parsed;
    announced.body = announced.length > 0;
  }
  return announced;
}

bool needs_length(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

}  // namespace

Passed<std::size_t> HeadScanner::scan(std::string_view data) {
  for (;;) {
    const std::size_t feed = data.find('\n', line_);
    if (feed == std::string_view::npos || feed >= max_bytes_) {
      if (data.size() <= max_bytes_ && feed == std::string_view::npos) return 0;
      return lines_ == 0 ? refuse(414, "the request line is too long")
                         : refuse(431, "the header is too long");
    }
    if (feed == line_ || data[feed - 1] != '\r') return refuse(400, "a line ends without CR LF");
    const std::string_view line = data.substr(line_, feed - 1 - line_);
    line_ = feed + 1;
    if (line.empty()) {
      if (lines_ > 0) return line_;
      // RFC 9112, 2.2: one empty line before the request line is an old client's habit.
      if (line_ > 2) return refuse(400, "the request line is missing");
      continue;
    }
    if (line.front() == ' ' || line.front() == '\t') return refuse(400, "a header line is folded");
    if (std::any_of(line.begin(), line.end(), is_control))
      return refuse(400, "the header holds a control character");
    if (lines_++ > max_fields_) return refuse(431, "there are too many header fields");
  }
}

Passed<Announced> check_fields(const RequestHead& head, int minor_version) {
  auto seen = collect(head);
  if (!seen) return tl::unexpected<Refusal>(seen.error());
  const auto* name = (*seen)[host];
  if (minor_version >= 1 && name == nullptr) return refuse(400, "the Host field is missing");
  if (name != nullptr && name->find_first_of(" \t,/@\\") != std::string::npos)
    return refuse(400, "the Host field is not one host name");
  auto announced = check_framing(*seen, minor_version);
  if (!announced) return announced;
  if (needs_length(head.method) && !announced->chunked && (*seen)[content_length] == nullptr)
    return refuse(411, "a Content-Length is needed");
  if (const auto* coding = (*seen)[content_encoding];
      coding != nullptr && !ascii_equal_fold(*coding, "identity"))
    return refuse(415, "a coded body (Content-Encoding) is not accepted");
  if (const auto* what = (*seen)[expect]) {
    if (!ascii_equal_fold(*what, "100-continue"))
      return refuse(417, "only 100-continue can be expected");
    announced->expects_continue = announced->body && minor_version >= 1;
  }
  return announced;
}

}  // namespace muster::http
