// SPDX-License-Identifier: Apache-2.0
#include "store/reader_pool.h"

namespace muster::store {
namespace {

constexpr std::size_t kKept = 32;

}  // namespace

ReadSession::~ReadSession() {
  if (own_) pool_->give_back(std::move(own_));
}

Result<ReadSession> ReaderPool::take() {
  {
    std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto session = std::move(free_.back());
      free_.pop_back();
      return ReadSession(*this, std::move(session));
    }
  }
  MUSTER_TRY(auto session, connections_.reader());
  return ReadSession(*this, std::move(session));
}

// When one connection was lost the others most probably were too: a restarted server should fail
// one request, not all.
void ReaderPool::give_back(std::unique_ptr<Session> session) {
  std::vector<std::unique_ptr<Session>> closed;
  std::lock_guard lock(mutex_);
  if (session->broken()) {
    closed.swap(free_);
  } else if (free_.size() < kKept) {
    free_.push_back(std::move(session));
  }
}

void ReaderPool::close() {
  std::lock_guard lock(mutex_);
  free_.clear();
}

}  // namespace muster::store
