// SPDX-License-Identifier: Apache-2.0
#include "http/connection.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <utility>
#include <variant>

#include "core/log.h"
#include "http/target.h"

namespace muster::http {
namespace {

using Clock = Deadlines::Clock;

constexpr std::size_t head_read_size = 4 << 10;
constexpr std::size_t body_read_size = 64 << 10;
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(SharedState& shared, EventLoop& loop, std::string remote)
    : shared_(shared),
      loop_(loop),
      remote_(std::move(remote)),
      scanner_(shared.options.max_header_bytes, shared.options.max_headers),
      parser_(shared.options.max_header_bytes) {}

template <class Function>
void Connection::guarded(Function&& function) {
  try {
    function();
  } catch (const std::exception& error) {
    log::write(log::Level::error, "http", "connection_exception",
               {{"request", request_.head.id}, {"what", error.what()}});
    close();
  } catch (...) {
    log::write(log::Level::error, "http", "connection_exception", {{"request", request_.head.id}});
    close();
  }
}

void Connection::begin() {
  guarded([this] {
    place_ = loop_.add(*this, Wait::handshake);
    listed_ = true;
    handshake();
  });
}

void Connection::expire() {
  const auto self = shared_from_this();
  if (phase_ != Phase::lingering) ++shared_.timeouts;
  close();
}

void Connection::drain() {
  const bool nothing_asked = phase_ == Phase::head && input_.empty();
  if (nothing_asked || phase_ == Phase::opening) cut();
}

void Connection::cut() {
  const auto self = shared_from_this();
  close();
}

void Connection::opened(bool well) {
  if (phase_ == Phase::closed) return;
  if (!well) return close();
  guarded([this] {
    phase_ = Phase::head;
    wait(Wait::head);
    proceed();
  });
}

void Connection::received(bool well, std::size_t size) {
  if (phase_ == Phase::closed) return;
  if (!well) return close();
  input_.add(size);
  guarded([this] { proceed(); });
}

void Connection::sent(bool well) {
  if (phase_ == Phase::closed) return;
  if (!well) return close();
  guarded([this] {
    if (phase_ == Phase::continuing) {
      phase_ = Phase::body;
    } else if (!finish_answer()) {
      return;
    }
    proceed();
  });
}

void Connection::proceed() {
  while (step()) {
  }
}

bool Connection::step() {
  switch (phase_) {
    case Phase::head:
      return read_head();
    case Phase::body:
      return read_body();
    case Phase::opening:
    case Phase::continuing:
    case Phase::working:
    case Phase::answering:
    case Phase::lingering:
    case Phase::closed:
      return false;
  }
  return false;
}

bool Connection::read_head() {
  const auto found = scanner_.scan(input_.view());
  if (!found) return refuse(found.error());
  if (*found > 0) return take_head(input_.view().substr(0, *found));
  // The deadline of a head runs from its first byte, and for the first request from the
  // connection's start.
  if (!input_.empty() && place_->wait != Wait::head) wait(Wait::head);
  return ask_for_more(head_read_size);
}

bool Connection::take_head(std::string_view text) {
  started_ = Clock::now();
  request_.head.id = loop_.next_request_id();
  request_.head.remote = remote_;
  unread_ = true;  // until the framing is known
  const auto refusal = parser_.read_head(text, request_.head, target_);
  input_.use(text.size());
  if (refusal) return refuse(*refusal);
  keep_alive_ = parser_.minor_version() >= 1 && parser_.keep_alive();
  if (target_.size() > shared_.options.max_target)
    return refuse({414, "the request target is too long"});
  if (const auto bad = read_target(target_, request_.head)) return refuse(*bad);
  const auto announced = check_fields(request_.head, parser_.minor_version());
  if (!announced) return refuse(announced.error());
  announced_ = *announced;
  unread_ = announced_.body;
  return begin_request();
}

bool Connection::begin_request() {
  if (request_.head.method == Method::other) {
    return answer_error(501, "this method is not known here");
  }
  auto match = shared_.router.match(request_.head.method, request_.head.path);
  if (match.route == nullptr && match.allow.empty())
    return answer_error(404, "there is nothing at this path");
  if (match.route == nullptr)
    return answer_error(405, "this method does not apply to this path",
                        {{"Allow", std::move(match.allow)}});
  route_ = match.route;
  request_.captures = std::move(match.captures);
  if (route_->authorize) {
    try {
      auto verdict = route_->authorize(request_.head);
      if (auto* response = std::get_if<Response>(&verdict)) return answer(std::move(*response));
      request_.principal = std::get<Principal>(std::move(verdict));
    } catch (const std::exception& error) {
      log::write(log::Level::error, "http", "authorize_exception",
                 {{"request", request_.head.id}, {"what", error.what()}});
      return answer_error(500, "internal error; the log has it under this request's id");
    }
  }
  return announced_.body ? begin_body() : dispatch();
}

bool Connection::begin_body() {
  if (announced_.length > route_->body_limit)
    return answer_error(
        413, "the body may have at most " + std::to_string(route_->body_limit) + " bytes here");
  // A length is reserved whole, so that of too many bodies some are read to the end instead of
  // none.
  if (!announced_.chunked) {
    if (!reserve_body(static_cast<std::size_t>(announced_.length)))
      return answer_busy("too many request bodies are in flight");
    request_.body.reserve(static_cast<std::size_t>(announced_.length));
  }
  phase_ = Phase::body;
  wait(Wait::body);
  if (!announced_.expects_continue || !input_.empty()) return true;
  phase_ = Phase::continuing;
  switch (send(continue_line, {})) {
    case Sent::all:
      phase_ = Phase::body;
      return true;
    case Sent::failed:
      close();
      return false;
    case Sent::later:
      return false;
  }
  return false;
}

bool Connection::read_body() {
  const auto progress = parser_.read_body(input_.view(), request_.body, route_->body_limit);
  input_.use(progress.consumed);
  if (request_.body.size() > reserved_ && !reserve_body(request_.body.size() - reserved_))
    return answer_busy("too many request bodies are in flight");
  switch (progress.step) {
    case RequestParser::Step::whole:
      unread_ = false;
      return dispatch();
    case RequestParser::Step::too_large:
      return answer_error(
          413, "the body may have at most " + std::to_string(route_->body_limit) + " bytes here");
    case RequestParser::Step::malformed:
      return refuse({400, "the body is not framed correctly"});
    case RequestParser::Step::more:
      break;
  }
  // What stays unused is a chunk's head or the trailer, which nothing else limits.
  if (input_.view().size() > shared_.options.max_header_bytes)
    return refuse({431, "a chunk's header or the trailer is too long"});
  const std::uint64_t left =
      announced_.chunked ? body_read_size : announced_.length - request_.body.size();
  return ask_for_more(
      static_cast<std::size_t>(std::clamp<std::uint64_t>(left, head_read_size, body_read_size)));
}

bool Connection::dispatch() {
  const bool quick = route_->quick || (route_->quick_when && route_->quick_when(request_.head));
  if (quick) return answer(run_handler());
  phase_ = Phase::working;
  wait(Wait::work);
  // Until the answer comes back, request_ is the worker's.
  auto job = [this, self = shared_from_this()] {
    loop_.post([self, response = run_handler()]() mutable {
      if (self->phase_ == Phase::closed)
        return self->shared_.give_back(std::exchange(self->reserved_, 0));
      self->guarded([&] {
        if (self->answer(std::move(response))) self->proceed();
      });
    });
  };
  if (shared_.pool.submit(std::move(job))) return false;
  return answer_busy("too many requests are waiting");
}

bool Connection::ask_for_more(std::size_t size) {
  receive(input_.room(size), size);
  return false;
}

void Connection::forget_request() {
  shared_.give_back(std::exchange(reserved_, 0));
  scanner_.reset();
  request_ = Request{};
  response_ = Response{};
  route_ = nullptr;
  announced_ = Announced{};
  keep_alive_ = unread_ = false;
}

bool Connection::reserve_body(std::size_t bytes) {
  if (!shared_.reserve(bytes)) return false;
  reserved_ += bytes;
  return true;
}

void Connection::wait(Wait kind) { loop_.wait(place_, kind, Clock::now()); }

void Connection::close() {
  if (phase_ == Phase::closed) return;
  // A worker that is still busy with the body keeps it counted until it is done.
  if (phase_ != Phase::working) shared_.give_back(std::exchange(reserved_, 0));
  phase_ = Phase::closed;
  close_socket();
  if (std::exchange(listed_, false)) loop_.remove(place_);
  shared_.leave(remote_);
}

}  // namespace muster::http
