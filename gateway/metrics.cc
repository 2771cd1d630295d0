// SPDX-License-Identifier: Apache-2.0
#include "gateway/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "operations/sources/refusals.h"

namespace muster::gateway {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;

const prometheus::Histogram::BucketBoundaries request_seconds = {
    0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
const prometheus::Histogram::BucketBoundaries run_seconds = {0.1, 0.5, 1,   5,    15,
                                                             60,  300, 900, 3600, 14400};

prometheus::Labels labels_of(const std::string& source, const std::string& code,
                             Severity severity) {
  return {{"source", source}, {"code", code}, {"severity", std::string(name_of(severity))}};
}

}  // namespace

class Metrics::Impl {
 public:
  struct Endpoint {
    prometheus::Counter* requests;
    prometheus::Histogram* seconds;
  };

  Impl() { build_.Add({{"version", MUSTER_VERSION}}).Set(1); }

  // Label look-ups hash strings and lock; the few combinations that occur are kept at hand.
  Endpoint endpoint(http::Method method, std::string_view route, int status) {
    std::string key(http::name_of(method));
    key.append(" ").append(route).append(" ").append(std::to_string(status));
    const std::lock_guard lock(mutex_);
    const auto known = endpoints_.find(key);
    if (known != endpoints_.end()) return known->second;
    const prometheus::Labels labels = {{"method", std::string(http::name_of(method))},
                                       {"resource", std::string(route)}};
    auto with_code = labels;
    with_code["code"] = std::to_string(status);
    const Endpoint made{&requests_.Add(with_code), &seconds_.Add(labels, request_seconds)};
    endpoints_.emplace(std::move(key), made);
    return made;
  }

  prometheus::Registry registry_;
  prometheus::Family<prometheus::Gauge>& build_ =
      BuildGauge().Name("muster_build_info").Register(registry_);
  prometheus::Family<prometheus::Counter>& requests_ = BuildCounter()
                                                           .Name("muster_scim_requests_total")
                                                           .Help("Answered requests")
                                                           .Register(registry_);
  prometheus::Family<prometheus::Histogram>& seconds_ =
      BuildHistogram()
          .Name("muster_scim_request_duration_seconds")
          .Help("From the head read to the answer written")
          .Register(registry_);
  prometheus::Family<prometheus::Histogram>& runs_ =
      BuildHistogram().Name("muster_run_duration_seconds").Register(registry_);
  prometheus::Family<prometheus::Counter>& items_ = BuildCounter()
                                                        .Name("muster_run_items_total")
                                                        .Help("What runs did to records")
                                                        .Register(registry_);
  prometheus::Family<prometheus::Counter>& found_ =
      BuildCounter()
          .Name("muster_run_findings_total")
          .Help("What runs found about what they read")
          .Register(registry_);
  prometheus::Family<prometheus::Gauge>& standing_ =
      BuildGauge()
          .Name("muster_findings")
          .Help("Findings that stand about the records of a source and the people it owns")
          .Register(registry_);
  prometheus::Family<prometheus::Gauge>& last_run_ =
      BuildGauge().Name("muster_source_last_run_timestamp_seconds").Register(registry_);
  prometheus::Family<prometheus::Gauge>& last_success_ =
      BuildGauge().Name("muster_source_last_success_timestamp_seconds").Register(registry_);
  prometheus::Family<prometheus::Gauge>& held_ =
      BuildGauge()
          .Name("muster_source_held")
          .Help("1 while the last run is held by the delete guard")
          .Register(registry_);
  prometheus::Family<prometheus::Gauge>& up_ =
      BuildGauge()
          .Name("muster_source_up")
          .Help("1 when the last run read the source to its end")
          .Register(registry_);
  prometheus::Family<prometheus::Gauge>& reload_success_ =
      BuildGauge()
          .Name("muster_config_reload_success")
          .Help("1 when the last reload was taken over, 0 when the old configuration stayed")
          .Register(registry_);
  prometheus::Family<prometheus::Gauge>& reload_time_ =
      BuildGauge()
          .Name("muster_config_reload_timestamp_seconds")
          .Help("The last reload, or the start")
          .Register(registry_);
  prometheus::Family<prometheus::Gauge>& refused_ =
      BuildGauge()
          .Name("muster_source_credentials_refused")
          .Help("1 when the directory refused the account's credentials in the last run")
          .Register(registry_);
  prometheus::Family<prometheus::Gauge>& users_ =
      BuildGauge().Name("muster_users").Register(registry_);
  prometheus::Family<prometheus::Gauge>& reviews_ =
      BuildGauge().Name("muster_reviews_open").Register(registry_);
  prometheus::Family<prometheus::Gauge>& store_ =
      BuildGauge().Name("muster_store").Help("Commits, submissions, waiting").Register(registry_);
  prometheus::Family<prometheus::Gauge>& listener_ =
      BuildGauge().Name("muster_listener").Register(registry_);

