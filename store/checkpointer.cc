// SPDX-License-Identifier: Apache-2.0
#include "store/checkpointer.h"

#include "core/log.h"
#include "store/sql/sqlite.h"

namespace muster::store {
namespace {

// 64 MiB of 4 KiB pages: a page that many commits change is copied once, and look-ups in the log
// stay cheap. The next copy is asked for as much later: chasing a busy writer copies the same pages
// again and again and keeps the writer from finishing.
constexpr int kLogPages = 16384;

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Session> own, std::shared_ptr<Session> writer)
    : own_(std::move(own)),
      writer_(std::move(writer)),
      committed_([this](int pages) { committed(pages); }),
      request_at_(kLogPages) {
  sqlite::watch_log(*writer_, committed_);
  thread_ = std::thread([this] { run(); });
}

Checkpointer::~Checkpointer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
  (void)writer_->run("pragma wal_checkpoint(TRUNCATE)");
}

void Checkpointer::committed(int pages) {
  if (pages < last_pages_) request_at_ = kLogPages;  // the log has started again
  last_pages_ = pages;
  if (pages < request_at_) return;
  request_at_ = pages + kLogPages;
  {
    std::lock_guard lock(mutex_);
    requested_ = true;
  }
  wake_.notify_one();
}

void Checkpointer::between_groups() {
  if (finish_.exchange(false)) (void)sqlite::checkpoint(*writer_);
}

void Checkpointer::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return requested_ || stopping_; });
      if (stopping_) return;
      requested_ = false;
    }
    auto done = sqlite::checkpoint(*own_);
    if (!done) {
      log::write(log::Level::warning, "store", "checkpoint_failed",
                 {{"reason", done.error().detail}});
    } else if (!done->complete()) {
      finish_ = true;
    }
  }
}

}  // namespace muster::store
