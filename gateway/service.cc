// SPDX-License-Identifier: Apache-2.0
#include "gateway/service.h"

#include <algorithm>
#include <atomic>

#include "auth/token_check.h"
#include "core/json.h"
#include "core/log.h"
#include "gateway/bearer.h"
#include "gateway/metrics.h"
#include "gateway/reload.h"
#include "gateway/scheduler.h"
#include "gateway/service_status.h"
#include "http/server.h"
#include "operations/runs/run.h"
#include "operations/sources/refusals.h"
#include "provision/runs/killed_runs.h"
#include "scim/endpoint.h"

namespace muster::gateway {
namespace {

http::ServerOptions listener(const ListenerConfig& config, std::string name) {
  http::ServerOptions options;
  options.name = std::move(name);
  options.address = config.address;
  options.port = config.port;
  options.tls = {config.certificate, config.private_key};
  options.allow_clear_text = config.allow_clear_text;
  return options;
}

std::string public_url(const ListenerConfig& config) {
  if (!config.public_url.empty() || config.port == 0) return config.public_url;
  const bool v6 = config.address.find(':') != std::string::npos;
  return (config.certificate.empty() ? "http://" : "https://") +
         (v6 ? "[" + config.address + "]" : config.address) + ":" + std::to_string(config.port) +
         "/scim/v2";
}

http::Response plain(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

}  // namespace

class Service::Impl {
 public:
  explicit Impl(Runtime& runtime)
      : runtime_(runtime),
        tokens_(runtime.store(), system_clock()),
        endpoint_(runtime.provisioner(), bearer(tokens_, scim::Endpoint::error_body),
                  {.public_url = public_url(runtime.config().scim)}),
        scim_(listener(runtime.config().scim, "scim"), endpoint_.routes(),
              scim::Endpoint::error_body,
              [this](const http::RequestHead& head, std::string_view route, int status,
                     std::chrono::microseconds took) {
                metrics_.request(head.method, route, status, took);
              }),
        management_(management_options(), management_routes()),
        scheduler_(runtime.config().sources,
                   [this](const std::string& source, std::stop_token stop) {
                     run(source, std::move(stop));
                   }) {
    scheduler_.every(std::chrono::seconds(60), [this] { housekeeping(); });
    // Three looks in the time of a lease, as it is renewed.
    scheduler_.every(std::max(std::chrono::seconds(1), runtime.config().store_lease / 3),
                     [this](std::stop_token stop) { take_over(stop); });
    if (const auto every = runtime.config().lifecycle_every; every.count() > 0)
      scheduler_.at_start_and_every(every,
                                    [this](std::stop_token stop) { lifecycle(std::move(stop)); });
  }

  Status start() {
    MUSTER_CHECK(scim_.start());
    MUSTER_CHECK(management_.start());
    scheduler_.start();
    ready_ = true;
    tell({.ok = true,
          .mapping = runtime_.config().mapping.path.string(),
          .sha256 = runtime_.provisioner().engine()->sha256(),
          .at = system_clock().now()},
         {});
    return {};
  }

  void reload() {
    const auto request = status_.request();
    const auto outcome = reloader_.reload();
    for (const auto& one : outcome.diagnostics) {
      if (one.severity == Severity::error)
        log::write(log::Level::error, "gateway", "reload refused", {{"err", describe(one)}});
    }
    for (const auto& setting : outcome.restart)
      log::write(log::Level::warning, "gateway", "needs a restart", {{"setting", setting}});
    log::write(outcome.ok ? log::Level::info : log::Level::error, "gateway",
               outcome.ok ? "reloaded" : "not reloaded, the old configuration stays",
               {{"mapping", outcome.mapping}, {"config", outcome.sha256}});
    tell(outcome, request);
  }

  // Readiness goes first, so that a load balancer looks elsewhere while the rest drains.
  void stop() {
    ready_ = false;
    scim_.stop();
    scheduler_.stop();
    housekeeping();
    management_.stop();
  }

  const http::Server& scim() const { return scim_; }
  const http::Server& management() const { return management_; }

 private:
  void tell(const ReloadOutcome& outcome, const std::string& request) {
    metrics_.reload(outcome.ok, outcome.at);
    auto reload = as_document(outcome);
    reload.set("request", request);
    Value status;
    status.set("mapping", outcome.mapping);
    status.set("config", "sha256:" + outcome.sha256);
    status.set("reload", std::move(reload));
    status_.publish(std::move(status));
  }

  http::ServerOptions management_options() const {
    auto options = listener(runtime_.config().management, "management");
    options.workers = 2;
    options.max_connections = 64;
    return options;
  }

