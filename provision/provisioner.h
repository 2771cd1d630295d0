// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "mappings/engine.h"
#include "provision/decision.h"
#include "store/store.h"

namespace muster::provision {

struct ReviewAnswer;

// Members that come and go, for a source that tells changes rather than the whole list.
struct MemberChange {
  std::vector<Member> add = {};
  std::vector<std::string> remove = {};  // member keys
};

// One record on its way in.
struct Submission {
  enum class Kind { put, gone };

  Kind kind = Kind::put;
  // Whole, as told. An empty key.key mints one: the record's new id (SCIM create).
  SourceRecord record = {};
  std::optional<MemberChange> members = {};  // groups: beside or instead of record.members
  // Groups: only the members are told; the stored attributes stay, whatever record.attributes
  // holds.
  bool members_only = false;
  std::optional<std::int64_t> seen_version =
      {};  // the stored version must still be this one, else conflict "version"
};

struct SubmitContext {
  std::string actor = {};  // for the audit row
  std::string run = {};    // run id or empty
  // A record that fails validation: kept with state quarantined, or refused with Fault::invalid and
  // nothing stored.
  bool refuse_invalid = false;
  // `put` of a key that the store does not know (or knows as gone): not_found instead of a new
  // record.
  bool must_exist = false;
  // The records are those that are stored, evaluated again; nobody tells them now, so that an
  // absence goes on.
  bool stored = false;
  // Do not apply what would deactivate a person; the outcome says `held`.
  bool hold_deactivations = false;
  // Do not keep records aside that somebody else stands in the way of (a mail address that is
  // taken, another record of the source with a claim): what is to come in the same run may clear
  // it. The outcome says `held`.
  bool hold_clashes = false;
  // What somebody decided about the one record that is submitted, which waits in review; see
  // reviews.h.
  const ReviewAnswer* answer = nullptr;
  // Runs in the same transaction, after the changes: for rows that must stand or fall with them
  // (run items, cursor).
  std::function<Status(store::Transaction&, std::span<const Result<Outcome>>)> also = {};
};

// Decides and applies: the one road that every record takes, whatever the way in. Thread-safe.
// `store` must outlive it. The engine may be exchanged while running; a submission uses one engine
// from start to end.
class Provisioner {
 public:
  Provisioner(store::Store& store, std::shared_ptr<const mappings::Engine> engine,
              const Clock& clock = system_clock());

  void use(std::shared_ptr<const mappings::Engine> engine);
  std::shared_ptr<const mappings::Engine> engine() const;
  store::Store& store() const { return store_; }

  // Maps, correlates, settles and stores the records in their order, in one transaction; returns
  // after the commit is durable. A record that is refused (invalid, conflict, not_found) does not
  // hinder the others. An outer error means that nothing of the batch was stored.
  Result<std::vector<Result<Outcome>>> submit(std::vector<Submission> batch,
                                              const SubmitContext& context);

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
  std::atomic<std::shared_ptr<const mappings::Engine>> engine_;
};

}  // namespace muster::provision