  // What does not stand any more is shown as 0.
  void show_standing(const store::AllStanding& all) {
    const std::lock_guard lock(mutex_);
    for (auto& [labels, count] : standing_counts_) count = 0;
    for (const auto* some : {&all.of_records, &all.of_people}) {
      for (const auto& one : *some)
        standing_counts_[labels_of(one.source, one.code, one.severity)] += one.count;
    }
    for (const auto& [labels, count] : standing_counts_)
      standing_.Add(labels).Set(static_cast<double>(count));
  }

 private:
  std::map<prometheus::Labels, std::int64_t> standing_counts_;
  std::mutex mutex_;
  std::unordered_map<std::string, Endpoint> endpoints_;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::request(http::Method method, std::string_view route, int status,
                      std::chrono::microseconds took) {
  const auto endpoint = impl_->endpoint(method, route, status);
  endpoint.requests->Increment();
  endpoint.seconds->Observe(std::chrono::duration<double>(took).count());
}

void Metrics::run(const store::RunRow& run) {
  const prometheus::Labels source = {{"source", run.source}};
  const auto ended = run.ended.value_or(run.started);
  const auto seconds = std::chrono::duration<double>(ended.time_since_epoch()).count();
  impl_->runs_
      .Add({{"source", run.source}, {"kind", std::string(store::name_of(run.kind))}}, run_seconds)
      .Observe(std::chrono::duration<double>(ended - run.started).count());
  for (const auto& counter : store::run_counters) {
    if (counter.action.empty()) continue;
    impl_->items_.Add({{"source", run.source}, {"action", std::string(counter.action)}})
        .Increment(static_cast<double>(run.counts.*counter.member));
  }
  for (const auto& group : run.findings)
    impl_->found_.Add(labels_of(group.source, group.example.code, group.example.severity))
        .Increment(static_cast<double>(group.count));
  const bool read = run.state == store::RunState::done ||
                    run.state == store::RunState::done_with_errors ||
                    run.state == store::RunState::held;
  impl_->last_run_.Add(source).Set(seconds);
  impl_->refused_.Add(source).Set(operations::refused_credentials(run) ? 1 : 0);
  impl_->up_.Add(source).Set(read ? 1 : 0);
  impl_->held_.Add(source).Set(run.state == store::RunState::held ? 1 : 0);
  if (run.state == store::RunState::done) impl_->last_success_.Add(source).Set(seconds);
}

void Metrics::reload(bool ok, Timestamp at) {
  impl_->reload_success_.Add({}).Set(ok ? 1 : 0);
  impl_->reload_time_.Add({}).Set(std::chrono::duration<double>(at.time_since_epoch()).count());
}

std::string Metrics::text(store::Store& store, const http::ServerCounters& listener) {
  if (auto reader = store.reader()) {
    if (auto counts = (*reader)->journal().counts()) {
      for (const auto& one : *counts) {
        impl_->users_.Add({{"source", one.source}}).Set(static_cast<double>(one.people));
        impl_->reviews_.Add({{"source", one.source}}).Set(static_cast<double>(one.review));
      }
    }
    if (auto standing = (*reader)->journal().standing()) impl_->show_standing(*standing);
  }
  const auto counters = store.counters();
  impl_->store_.Add({{"what", "commits"}}).Set(static_cast<double>(counters.commits));
  impl_->store_.Add({{"what", "submissions"}}).Set(static_cast<double>(counters.submissions));
  impl_->store_.Add({{"what", "waiting"}}).Set(static_cast<double>(counters.waiting));
  impl_->listener_.Add({{"what", "connections"}}).Set(static_cast<double>(listener.connections));
  impl_->listener_.Add({{"what", "refused_by_gate"}})
      .Set(static_cast<double>(listener.refused_by_gate));
  impl_->listener_.Add({{"what", "refused_busy"}}).Set(static_cast<double>(listener.refused_busy));
  impl_->listener_.Add({{"what", "timeouts"}}).Set(static_cast<double>(listener.timeouts));
  return prometheus::TextSerializer().Serialize(impl_->registry_.Collect());
}

}  // namespace muster::gateway
