// SPDX-License-Identifier: Apache-2.0
#include "gateway/scheduler.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <random>
#include <thread>
#include <utility>

#include "core/log.h"

namespace muster::gateway {
namespace {

namespace asio = boost::asio;

constexpr std::size_t job_threads = 2;

std::chrono::milliseconds random_delay(std::chrono::seconds jitter) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto most = std::chrono::milliseconds(jitter).count();
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, most)(random));
}

}  // namespace

Result<Timestamp> next_due(const ScheduleConfig& schedule, Timestamp now) {
  if (schedule.cron) return schedule.cron->next(now);
  return now + *schedule.every;
}

class Scheduler::Impl {
 public:
  Impl(const std::vector<SourceConfig>& sources, Run run) : run_(std::move(run)) {
    for (const auto& source : sources) {
      if (!source.schedule) continue;
      add({.name = source.name, .schedule = *source.schedule, .work = [this, name = source.name] {
             run_(name, stop_.get_token());
           }});
    }
  }

  void every(std::chrono::seconds period, std::function<void()> work) {
    add({.name = "housekeeping", .schedule = {.every = period}, .work = std::move(work)});
  }

  void every(std::chrono::seconds period, std::function<void(std::stop_token)> work) {
    add({.name = "take over",
         .schedule = {.every = period},
         .work = [this, work = std::move(work)] { work(stop_.get_token()); }});
  }

  void at_start_and_every(std::chrono::seconds period, std::function<void(std::stop_token)> work) {
    add({.name = "lifecycle",
         .schedule = {.every = period},
         .work = [this, work = std::move(work)] { work(stop_.get_token()); },
         .at_start = true});
  }

  void start() {
    for (auto& job : jobs_) arm(*job);
    thread_ = std::thread([this] { context_.run(); });
  }

  void stop() {
    stop_.request_stop();
    context_.stop();
    if (thread_.joinable()) thread_.join();
    pool_.join();
  }

 private:
  struct Job {
    std::string name = {};
    ScheduleConfig schedule = {};
    std::function<void()> work = {};
    bool at_start = false;
    std::unique_ptr<asio::system_timer> timer = {};
  };

  void add(Job job) {
    job.timer = std::make_unique<asio::system_timer>(context_);
    jobs_.push_back(std::make_unique<Job>(std::move(job)));
  }

  // A job is armed again only when it has ended: two runs of one source never meet.
  void arm(Job& job) {
    const auto now = system_clock().now();
    const auto due =
        std::exchange(job.at_start, false) ? Result<Timestamp>(now) : next_due(job.schedule, now);
    if (!due) {
      log::write(log::Level::error, "gateway", "schedule never due",
                 {{"job", job.name}, {"err", due.error().detail}});
      return;
    }
    job.timer->expires_at(*due + random_delay(job.schedule.jitter));
    job.timer->async_wait([this, &job](const boost::system::error_code& error) {
      if (!error) asio::post(pool_, [this, &job] { perform(job); });
    });
  }

  void perform(Job& job) {
    if (stop_.stop_requested()) return;
    try {
      job.work();
    } catch (const std::exception& error) {
      log::write(log::Level::error, "gateway", "job failed",
                 {{"job", job.name}, {"err", error.what()}});
    }
    asio::post(context_, [this, &job] { arm(job); });
  }

  Run run_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_{context_.get_executor()};
  asio::thread_pool pool_{job_threads};
  std::stop_source stop_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::thread thread_;
};

Scheduler::Scheduler(const std::vector<SourceConfig>& sources, Run run)
    : impl_(std::make_unique<Impl>(sources, std::move(run))) {}
Scheduler::~Scheduler() { stop(); }
void Scheduler::every(std::chrono::seconds period, std::function<void()> work) {
  impl_->every(period, std::move(work));
}
void Scheduler::every(std::chrono::seconds period, std::function<void(std::stop_token)> work) {
  impl_->every(period, std::move(work));
}
void Scheduler::at_start_and_every(std::chrono::seconds period,
                                   std::function<void(std::stop_token)> work) {
  impl_->at_start_and_every(period, std::move(work));
}
void Scheduler::start() { impl_->start(); }
void Scheduler::stop() { impl_->stop(); }

}  // namespace muster::gateway
