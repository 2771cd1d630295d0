// SPDX-License-Identifier: Apache-2.0
#include "http/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cstdint>

namespace muster::http {
namespace beast = boost::beast;
namespace {

Method method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::get;
    case beast::http::verb::head:
      return Method::head;
    case beast::http::verb::post:
      return Method::post;
    case beast::http::verb::put:
      return Method::put;
    case beast::http::verb::patch:
      return Method::patch;
    case beast::http::verb::delete_:
      return Method::delete_;
    case beast::http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

// "0", CR, LF, CR, LF: what every chunked body has left while it is not whole. Beast 1.81 asserts
// that much when it comes back to a last chunk whose end had not arrived.
constexpr std::size_t shortest_chunk_end = 5;

// Whether the request line ends in a version at all, if not one of ours.
bool names_a_version(std::string_view head) {
  const auto line = head.substr(0, head.find('\r'));
  const auto version = line.substr(line.rfind(' ') + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::count(line.begin(), line.end(), ' ') == 2 && version.size() == 8 &&
         version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
         is_digit(version[7]);
}

}  // namespace

// Beast calls the on_..._impl functions as it reads.
class RequestParser::Reader : public beast::http::basic_parser<true> {
 public:
  Reader(std::size_t max_header_bytes, RequestHead& head, std::string& target)
      : head_(&head), target_(&target) {
    header_limit(static_cast<std::uint32_t>(max_header_bytes));
    body_limit(boost::none);  // the route's limit is applied here, once the route is known
  }

  int minor_version() const { return minor_version_; }
  void head_is_read() { head_ = nullptr; }
  void body_goes_to(std::string& body, std::size_t limit) {
    body_ = &body;
    limit_ = limit;
  }

 private:
  using Code = beast::error_code;
  using View = beast::string_view;

  void on_request_impl(beast::http::verb verb, View, View target, int version, Code&) override {
    minor_version_ = version % 10;
    head_->method = method_of(verb);
    target_->assign(target.data(), target.size());
  }
  void on_response_impl(int, View, int, Code&) override {}
  void on_field_impl(beast::http::field, View name, View value, Code&) override {
    if (head_ == nullptr) return;  // a trailer: nobody may decide anything by it
    head_->headers.emplace_back(std::string(name.data(), name.size()),
                                std::string(value.data(), value.size()));
  }
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(View text, Code& code) override { return append(text, code); }
  void on_chunk_header_impl(std::uint64_t size, View, Code& code) override {
    if (size > limit_ - body_->size()) code = beast::http::error::body_limit;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View text, Code& code) override {
    return append(text, code);
  }
  void on_finish_impl(Code&) override {}

  std::size_t append(View text, Code& code) {
    if (text.size() > limit_ - body_->size()) {
      code = beast::http::error::body_limit;
      return 0;
    }
    body_->append(text.data(), text.size());
    return text.size();
  }

  RequestHead* head_;
  std::string* target_;
  std::string* body_ = nullptr;
  std::size_t limit_ = 0;
  int minor_version_ = 1;
};

RequestParser::RequestParser(std::size_t max_header_bytes) : max_header_bytes_(max_header_bytes) {}
RequestParser::~RequestParser() = default;

std::optional<Refusal> RequestParser::read_head(std::string_view text, RequestHead& head,
                                                std::string& target) {
  if (text.starts_with("\r\n")) text.remove_prefix(2);
  reader_ = std::make_unique<Reader>(max_header_bytes_, head, target);
  beast::error_code code;
  const auto consumed = reader_->put(boost::asio::buffer(text.data(), text.size()), code);
  reader_->head_is_read();
  if (code == beast::http::error::bad_version && names_a_version(text))
    return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  if (code || !reader_->is_header_done() || consumed != text.size())
    return Refusal{400, "the request is not HTTP/1.1"};
  return std::nullopt;
}

int RequestParser::minor_version() const { return reader_->minor_version(); }
bool RequestParser::keep_alive() const { return reader_->keep_alive(); }

RequestParser::Progress RequestParser::read_body(std::string_view data, std::string& body,
                                                 std::size_t limit) {
  reader_->body_goes_to(body, limit);
  Progress progress;
  while (!reader_->is_done()) {
    const auto rest = data.substr(progress.consumed);
    if (rest.size() < (reader_->chunked() ? shortest_chunk_end : 1)) return progress;
    beast::error_code code;
    progress.consumed += reader_->put(boost::asio::buffer(rest.data(), rest.size()), code);
    if (code == beast::http::error::need_more) return progress;
    if (code == beast::http::error::body_limit)
      progress.step = Step::too_large;
    else if (code)
      progress.step = Step::malformed;
    if (code) return progress;
  }
  progress.step = Step::whole;
  return progress;
}

}  // namespace muster::http
