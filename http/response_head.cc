// SPDX-License-Identifier: Apache-2.0
#include "http/response_head.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ostream>

#include "core/text.h"

namespace muster::http {
namespace {

// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 4> ours = {"content-length", "transfer-encoding",
                                                    "connection", "content-type"};
  return std::any_of(ours.begin(), ours.end(), [&](std::string_view own) {
    return own.size() == name.size() && ascii_equal_fold(own, name);
  });
}

void append_number(std::size_t number, std::string& into) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  into.append(digits.data(), end);
}

void append_status_line(int status, std::string& into) {
  into += "HTTP/1.1 ";
  append_number(static_cast<std::size_t>(status), into);
  into += ' ';
  const auto reason = boost::beast::http::obsolete_reason(
      boost::beast::http::int_to_status(static_cast<unsigned>(status)));
  into.append(reason.data(), reason.size());
  into += "\r\n";
}

void append_field(std::string_view name, std::string_view value, std::string& into) {
  into += name;
  into += ": ";
  into += value;
  into += "\r\n";
}

}  // namespace

bool is_sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 && is_value(response.content_type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const Header& header) {
           return is_token(header.first) && is_value(header.second);
         });
}

bool may_have_body(int status) { return status != 204 && status != 304; }

void write_head(const Response& response, const Delivery& delivery, std::string& into) {
  append_status_line(response.status, into);
  append_field("Date", delivery.date, into);
  if (may_have_body(response.status)) {
    if (!response.body.empty()) append_field("Content-Type", response.content_type, into);
    into += "Content-Length: ";
    append_number(response.body.size(), into);
    into += "\r\n";
  }
  bool cached = false;
  for (const auto& [name, value] : response.headers) {
    if (is_ours(name)) continue;
    cached = cached || ascii_equal_fold(name, "cache-control");
    append_field(name, value, into);
  }
  if (!cached) into += "Cache-Control: no-store\r\n";
  into += "X-Content-Type-Options: nosniff\r\n";
  append_field("X-Request-Id", delivery.request_id, into);
  if (delivery.close) into += "Connection: close\r\n";
  into += "\r\n";
}

}  // namespace muster::http
