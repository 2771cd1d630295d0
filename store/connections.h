// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/result.h"
#include "store/sql/session.h"

namespace muster::store {

// How a store's sessions are made and how its transactions begin and end. Thread-safe.
class Connections {
 public:
  virtual ~Connections() = default;
  virtual Result<std::unique_ptr<Session>> writer() = 0;
  virtual Result<std::unique_ptr<Session>> reader() = 0;

  // Statements of one group commit.
  virtual Status begin(Session& session) = 0;
  virtual Status commit(Session& session) = 0;
  virtual Status rollback(Session& session) = 0;

  // One view of the data for many reads of a session that a snapshot has to itself.
  virtual Status begin_snapshot(Session& session) = 0;
  virtual Status end_snapshot(Session& session) = 0;
};

}  // namespace muster::store
