// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "mappings/engine.h"
#include "mappings/record_mapper.h"
#include "provision/road/submission.h"
#include "store/store.h"

namespace muster::provision {

// The walk over stored records that were evaluated by other rules: the same for what is applied and
// for what is only looked at. One thread at a time; everything given must outlive it.
class Reevaluation {
 public:
  // Runs a piece of work in a transaction; Store::write, or a preview.
  using Transact = std::function<Status(const store::Store::Work&)>;
  // Called for each batch in its transaction, possibly again when that is repeated; outcomes of
  // held people are among them, each person once in a pass.
  using Also = std::function<Status(store::Transaction&, std::span<const Result<Outcome>>)>;

  Reevaluation(const mappings::Engine& engine, Timestamp run_time, SubmitContext context,
               Transact transact, Also also)
      : engine_(engine),
        mapper_(engine),
        run_time_(run_time),
        context_(std::move(context)),
        transact_(std::move(transact)),
        also_(std::move(also)) {}

  // One pass over all stale records, over people whom no source has any more, and then over those
  // that wait. `hold`: people who would become
  // inactive are left as they are and counted. `go_on` is asked between batches; false ends the
  // pass early.
  Status pass(bool hold, const std::function<bool()>& go_on);

  // The same over records in review and quarantine alone, again until nothing moves: one may have
  // stood in the way of another. What waits on is reported once. `only`: rows of the store
  // (RecordHead::row) with the ids of the records, when not all are meant.
  using Rows = std::map<std::int64_t, std::string>;
  Status retry(bool hold, const Rows& only, const std::function<bool()>& go_on);

  std::int64_t held() const { return static_cast<std::int64_t>(held_.size()); }

 private:
  struct Portion {
    std::int64_t last_row = 0;
    std::size_t rows = 0;
    std::vector<Result<Outcome>> outcomes = {};
  };

  enum class Which { linked, unlinked, waiting };

  Status walk(Which which, const SubmitContext& context, const std::function<bool()>& go_on);
  // People whom no source has any more: they have no record to walk over.
  Status walk_leavers(const SubmitContext& context, const std::function<bool()>& go_on);
  Result<Portion> portion(Which which, const SubmitContext& context, std::int64_t after, int size);
  Result<std::vector<store::RecordHead>> next(store::View& view, Which which, std::int64_t after,
                                              int size) const;
  void drop_reported(std::vector<Result<Outcome>>& outcomes) const;
  void note(const std::vector<Result<Outcome>>& outcomes);

  const mappings::Engine& engine_;
  mappings::RecordMapper mapper_;
  Timestamp run_time_;
  SubmitContext context_;
  Transact transact_;
  Also also_;
  std::unordered_set<std::string> held_ = {};      // identities
  std::unordered_set<std::int64_t> waiting_ = {};  // rows that were reported and wait
  Rows only_ = {};                                 // empty: all
  bool moved_ = false;
};

}  // namespace muster::provision
