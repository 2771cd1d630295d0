// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "store/connections.h"

namespace muster::store {

class ReaderPool;

// A session for reading, for as long as a Reader lives. Several may stand on one session (in-memory
// stores and rehearsals, where there is only one): use() keeps everybody else off it during one
// read.
class ReadSession {
 public:
  class Use {
   public:
    Use(Session& session, std::mutex* mutex) : session_(session) {
      if (mutex != nullptr) lock_ = std::unique_lock(*mutex);
    }
    Session& operator*() { return session_; }
    Session* operator->() { return &session_; }

   private:
    Session& session_;
    std::unique_lock<std::mutex> lock_;
  };

  ReadSession(ReaderPool& pool, std::unique_ptr<Session> session)
      : pool_(&pool), own_(std::move(session)) {}
  ReadSession(std::shared_ptr<Session> shared, std::mutex& mutex)
      : shared_(std::move(shared)), mutex_(&mutex) {}
  ReadSession(ReadSession&&) = default;
  ReadSession(const ReadSession&) = delete;
  ~ReadSession();

  Use use() { return Use(own_ ? *own_ : *shared_, mutex_); }

 private:
  ReaderPool* pool_ = nullptr;
  std::unique_ptr<Session> own_;
  std::shared_ptr<Session> shared_;
  std::mutex* mutex_ = nullptr;
};

// Sessions beside the writer: made when needed, kept for the next reader. Thread-safe; outlives its
// sessions.
class ReaderPool {
 public:
  explicit ReaderPool(Connections& connections) : connections_(connections) {}

  Result<ReadSession> take();
  void give_back(std::unique_ptr<Session> session);
  void close();  // the sessions that are free

 private:
  Connections& connections_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Session>> free_;
};

}  // namespace muster::store
