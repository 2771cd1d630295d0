// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "mappings/engine.h"
#include "provision/decision.h"
#include "provision/road/submission.h"
#include "store/store.h"

namespace muster::provision {

// Submissions with everything about them that needs no store, understood by one engine at one time.
class PreparedBatch {
 public:
  struct Contents;

  explicit PreparedBatch(std::unique_ptr<Contents> contents);
  PreparedBatch(PreparedBatch&&) noexcept;
  PreparedBatch& operator=(PreparedBatch&&) noexcept;
  ~PreparedBatch();

  std::size_t size() const;
  // Takes a submission back out; not one that was refused before it came to the store.
  Submission take(std::size_t place);

 private:
  friend class Provisioner;
  class Work;

  std::unique_ptr<Contents> contents_;
};

// Decides and applies: the one road that every record takes, whatever the way in. Thread-safe.
// `store` must outlive it. The engine may be exchanged while running; a submission uses one engine
// from start to end.
class Provisioner {
 public:
  Provisioner(store::Store& store, std::shared_ptr<const mappings::Engine> engine,
              const Clock& clock = system_clock());
  // The same road over another store, by the engine that `other` uses at each time.
  Provisioner(store::Store& store, const Provisioner& other);

  void use(std::shared_ptr<const mappings::Engine> engine);
  std::shared_ptr<const mappings::Engine> engine() const;
  store::Store& store() const { return store_; }

  // Maps, correlates, settles and stores the records in their order, in one transaction; returns
  // after the commit is durable. A record that is refused (invalid, conflict, not_found) does not
  // hinder the others. An outer error means that nothing of the batch was stored.
  Result<std::vector<Result<Outcome>>> submit(std::vector<Submission> batch,
                                              const SubmitContext& context);

  // The same in two steps, so that one batch can be mapped while another one is written. The batch
  // keeps its submissions, whatever becomes of them.
  PreparedBatch prepare(std::vector<Submission> batch) const;
  Result<std::vector<Result<Outcome>>> submit(PreparedBatch& batch, const SubmitContext& context);

  // As submit, for one.
  Result<Outcome> submit_one(Submission submission, const SubmitContext& context);

  // Which of these records are known, unchanged since their last evaluation and not missing: they
  // need no submission. The head of each known record is given either way.
  struct Known {
    std::optional<store::RecordHead> head = {};
    bool unchanged = false;
  };
  Result<std::vector<Known>> known(std::span<const SourceRecord> records) const;

 private:
  store::Store& store_;
  const Clock& clock_;
  using EngineInForce = std::atomic<std::shared_ptr<const mappings::Engine>>;
  std::shared_ptr<EngineInForce> engine_;
};

}  // namespace muster::provision
