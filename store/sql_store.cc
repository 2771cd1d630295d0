// SPDX-License-Identifier: Apache-2.0
#include "store/sql_store.h"

#include "store/readers/sql_reader.h"
#include "store/schema.h"
#include "store/sql/failure.h"
#include "store/tables/sql_transaction.h"

namespace muster::store {
namespace {

// Reads through the tables of a scope that nothing is written through.
class Snapshot final : public View {
 public:
  static Result<std::unique_ptr<View>> begin(ReadSession session, Connections& connections,
                                             Catalog& catalog, Timestamp now) {
    auto snapshot =
        std::unique_ptr<Snapshot>(new Snapshot(std::move(session), connections, catalog, now));
    MUSTER_CHECK(connections.begin_snapshot(*snapshot->use_));
    return std::unique_ptr<View>(std::move(snapshot));
  }
  // Nothing was written, so nothing is lost when ending it fails.
  ~Snapshot() override { (void)connections_.end_snapshot(*use_); }

  RecordView& records() override { return tables_.records(); }
  RecordWalks& walks() override { return tables_.walks(); }
  IdentityView& identities() override { return tables_.identities(); }
  MembershipView& memberships() override { return tables_.memberships(); }
  ReferenceView& references() override { return tables_.references(); }
  RunView& runs() override { return tables_.runs(); }
  ReviewView& reviews() override { return tables_.reviews(); }
  Timestamp now() const override { return scope_.now(); }

 private:
  Snapshot(ReadSession session, Connections& connections, Catalog& catalog, Timestamp now)
      : connections_(connections),
        session_(std::move(session)),
        use_(session_.use()),
        scope_(*use_, catalog, now),
        tables_(scope_) {}

  Connections& connections_;
  ReadSession session_;
  ReadSession::Use use_;
  WriteScope scope_;
  SqlTransaction tables_;
};

}  // namespace

SqlStore::SqlStore(const StoreOptions& options, Parts parts)
    : options_(options), parts_(std::move(parts)), pool_(*parts_.connections) {}

Result<std::unique_ptr<SqlStore>> SqlStore::start(const StoreOptions& options, Parts parts) {
  auto store = std::unique_ptr<SqlStore>(new SqlStore(options, std::move(parts)));
  MUSTER_CHECK(store->prepare());
  return store;
}

Status SqlStore::prepare() {
  MUSTER_TRY(session_, parts_.connections->writer());
  if (!parts_.schema_is_there) MUSTER_CHECK(migrate(*session_, options_.clock->now()));
  MUSTER_CHECK(parts_.connections->begin(*session_));
  Status known = catalog_.open(*session_, options_.sources);
  if (!known) {
    (void)parts_.connections->rollback(*session_);
    return known;
  }
  MUSTER_CHECK(parts_.connections->commit(*session_));

  GroupWriter::Options writing{.max_group = options_.max_group, .clock = options_.clock};
  if (parts_.one_session) writing.shared_session = &one_session_;
  if (parts_.checkpoints) {
    checkpointer_ = std::make_unique<Checkpointer>(std::move(parts_.checkpoints), session_);
    writing.between_groups = [this] { checkpointer_->between_groups(); };
  }
  writer_ =
      std::make_unique<GroupWriter>(*parts_.connections, catalog_, session_, std::move(writing));
  return {};
}

SqlStore::~SqlStore() {
  writer_.reset();
  checkpointer_.reset();
  pool_.close();
  session_.reset();
  parts_.connections.reset();
  if (parts_.at_end) parts_.at_end();
}

Result<ReadSession> SqlStore::read_session() {
  if (parts_.one_session) return ReadSession(session_, one_session_);
  return pool_.take();
}

Status SqlStore::read_once(const Look& look) {
  MUSTER_TRY(const auto view, snapshot());
  return look(*view);
}

// A connection of the pool may have been lost since it was used last; the next one is fresh.
Status SqlStore::read(const Look& look) {
  Status done = read_once(look);
  if (!done && lost_connection(done.error())) done = read_once(look);
  if (!done) return fail(without_internal_code(std::move(done).error()));
  return {};
}

Result<std::unique_ptr<Reader>> SqlStore::reader() {
  MUSTER_TRY(auto session, read_session());
  return std::unique_ptr<Reader>(std::make_unique<SqlReader>(std::move(session), catalog_));
}

Result<std::unique_ptr<View>> SqlStore::snapshot() {
  MUSTER_TRY(auto session, read_session());
  return Snapshot::begin(std::move(session), *parts_.connections, catalog_, options_.clock->now());
}

}  // namespace muster::store
