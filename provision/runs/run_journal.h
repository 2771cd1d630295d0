// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "provision/decision.h"
#include "provision/runs/finding_tally.h"
#include "provision/runs/sync_run.h"
#include "store/store.h"

namespace muster::provision {

// How a run ended, as far as its counts do not say it. The first that holds is the run's state, in
// this order; none: done, or done with errors when something is in quarantine or was a problem.
struct RunEnd {
  std::optional<Error> error = {};  // failed
  std::string stopped = {};         // cancelled: what of it stays done
  std::string incomplete = {};      // incomplete: what did not happen because of that
  bool held = false;
  bool with_errors = false;
  std::string remark = {};  // stands behind the reason, whatever the state
  // The one in force, which knows whose the findings are that stand in the end; nullptr: they are
  // not looked at.
  const mappings::Engine* engine = nullptr;
};

// What a run writes about itself: its row, its items and its line in the log. One thread; the
// store and the clock outlive it.
class RunJournal {
 public:
  // `row` says source, kind and actor. `only_news`: nothing is written until there is an item.
  RunJournal(store::Store& store, const Clock& clock, store::RunRow row, bool only_news = false);

  const store::RunRow& row() const { return row_; }
  // What is counted beside outcomes.
  store::RunCounts& counts() { return row_.counts; }

  // The run goes on from here. `also`, when given, runs in the same transaction, behind it.
  Status begin(const store::Store::Work& also = {});

  enum class Tally {
    delivered,  // records are counted as read when they come; all that happens to them is an item
    stored,     // each is counted as read here; one that waits as it did has no item
  };
  // In the transaction of what is reported: counts the outcomes, those aside that are held or
  // postponed, and writes their items behind `items`. Does so anew when the transaction is
  // repeated; what counts in the end is what was noted before keep().
  Status note(store::Transaction& tx, std::span<const Result<Outcome>> outcomes, Tally how,
              std::vector<store::RunItem> items = {});
  // The transaction that was noted last is in the store.
  void keep();
  // Where a transaction that will be noted is to say what it found of those who follow.
  std::vector<FindingChange>& follow_ups() { return follow_ups_; }
  // What the source says of items that it could not deliver whole; nothing is noted meanwhile.
  void found(std::span<const ItemProblem> problems);
  // Items in a transaction of their own.
  Status add(std::vector<store::RunItem> items);

  // What the guard holds: counted, and added to the items when it is written.
  Status hold(std::vector<store::RunItem> items);

  // Who answered, or the file and its hash.
  void came_from(std::string server) { row_.server = std::move(server); }

  // Adds a sentence to the run's reason.
  void say(std::string sentence);

  // Writes the end, unless only news are written and there are none. An error means that not even
  // that could be written.
  Result<RunReport> end(const RunEnd& end);

  // Whether something was written, or would have to be.
  bool is_news() const;

 private:
  void show_found(store::RunRow& row) const;

  store::Store& store_;
  const Clock& clock_;
  bool only_news_;
  bool news_ = false;
  store::RunRow row_ = {};
  FindingTally found_ = {};
  std::vector<FindingChange> follow_ups_ = {};
  // Of the transaction that was noted last.
  store::RunCounts noted_ = {};
  bool noted_news_ = false;
};

// The item of something that the guard holds. `message` says why, or where that stands.
store::RunItem held_item(const SourceKey& key, std::string where, std::string identity_id,
                         std::string message = "not applied: see the run's reason");

}  // namespace muster::provision