  std::vector<http::Route> management_routes() {
    const auto route = [](std::string path, http::Handler handler) {
      return http::Route{
          .method = http::Method::get, .pattern = std::move(path), .handler = std::move(handler)};
    };
    return {route("/livez", [](const http::Request&) { return plain(200, "alive\n"); }),
            route("/readyz", [this](const http::Request& request) { return readiness(request); }),
            route("/metrics", [this](const http::Request&) {
              auto response = plain(200, metrics_.text(runtime_.store(), scim_.counters()));
              response.content_type = "text/plain; version=0.0.4; charset=utf-8";
              return response;
            })};
  }

  http::Response readiness(const http::Request& request) {
    const auto counts = read_counts();
    const bool good = ready_ && counts.has_value();
    if (request.head.parameter("verbose") == nullptr)
      return plain(good ? 200 : 503, good ? "ready\n" : "not ready\n");
    Value checks;
    checks.set("ready", good);
    checks.set("listeners", ready_.load() ? "accepting" : "starting or draining");
    checks.set("store", counts ? std::string("ok") : describe(counts.error()));
    Value::List sources;
    for (const auto& one : counts ? *counts : std::vector<store::SourceCounts>{}) {
      Value source;
      source.set("source", one.source);
      source.set("people", one.people);
      source.set("groups", one.groups);
      source.set("review", one.review);
      source.set("quarantined", one.quarantined);
      sources.push_back(std::move(source));
    }
    checks.set("sources", std::move(sources));
    http::Response response;
    response.status = good ? 200 : 503;
    response.body = write_json(checks);
    return response;
  }

  Result<std::vector<store::SourceCounts>> read_counts() {
    MUSTER_TRY(auto reader, runtime_.store().reader());
    return reader->journal().counts();
  }

  // Refused credentials are tried again later and later. What was refused before this process
  // began may have been corrected meanwhile.
  bool waits(const std::string& name) {
    const auto reader = runtime_.store().reader();
    if (!reader) return false;
    const auto runs = (*reader)->runs().latest(name, operations::runs_to_know_refusals);
    const auto refused = runs ? operations::refusals_of(*runs) : std::nullopt;
    if (!refused || refused->last < begun_ || system_clock().now() >= refused->next) return false;
    log::write(log::Level::info, "gateway", "run waits, the credentials were refused",
               {{"source", name}, {"until", format_timestamp(refused->next)}});
    return true;
  }

  void run(const std::string& name, std::stop_token stop) {
    if (waits(name)) return;
    const auto done = operations::read_source(runtime_.installation(), {.source = name},
                                              {.actor = "schedule"}, std::move(stop));
    if (done) {
      metrics_.run(done->report.row);
    } else {
      log_not_started("run not started", name, done.error());
    }
  }

  // That another process is at it is how several share the work.
  static void log_not_started(std::string_view what, const std::string& source,
                              const Error& error) {
    const auto level = error.code == "busy" ? log::Level::info : log::Level::error;
    log::write(level, "gateway", what, {{"source", source}, {"err", describe(error)}});
  }

  void lifecycle(std::stop_token stop) {
    if (const auto done = operations::run_lifecycle(runtime_.installation(), {.actor = "schedule"},
                                                    std::move(stop));
        !done) {
      log_not_started("lifecycle run not started", {}, done.error());
    }
  }

  // A scheduled run whose process was killed or stands still, of whatever host, is done here.
  void take_over(const std::stop_token& stop) {
    const auto killed =
        provision::end_all_killed_runs(runtime_.store(), runtime_.config().store_lease);
    if (!killed) {
      log::write(log::Level::warning, "gateway", "killed runs not looked for",
                 {{"err", describe(killed.error())}});
      return;
    }
    for (const auto& left : *killed) {
      const auto* source = runtime_.config().source(left.source);
      if (left.actor != "schedule" || stop.stop_requested()) continue;
      if (source != nullptr && source->schedule) run(left.source, stop);
      if (left.source.empty() && runtime_.config().lifecycle_every.count() > 0) lifecycle(stop);
    }
  }

  void housekeeping() {
    if (auto done = tokens_.write_last_used(); !done) {
      log::write(log::Level::warning, "gateway", "token use not recorded",
                 {{"err", describe(done.error())}});
    }
  }

  Runtime& runtime_;
  const Timestamp begun_ = system_clock().now();
  ServiceStatus status_{runtime_.config().state_directory};
  Reloader reloader_{runtime_};
  std::atomic<bool> ready_{false};
  Metrics metrics_;
  auth::TokenCheck tokens_;
  scim::Endpoint endpoint_;
  http::Server scim_;
  http::Server management_;
  Scheduler scheduler_;
};

Service::Service(Runtime& runtime) : impl_(std::make_unique<Impl>(runtime)) {}
Service::~Service() { stop(); }
Status Service::start() { return impl_->start(); }
void Service::stop() { impl_->stop(); }
void Service::reload() { impl_->reload(); }
std::uint16_t Service::scim_port() const { return impl_->scim().port(); }
std::uint16_t Service::management_port() const { return impl_->management().port(); }

}  // namespace muster::gateway
