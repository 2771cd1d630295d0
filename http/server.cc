// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <atomic>
#include <exception>
#include <thread>
#include <utility>

#include "core/log.h"
#include "http/acceptor.h"
#include "http/event_loop.h"
#include "http/shared_state.h"
#include "http/transport.h"

namespace muster::http {

class Server::Impl {
 public:
  Impl(ServerOptions options, std::vector<Route> routes, ErrorBody error_body, Observe observe)
      : options_(std::move(options)),
        routes_(std::move(routes)),
        error_body_(std::move(error_body)),
        observe_(std::move(observe)) {}

  Status start() {
    if (options_.io_threads < 1 || options_.workers < 1)
      return fail(Fault::invalid, "a listener needs at least one io thread and one worker",
                  options_.name);
    MUSTER_TRY(auto router, Router::build(std::move(routes_)));
    shared_ = std::make_unique<SharedState>(options_, std::move(router), std::move(error_body_),
                                            std::move(observe_));
    if (!options_.tls.certificate_chain.empty()) MUSTER_CHECK(reload_tls());
    for (int i = 0; i < options_.io_threads; ++i)
      loops_.push_back(std::make_unique<EventLoop>(*shared_));
    MUSTER_TRY(auto acceptor, open_acceptor());
    acceptor_ = std::move(acceptor);
    port_ = acceptor_->port();
    shared_->pool.start();
    acceptor_->start();
    for (auto& loop : loops_) threads_.emplace_back([&loop] { loop->run(); });
    return {};
  }

  void stop() {
    if (threads_.empty()) return;
    shared_->draining = true;
    loops_.front()->post([this] { acceptor_->close(); });
    for (auto& loop : loops_) loop->post([&loop] { loop->drain(); });
    if (!shared_->wait_until_empty(options_.drain_deadline))
      log::write(log::Level::warning, "http", "drain_cut",
                 {{"listener", options_.name},
                  {"connections", static_cast<std::int64_t>(shared_->open.load())}});
    for (auto& loop : loops_) {
      loop->post([&loop] {
        loop->cut();
        loop->stop();
      });
    }
    for (auto& thread : threads_) thread.join();
    // Last, because jobs that nobody began own connections, which the loops had to let go first.
    shared_->pool.stop();
    threads_.clear();
    acceptor_.reset();
  }

  Status reload_tls() {
    MUSTER_TRY(auto context, load_tls(options_.tls));
    shared_->tls = std::move(context);
    return {};
  }

  std::uint16_t port() const { return port_; }

  ServerCounters counters() const {
    ServerCounters counters;
    if (!shared_) return counters;
    counters.requests = shared_->requests;
    counters.refused_by_gate = shared_->refused_by_gate;
    counters.refused_busy = shared_->refused_busy;
    counters.refused_connections = shared_->refused_connections;
    counters.connections = shared_->open;
    counters.timeouts = shared_->timeouts;
    return counters;
  }

 private:
  Result<std::unique_ptr<Acceptor>> open_acceptor() {
    auto take = [this, next = std::size_t{0}](int socket, const std::string& remote) mutable {
      EventLoop& loop = *loops_[next++ % loops_.size()];
      loop.post([&loop, socket, remote] { loop.adopt(socket, remote); });
    };
    return Acceptor::open(loops_.front()->io(), options_, std::move(take),
                          [this] { ++shared_->refused_connections; });
  }

  const ServerOptions options_;
  std::vector<Route> routes_;
  ErrorBody error_body_;
  Observe observe_;
  std::uint16_t port_ = 0;
  // In the order in which each needs the ones before it.
  std::unique_ptr<SharedState> shared_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::unique_ptr<Acceptor> acceptor_;
  std::vector<std::thread> threads_;
};

Server::Server(ServerOptions options, std::vector<Route> routes, ErrorBody error_body,
               Observe observe)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(routes), std::move(error_body),
                                   std::move(observe))) {}
Server::~Server() { stop(); }

Status Server::start() { return impl_->start(); }
void Server::stop() { impl_->stop(); }
Status Server::reload_tls() { return impl_->reload_tls(); }
std::uint16_t Server::port() const { return impl_->port(); }
ServerCounters Server::counters() const { return impl_->counters(); }

}  // namespace muster::http
