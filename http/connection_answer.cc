// SPDX-License-Identifier: Apache-2.0
// The second half of a connection's work: from the handler to the answer's last byte.
#include <exception>
#include <iterator>
#include <utility>

#include "core/log.h"
#include "http/connection.h"
#include "http/response_head.h"

namespace muster::http {
namespace {

using Clock = Deadlines::Clock;

Response plain_error(int status, std::string_view detail) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::string(detail) + "\n";
  return response;
}

}  // namespace

Response Connection::run_handler() const {
  try {
    return route_->handler(request_);
  } catch (const std::exception& error) {
    log::write(log::Level::error, "http", "handler_exception",
               {{"request", request_.head.id}, {"route", route_->pattern}, {"what", error.what()}});
  } catch (...) {
    log::write(log::Level::error, "http", "handler_exception",
               {{"request", request_.head.id}, {"route", route_->pattern}});
  }
  return error_response(500, "internal error; request id " + request_.head.id);
}

bool Connection::refuse(const Refusal& refusal) {
  ++shared_.refused_by_gate;
  // After a request that was not understood, nobody knows where the next one starts.
  unread_ = true;
  if (request_.head.id.empty()) {
    started_ = Clock::now();
    request_.head.id = loop_.next_request_id();
    request_.head.remote = remote_;
  }
  return answer_error(refusal.status, refusal.detail);
}

bool Connection::answer_busy(std::string_view detail) {
  ++shared_.refused_busy;
  return answer_error(503, detail, {{"Retry-After", "1"}});
}

bool Connection::answer_error(int status, std::string_view detail, std::vector<Header> headers) {
  auto response = error_response(status, detail);
  std::move(headers.begin(), headers.end(), std::back_inserter(response.headers));
  return answer(std::move(response));
}

Response Connection::error_response(int status, std::string_view detail) const {
  if (!shared_.error_body) return plain_error(status, detail);
  try {
    return shared_.error_body(status, detail, request_.head);
  } catch (const std::exception& error) {
    log::write(log::Level::error, "http", "error_body_exception",
               {{"request", request_.head.id}, {"what", error.what()}});
    return plain_error(status, detail);
  }
}

bool Connection::answer(Response response) {
  if (!is_sendable(response)) {
    log::write(
        log::Level::error, "http", "response_not_sendable",
        {{"request", request_.head.id}, {"path", route_ ? std::string_view(route_->pattern) : ""}});
    response = plain_error(500, "internal error; request id " + request_.head.id);
  }
  phase_ = Phase::answering;
  response_ = std::move(response);
  ++requests_;
  close_after_ = unread_ || !keep_alive_ || shared_.draining ||
                 requests_ >= shared_.options.max_requests_per_connection;
  head_out_.clear();
  write_head(response_, {request_.head.id, loop_.date(), close_after_}, head_out_);
  const bool bodiless = request_.head.method == Method::head || !may_have_body(response_.status);
  switch (send(head_out_, bodiless ? std::string_view() : std::string_view(response_.body))) {
    case Sent::all:
      return finish_answer();
    case Sent::failed:
      close();
      return false;
    case Sent::later:
      wait(Wait::write);
      return false;
  }
  return false;
}

bool Connection::finish_answer() {
  ++shared_.requests;
  const auto now = Clock::now();
  if (shared_.observe) {
    const auto pattern = route_ ? std::string_view(route_->pattern) : std::string_view();
    shared_.observe(request_.head, pattern, response_.status,
                    std::chrono::duration_cast<std::chrono::microseconds>(now - started_));
  }
  const bool bytes_left = unread_ || !input_.empty();
  forget_request();
  if (!close_after_ && !shared_.draining) {
    phase_ = Phase::head;
    loop_.wait(place_, Wait::idle, now);
    return true;
  }
  if (!bytes_left) {
    close();
    return false;
  }
  phase_ = Phase::lingering;
  wait(Wait::linger);
  linger();
  return false;
}

}  // namespace muster::http
