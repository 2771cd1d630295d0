// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/event_loop.h"
#include "http/gate.h"
#include "http/input_buffer.h"
#include "http/request_parser.h"
#include "http/shared_state.h"

namespace muster::http {

// One connection, from its first byte to its last: reads a request, passes it through the gate, the
// route's authorization and its handler, writes the answer, and starts again. Lives on its loop's
// thread; pending operations and worker jobs keep it alive. How bytes travel is the derived class's
// business.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void begin();
  void expire();  // its deadline has passed
  void drain();   // closes unless a request is in flight
  void cut();

 protected:
  Connection(SharedState& shared, EventLoop& loop, std::string remote);

  enum class Sent { all, failed, later };

  // Each of these ends in the call named beside it, on the loop's thread; close_socket() ends them
  // all early.
  virtual void handshake() = 0;                            // opened
  virtual void receive(char* into, std::size_t size) = 0;  // received
  // `head` and `body` stay valid until it is done; `later` means that sent() follows.
  virtual Sent send(std::string_view head, std::string_view body) = 0;
  // Ends our side and reads the peer's rest into nothing, so that the peer gets our answer instead
  // of a reset (RFC 9112, 9.6).
  virtual void linger() = 0;  // lingered
  virtual void close_socket() = 0;

  void opened(bool well);
  void received(bool well, std::size_t size);
  void sent(bool well);
  void lingered() { close(); }

 private:
  enum class Phase { opening, head, body, continuing, working, answering, lingering, closed };
  using Time = Deadlines::Clock::time_point;

  // The last catch of a listener thread: what throws here costs this connection only.
  template <class Function>
  void guarded(Function&& function);

  // Steps return whether to go on at once; otherwise something is awaited or the connection is
  // closed.
  void proceed();
  bool step();
  bool read_head();
  bool take_head(std::string_view text);
  bool begin_request();
  bool begin_body();
  bool read_body();
  bool dispatch();
  bool ask_for_more(std::size_t size);
  bool refuse(const Refusal& refusal);
  bool answer_error(int status, std::string_view detail, std::vector<Header> headers = {});
  bool answer_busy(std::string_view detail);
  bool answer(Response response);
  bool finish_answer();

  Response error_response(int status, std::string_view detail) const;
  Response run_handler() const;
  bool reserve_body(std::size_t bytes);
  void forget_request();
  void wait(Wait kind);
  void close();

  SharedState& shared_;
  EventLoop& loop_;
  const std::string remote_;
  Phase phase_ = Phase::opening;
  Deadlines::Place place_ = {};
  bool listed_ = false;  // place_ is valid

  InputBuffer input_;
  HeadScanner scanner_;
  RequestParser parser_;
  int requests_ = 0;

  // of the request in hand
  Request request_;
  std::string target_;
  Announced announced_;
  const Route* route_ = nullptr;
  Time started_ = {};
  std::size_t reserved_ = 0;
  bool keep_alive_ = false;
  bool unread_ = false;  // of its body something has not been read

  Response response_;
  std::string head_out_;
  bool close_after_ = false;
};

}  // namespace muster::http
