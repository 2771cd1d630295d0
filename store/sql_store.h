// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "store/catalog.h"
#include "store/checkpointer.h"
#include "store/connections.h"
#include "store/group_writer.h"
#include "store/reader_pool.h"
#include "store/store.h"

namespace muster::store {

// The store over an engine's connections. Each engine's file (sqlite_store.cc, postgresql_store.cc)
// puts one together.
class SqlStore final : public Store {
 public:
  struct Parts {
    std::unique_ptr<Connections> connections = {};
    bool schema_is_there = false;  // and must not be looked at
    bool one_session = false;      // readers use the writer's session, one at a time
    std::unique_ptr<Session> checkpoints =
        {};  // SQLite files: the connection that keeps the log short
    std::function<Result<std::unique_ptr<Store>>(SqlStore&)> rehearse = {};
    std::function<void()> at_end = {};  // after everything is closed
  };

  // Applies the schema, registers the sources, starts the writer.
  static Result<std::unique_ptr<SqlStore>> start(const StoreOptions& options, Parts parts);
  ~SqlStore() override;

  Status write(const Work& work) override { return writer_->write(work); }
  Status write_jointly(JointWork& work) override { return writer_->write_jointly(work); }
  Status read(const Look& look) override;
  Result<std::unique_ptr<Reader>> reader() override;
  Result<std::unique_ptr<View>> snapshot() override;
  Result<std::unique_ptr<Store>> rehearsal() override { return parts_.rehearse(*this); }
  Counters counters() const override { return writer_->counters(); }

  // For rehearsals.
  const StoreOptions& options() const { return options_; }
  Result<ReadSession> read_session();

 private:
  SqlStore(const StoreOptions& options, Parts parts);
  Status prepare();
  Status read_once(const Look& look);

  StoreOptions options_;
  Parts parts_;
  Catalog catalog_;
  std::mutex one_session_;
  std::shared_ptr<Session> session_;
  ReaderPool pool_;
  std::unique_ptr<Checkpointer> checkpointer_;
  std::unique_ptr<GroupWriter> writer_;
};

Result<std::unique_ptr<Store>> open_sqlite(const StoreOptions& options, const std::string& path);
Result<std::unique_ptr<Store>> open_postgresql(const StoreOptions& options);

}  // namespace muster::store
